"""A force that collects with the form asks at once; one that has no figure asks for nothing and loses nobody's day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contact.domain.access import Role
from contact.store import applications, models
from tests.support.cases import Cases
from tests.support.database import MigratedDatabase
from tests.support.licensing import apply


@pytest.fixture
def cases(database: MigratedDatabase) -> Iterator[Cases]:
    made = Cases(database)
    with made.system.begin() as session:
        session.add(
            models.LicensingSettings(force_id=made.north, collect_at="submission", two_person_above_pence=20_000)
        )
    yield made
    made.dispose()


@pytest.mark.parametrize(
    ("answers", "state", "payment", "pence"),
    [
        ({"licences": "shotgun", "shotgunKind": "renewal"}, "awaiting_payment", "due", 12_600),
        ({"licences": "firearm", "firearmKind": "grant"}, "awaiting_payment", "due", 19_800),
    ],
)
def test_the_fee_is_asked_for_with_the_form(
    cases: Cases, answers: dict[str, str], state: str, payment: str, pence: int
) -> None:
    applied = apply(cases, answers)
    with cases.acting(cases.agent(Role.LICENSING_OFFICER).actor) as session:
        application = applications.get(session, contact_id=applied.contact_id)
        assert (application.state, application.payment, application.fee_pence) == (state, payment, pence)


def test_without_a_figure_the_signed_application_stands_and_waits_for_nothing(cases: Cases) -> None:
    answers = {"certificateType": "shotgun", "certificateNumber": "SG 9"}
    applied = apply(cases, answers, form_id="firearms-replacement")
    with cases.acting(cases.agent(Role.LICENSING_OFFICER).actor) as session:
        application = applications.get(session, contact_id=applied.contact_id)
        assert (application.state, application.payment, application.fee_pence) == ("submitted", "not_due", None)


def test_a_force_that_collects_later_asks_for_nothing_yet(cases: Cases) -> None:
    applied = apply(cases, force=cases.south)
    with cases.acting(cases.agent(Role.LICENSING_OFFICER, force=cases.south).actor) as session:
        application = applications.get(session, contact_id=applied.contact_id)
        assert (application.state, application.payment, application.fee_pence) == ("submitted", "not_due", None)

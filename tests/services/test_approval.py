"""No road takes a signed declaration where the force has not approved applications online (practice 24)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

import pytest

from contact.domain.access import Actor, ActorKind
from contact.domain.errors import MoveNotAllowed
from contact.services import drafts, intake
from contact.store import applications, models
from contact.store.engine import act_as
from tests.support.answers import complete
from tests.support.cases import KEYS, NOW, Cases
from tests.support.database import MigratedDatabase


@pytest.fixture
def cases(database: MigratedDatabase) -> Iterator[Cases]:
    made = Cases(database)
    yield made
    made.dispose()


def _finished_draft(cases: Cases, form_id: str) -> UUID:
    with cases.web() as session:
        view = drafts.start(session, form_id=form_id, force_id=cases.north, language="en", now=NOW)
        draft = session.get(models.Draft, view.id)
        assert draft is not None
        draft.answers = complete(view.form, {}, now=NOW)
        session.commit()
        return view.id


def _send(cases: Cases, draft_id: UUID) -> UUID:
    with cases.web() as session:
        act_as(session, Actor(kind=ActorKind.CITIZEN, draft_id=draft_id))
        receipt = intake.submit(session, draft_id=draft_id, keys=KEYS, now=NOW, force_id=cases.north)
        session.commit()
        return receipt.contact_id


def test_a_prescribed_form_is_refused_by_the_service_itself(cases: Cases) -> None:
    draft_id = _finished_draft(cases, "firearms-certificate")
    with pytest.raises(MoveNotAllowed) as refused:
        _send(cases, draft_id)
    assert refused.value.state == "not_approved"


def test_once_approved_the_same_draft_is_an_application(cases: Cases) -> None:
    draft_id = _finished_draft(cases, "firearms-certificate")
    with cases.system.begin() as session:
        session.add(
            models.LicensingSettings(
                force_id=cases.north,
                approval_instrument="Firearms Rules 1998",
                approval_reference="A-1",
                approval_date=dt.date(2026, 1, 5),
                approved_by="A. Person",
                collect_at="decision",
                two_person_above_pence=20_000,
            )
        )
    contact_id = _send(cases, draft_id)
    with cases.acting(Actor(kind=ActorKind.CITIZEN, contact_id=contact_id)) as session:
        assert applications.get(session, contact_id=contact_id).state == "submitted"


def test_a_notice_needs_no_approval(cases: Cases) -> None:
    contact_id = _send(cases, _finished_draft(cases, "firearms-surrender"))
    with cases.acting(Actor(kind=ActorKind.CITIZEN, contact_id=contact_id)) as session:
        assert applications.get(session, contact_id=contact_id).kind == "surrender"

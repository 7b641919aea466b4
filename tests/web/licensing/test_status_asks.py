"""What the applicant has to do stands first on their page, and nothing says that there is nothing to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask

from contact.domain.licensing.application_states import OPEN_STATES, ApplicationState, PublicState
from contact.domain.licensing.kinds import Kind, Licence
from contact.services.keys import Keys
from contact.services.licensing.status import Status
from contact.store.applications import get
from contact.web.citizen.application_page import title
from tests.support.cases import Cases
from tests.support.clients import Clock, StrictClient
from tests.support.licensing import Applied, apply


@pytest.fixture
def applied(cases: Cases, clock: Clock, keys_of_app: Keys) -> Applied:
    """A renewal, just sent, with the application's own keys."""
    return apply(cases, now=clock.now, keys=keys_of_app)


@pytest.mark.parametrize("state", [each for each in ApplicationState if each in OPEN_STATES])
def test_who_has_to_pay_is_never_told_that_there_is_nothing_to_do(
    client: StrictClient, applied: Applied, cases: Cases, state: ApplicationState
) -> None:
    """A force may ask for the fee at any time: then that stands on top, whatever goes on behind."""
    with cases.system.begin() as session:
        row = get(session, contact_id=applied.contact_id)
        row.state, row.payment = state.value, "due"
    client.send("/progress", {"reference": applied.reference, "words": applied.words})
    page = client.get(f"/application/{applied.reference}").get_data(as_text=True)
    assert "You do not need to do anything now" not in page
    assert page.index("What you need to do") < page.index("Pay the fee") < page.index("You signed it on")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_kind_has_a_title_that_names_no_gun(app: Flask, language: str) -> None:
    """Each is the person's own matter, in both languages: an application, a renewal, or only something told."""
    told = Status(
        contact_id=UUID(int=0), force_id="northshire", kind=Kind.GRANT, licence=Licence.NONE,
        public=PublicState.RECEIVED, declared_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC), in_time=None, decided=None,
        pays_now=False, paid=False, paid_back=False, visit=None, called_off=None, open=True,
    )  # fmt: skip
    licences = (Licence.SHOTGUN, Licence.FIREARM, Licence.COTERMINOUS)
    pairs = [(kind, licence) for kind in (Kind.GRANT, Kind.RENEWAL) for licence in licences]
    pairs += [(kind, Licence.NONE) for kind in Kind if kind not in (Kind.GRANT, Kind.RENEWAL)]
    with app.test_request_context(f"/?lang={language}"):
        titles = [title(replace(told, kind=kind, licence=licence)) for kind, licence in pairs]
    assert len(set(titles)) == len(pairs)

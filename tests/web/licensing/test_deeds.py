"""Single deeds on the file: a fee paid another way, words to read out to a referee, a visit nobody was there for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from contact.domain.licensing.outsiders import RefereeState
from contact.services.licensing import visits
from contact.store import models
from contact.store.identifiers import new_id
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.licensing import Applied
from tests.web.licensing.conftest import Desk, address
from tests.web.licensing.test_application import state_of, to_checks


def fee(cases: Cases, applied: Applied) -> str:
    return str(cases.rows(models.Application, applied.contact_id)[0].payment)


def a_referee(cases: Cases, applied: Applied, clock: Clock, state: RefereeState) -> models.Referee:
    row = models.Referee(
        id=new_id(), contact_id=applied.contact_id, position=0, given_name="Nesta", surname="Okoye",
        email="nesta.okoye@mail.example", told={}, language="en", state=state.value, flags=[], link_number=1,
        asked_at=clock.now, expires_at=clock.now + dt.timedelta(days=60), code_number=1, code_at=clock.now,
        code_tries=3, created_at=clock.now,
    )  # fmt: skip
    with cases.system.begin() as session:
        session.add(row)
    return row


def test_a_fee_paid_another_way_is_held_as_owed_back_and_written_down(
    officer: Callable[..., Desk], applied: Applied, cases: Cases
) -> None:
    desk = officer()
    assert desk.send(applied, "fee/paid", how="") == 400
    assert fee(cases, applied) == "not_due"
    assert desk.send(applied, "fee/paid", how="cheque") == 303
    assert fee(cases, applied) == "owed_back"
    assert cases.event(applied.contact_id, "fee_paid_otherwise")["how"] == "cheque"
    page = desk.page(applied)
    assert "recorded that the fee was paid another way: cheque" in page
    assert "How the whole fee was paid" not in page
    assert desk.send(applied, "fee/paid", how="counter") == 409


def test_no_fee_is_taken_of_what_was_withdrawn(officer: Callable[..., Desk], applied: Applied, cases: Cases) -> None:
    desk = officer()
    assert desk.send(applied, "withdraw", words="It is withdrawn, and costs nothing.") == 303
    desk.client.send(f"{address(applied)}/open", {"justification": "appeal"}, page=address(applied))
    assert "How the whole fee was paid" not in desk.page(applied)
    assert desk.send(applied, "fee/paid", how="cheque") == 409
    assert fee(cases, applied) == "not_due"


def test_words_to_read_out_are_shown_once_and_written_down_without_them(
    officer: Callable[..., Desk], applied: Applied, cases: Cases, clock: Clock
) -> None:
    desk, row = officer(), a_referee(cases, applied, clock, RefereeState.ASKED)
    path = f"{address(applied)}/referees/{row.id}/words"
    shown = desk.client.send(path, {}, page=address(applied))
    assert shown.status_code == 200
    assert "Words to read out to Nesta Okoye, shown this once" in shown.get_data(as_text=True)
    assert "shown this once" not in desk.page(applied)
    assert cases.event(applied.contact_id, "referee_code_made") == {"referee_id": str(row.id)}
    stands = cases.rows(models.Referee, applied.contact_id)[0]
    assert (stands.code_number, stands.code_tries) == (2, 0)


@pytest.mark.parametrize("state", [RefereeState.HELD, RefereeState.ANSWERED, RefereeState.DECLINED])
def test_no_words_where_no_link_waits_for_them(
    officer: Callable[..., Desk], applied: Applied, cases: Cases, clock: Clock, state: RefereeState
) -> None:
    desk, row = officer(), a_referee(cases, applied, clock, state)
    assert desk.send(applied, f"referees/{row.id}/words") == 409
    assert "referee_code_made" not in cases.events(applied.contact_id)


def book(desk: Desk, applied: Applied, cases: Cases, clock: Clock) -> None:
    to_checks(desk, applied)
    day = (clock.now + dt.timedelta(days=3)).date().isoformat()
    assert desk.send(applied, "visit/offer", **{"day-1": day, "time-1": "10:00", "words": "Choose a time"}) == 303
    slot = visits.slots_of(cases.rows(models.Visit, applied.contact_id)[0])[0]
    with cases.acting(applied.applicant) as session:
        visits.choose(session, contact_id=applied.contact_id, starts_at=slot.starts_at, now=clock.now)


@pytest.mark.parametrize("words", ["", "We came and nobody was in. Please choose another time."])
def test_nobody_was_there_and_other_times_may_be_offered(
    officer: Callable[..., Desk], applied: Applied, cases: Cases, clock: Clock, words: str
) -> None:
    book(officer(), applied, cases, clock)
    clock.advance(dt.timedelta(days=3, hours=10))
    desk = officer()
    sent = len(cases.rows(models.Mail, applied.contact_id))
    assert "Nobody was there" in desk.page(applied)
    assert desk.send(applied, "visit/missed", words=words) == 303
    assert cases.rows(models.Visit, applied.contact_id)[0].state == "missed"
    assert state_of(cases, applied) == "checks"
    page = desk.page(applied)
    assert "visit, nobody was there" in page
    assert "Offer times" in page
    assert (len(cases.rows(models.Mail, applied.contact_id)) > sent) == bool(words)


def test_a_visit_to_come_cannot_have_been_missed(
    officer: Callable[..., Desk], applied: Applied, cases: Cases, clock: Clock
) -> None:
    desk = officer()
    book(desk, applied, cases, clock)
    assert "Nobody was there" not in desk.page(applied)
    assert desk.send(applied, "visit/missed", words="") == 409
    assert state_of(cases, applied) == "visit_booked"

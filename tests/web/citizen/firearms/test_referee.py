"""A referee's link: nothing shown before the code, answered once for licensing alone, and open to a later worry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa

from contact.domain.access import Role
from contact.domain.licensing.outsiders import RefereeFlag, RefereeState
from contact.services.keys import Keys
from contact.services.licensing import referees
from contact.services.licensing.outsider_keys import network_digest
from contact.services.licensing.referees import RefereeView
from contact.settings import Settings
from contact.store import models
from contact.store.referees import note_applicant_network
from forms.asked import load_asked
from tests.support.cases import Cases
from tests.support.clients import Clock, StrictClient
from tests.support.licensing import Applied, apply
from tests.web.citizen.firearms.conftest import REFEREES, Outside

ANSWERS = {
    "isThisPerson": "yes",
    "yearsKnown": "9",
    "howKnown": "We shoot clays on Sundays",
    "whoYouAre": ["none"],
    "livesInGreatBritain": "yes",
    "health": "no",
    "alcoholDrugs": "no",
    "violence": "not_sure",
    "views": "no",
    "details": "I once heard shouting",
    "safeWithGuns": "yes",
}


@pytest.fixture
def seen(cases: Cases) -> Callable[[Applied], list[RefereeView]]:
    """What a licensing officer of the force sees."""

    def look(applied: Applied) -> list[RefereeView]:
        officer = cases.agent(Role.LICENSING_OFFICER, force=applied.force_id)
        with cases.acting(officer.actor) as session:
            return referees.list_for_officer(session, contact_id=applied.contact_id)

    return look


def id_of(cases: Cases, applied: Applied, position: int = 0) -> UUID:
    """A referee's id."""
    rows = cases.rows(models.Referee, applied.contact_id)
    return next(UUID(str(row.id)) for row in rows if row.position == position)


def confirm(client: StrictClient, outside: Outside, applied: Applied) -> str:
    """Open the first referee's link and give the code; answers its path."""
    link = outside.ask(applied.contact_id)[0]
    client.send(link, {"go": "code"})
    answer = client.send(link, {"go": "check", "words": outside.code(id_of(outside.cases, applied))})
    assert answer.headers["Location"] == f"{link}/questions"
    return link


def read_out(cases: Cases, applied: Applied, keys: Keys, clock: Clock) -> str:
    """The words that an officer reads to the second referee, who gave no phone."""
    officer = cases.agent(Role.LICENSING_OFFICER, force=applied.force_id)
    second = id_of(cases, applied, 1)
    with cases.acting(officer.actor) as session:
        return referees.code_to_read_out(session, referee_id=second, actor=officer.actor, keys=keys, now=clock.now)


def test_the_link_alone_names_nobody_and_looking_sends_nothing(
    client: StrictClient, outside: Outside, applied: Applied
) -> None:
    link = outside.ask(applied.contact_id)[0]
    page = client.get(link).get_data(as_text=True)
    assert "Tregear" not in page
    assert "Okoye" not in page
    assert outside.texts == []
    assert client.get(f"{link}/questions").status_code == 403
    assert client.get(f"{link}/concern").status_code == 403


def test_the_mail_names_no_applicant_and_its_row_forgets_the_address(
    outside: Outside, applied: Applied, cases: Cases
) -> None:
    outside.ask(applied.contact_id)
    words = outside.mails[0].get_content() + str(outside.mails[0]["Subject"])
    assert "Tregear" not in words
    assert applied.reference not in words
    with cases.system() as session:
        query = sa.select(models.Mail.recipient).where(models.Mail.template == "referee_asked")
        kept = session.scalars(query.where(models.Mail.force_id == applied.force_id)).all()
    assert set(kept) == {""}


def test_asked_once_however_often_the_job_runs(outside: Outside, applied: Applied) -> None:
    assert len(outside.ask(applied.contact_id)) == 2
    assert len(outside.ask(applied.contact_id)) == 2


def test_from_code_to_answers_that_licensing_alone_reads(
    client: StrictClient, outside: Outside, applied: Applied, seen: Callable[[Applied], list[RefereeView]]
) -> None:
    link = confirm(client, outside, applied)
    assert outside.texts[0][0] == "+447700900521"
    page = client.get(f"{link}/questions").get_data(as_text=True)
    assert "Rowan Tregear named you" in page
    assert "cannot promise" in page
    answer = client.send(f"{link}/questions", {**ANSWERS, "go": "send"})
    assert "thanks" in answer.headers["Location"]
    (first, second) = seen(applied)
    assert first.state is RefereeState.ANSWERED
    assert second.state is RefereeState.ASKED
    assert ("Tell us more about what you answered", "I once heard shouting") in first.answers
    again = client.get(f"{link}/questions")
    assert again.headers["Location"] == f"{link}/concern"


def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    client: StrictClient, outside: Outside, applied: Applied
) -> None:
    link = confirm(client, outside, applied)
    answer = client.send(f"{link}/questions", {**ANSWERS, "health": "", "go": "send"})
    page = answer.get_data(as_text=True)
    assert "Choose whether anything about their health worries you" in page
    assert "We shoot clays on Sundays" in page


def test_each_question_that_was_left_out_is_named_by_its_own_error() -> None:
    asked = load_asked("firearms-referee").questions
    said = [question.errors["required"] for question in asked if "required" in question.errors]
    for language in ("en", "cy"):
        words = [text.in_(language) for text in said]
        assert len(words) >= 9
        assert len(set(words)) == len(words)


def test_no_is_an_answer(
    client: StrictClient, outside: Outside, applied: Applied, seen: Callable[[Applied], list[RefereeView]]
) -> None:
    link = confirm(client, outside, applied)
    client.send(f"{link}/questions", {"go": "decline"})
    assert seen(applied)[0].state is RefereeState.DECLINED
    assert seen(applied)[0].answers == ()


def test_a_later_worry_reaches_the_team(
    client: StrictClient,
    outside: Outside,
    applied: Applied,
    clock: Clock,
    seen: Callable[[Applied], list[RefereeView]],
    cases: Cases,
) -> None:
    link = confirm(client, outside, applied)
    client.send(f"{link}/questions", {**ANSWERS, "go": "send"})
    assert client.send(f"{link}/concern", {"body": " "}).status_code == 200
    answer = client.send(f"{link}/concern", {"body": "He says he will shoot his wife tonight"})
    assert "danger=1" in answer.headers["Location"]
    assert "999" in client.get(answer.headers["Location"]).get_data(as_text=True)
    assert [each.body for each in seen(applied)[0].concerns] == ["He says he will shoot his wife tonight"]
    assert cases.rows(models.Application, applied.contact_id)[0].unread


def test_danger_that_a_referee_writes_of_is_at_the_top_of_the_control_rooms_queue_in_their_name(
    client: StrictClient, outside: Outside, applied: Applied, cases: Cases
) -> None:
    link = confirm(client, outside, applied)
    client.send(f"{link}/questions", {**ANSWERS, "go": "send"})
    handler = cases.agent(Role.CALL_HANDLER, force=applied.force_id).actor

    def said() -> list[tuple[str, int, str, str | None, dict[str, str]]]:
        with cases.acting(handler) as session:
            rows = session.execute(
                sa.select(
                    models.Message.body,
                    models.QueueEntry.band,
                    models.QueueEntry.state,
                    models.Reporter.phone_e164,
                    models.Contact.safe_contact,
                )
                .join(models.QueueEntry, models.QueueEntry.contact_id == models.Message.contact_id)
                .join(models.Reporter, models.Reporter.contact_id == models.Message.contact_id)
                .join(models.Contact, models.Contact.id == models.Message.contact_id)
                .where(models.Message.body.contains(applied.reference))
            )
            return [tuple(row) for row in rows]

    assert said() == [], "calm answers open nothing"
    client.send(f"{link}/concern", {"body": "He has the gun out and is going to shoot his wife now"})
    [(body, band, state, phone, safe)] = said()
    assert "going to shoot his wife now" in body
    assert (band, state) == (0, "waiting")
    assert phone is None, "nothing leads to the applicant"
    assert safe == {"how": "none"}


def test_wrong_words_are_counted_and_end(
    client: StrictClient, outside: Outside, applied: Applied, cases: Cases
) -> None:
    link = outside.ask(applied.contact_id)[0]
    client.send(link, {"go": "code"})
    right = outside.code(id_of(cases, applied))
    for _ in range(5):
        page = client.send(link, {"go": "check", "words": "amber river plain seven"}).get_data(as_text=True)
        assert "not the words we sent" in page
    assert "Too many tries" in client.send(link, {"go": "check", "words": right}).get_data(as_text=True)
    client.send(link, {"go": "code"})
    answer = client.send(link, {"go": "check", "words": outside.code(id_of(cases, applied), 2)})
    assert answer.status_code == 303


def test_a_code_is_too_old_after_half_an_hour(
    client: StrictClient, outside: Outside, applied: Applied, clock: Clock, cases: Cases
) -> None:
    link = outside.ask(applied.contact_id)[0]
    client.send(link, {"go": "code"})
    right = outside.code(id_of(cases, applied))
    clock.advance(dt.timedelta(minutes=31))
    assert "not the words" in client.send(link, {"go": "check", "words": right}).get_data(as_text=True)


def test_a_link_that_never_was_or_is_too_old_is_told_the_same(
    client: StrictClient, outside: Outside, applied: Applied, clock: Clock
) -> None:
    link = outside.ask(applied.contact_id)[0]
    assert client.get("/firearms/referee/nothing").status_code == 410
    clock.advance(referees.LASTS + dt.timedelta(days=1))
    assert client.get(link).status_code == 410


def test_without_a_phone_an_officer_reads_the_words_out(
    client: StrictClient, outside: Outside, applied: Applied, cases: Cases, clock: Clock, settings: Settings
) -> None:
    link = outside.ask(applied.contact_id)[1]
    assert "An officer will get in touch and read out four words" in client.get(link).get_data(as_text=True)
    words = read_out(cases, applied, Keys.from_settings(settings), clock)
    assert client.send(link, {"go": "check", "words": words.replace("-", " ")}).status_code == 303


def test_one_browser_for_two_referees_and_the_applicants_network_are_flagged(
    client: StrictClient,
    outside: Outside,
    applied: Applied,
    cases: Cases,
    clock: Clock,
    settings: Settings,
    seen: Callable[[Applied], list[RefereeView]],
) -> None:
    keys = Keys.from_settings(settings)
    with cases.acting(applied.applicant) as session:
        note_applicant_network(session, digest=network_digest(keys, applied.contact_id, "127.0.0.1"))
    confirm(client, outside, applied)
    assert RefereeFlag.SAME_NETWORK in seen(applied)[0].flags
    assert RefereeFlag.SAME_DEVICE not in seen(applied)[0].flags
    words = read_out(cases, applied, keys, clock)
    client.send(outside.post()[1], {"go": "check", "words": words})
    assert RefereeFlag.SAME_DEVICE in seen(applied)[1].flags


def test_a_referee_at_the_applicants_own_address_is_held_until_a_person_looked(
    cases: Cases, clock: Clock, outside: Outside, seen: Callable[[Applied], list[RefereeView]], settings: Settings
) -> None:
    own = {**REFEREES[0], "email": "Rowan.Tregear@mail.example"}
    applied = apply(cases, {"referees": [own, REFEREES[1]]}, now=clock.now)
    assert len(outside.ask(applied.contact_id)) == 1
    (held, asked) = seen(applied)
    assert held.state is RefereeState.HELD
    assert RefereeFlag.APPLICANT_EMAIL in held.flags
    assert asked.state is RefereeState.ASKED
    officer = cases.agent(Role.LICENSING_OFFICER, force=applied.force_id)
    with cases.acting(officer.actor) as session:
        keys = Keys.from_settings(settings)
        referees.ask_again(session, referee_id=held.id, actor=officer.actor, keys=keys, now=clock.now)
        session.commit()
    assert len(outside.post()) == 2


def test_the_applicant_and_the_control_room_read_nothing(
    client: StrictClient, outside: Outside, applied: Applied, cases: Cases
) -> None:
    link = confirm(client, outside, applied)
    client.send(f"{link}/questions", {**ANSWERS, "go": "send"})
    handler = cases.agent(Role.CALL_HANDLER, force=applied.force_id)
    for actor in (applied.applicant, handler.actor):
        with cases.acting(actor) as session:
            assert referees.list_for_officer(session, contact_id=applied.contact_id) == []


@pytest.mark.parametrize("state", ["granted", "refused", "withdrawn"])
def test_once_it_is_decided_the_link_asks_nothing_more_and_a_worry_still_comes(
    client: StrictClient, cases: Cases, applied: Applied, outside: Outside, clock: Clock,
    seen: Callable[[Applied], list[RefereeView]], state: str,
) -> None:  # fmt: skip
    link = confirm(client, outside, applied)
    page = client.get(f"{link}/questions").get_data(as_text=True)
    assert "We no longer need" not in page
    with cases.system.begin() as session:
        session.query(models.Application).filter_by(contact_id=applied.contact_id).update({"state": state})
    asked = client.get(f"{link}/questions")
    assert asked.headers["Location"].endswith("/concern")
    client.send(f"{link}/questions", ANSWERS, page=f"{link}/concern")
    assert seen(applied)[0].answers == ()
    assert "We no longer need your answers" in client.get(f"{link}/concern").get_data(as_text=True)
    assert client.send(f"{link}/concern", {"body": "She sold one in a pub"}).status_code == 303
    assert [each.body for each in seen(applied)[0].concerns] == ["She sold one in a pub"]
    clock.advance(dt.timedelta(days=90))
    assert "We no longer need your answers" in client.get(link).get_data(as_text=True)
    assert "Tregear" not in client.get(link).get_data(as_text=True)

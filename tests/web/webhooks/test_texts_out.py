"""Texts on their way out: sent once, whatever fails, and moved forward only (scenarios 3, 4, 6)."""

from __future__ import annotations

import datetime as dt
import itertools
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from contact.domain.access import Actor, ActorKind, Role
from contact.gateways.failures import MayHaveHappened, OutsideFailure, Refused, TryLater
from contact.gateways.twilio import new_sid
from contact.jobs.registry import TryAgain
from contact.jobs.send_text import send_text
from contact.services import speaking
from contact.services import texting as service
from contact.store import audit, contacts, conversations, messages, models, text_numbers
from contact.store.engine import make_engine, make_sessions
from tests.support.emergencies import add_agent
from tests.support.texting import Texting

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
NIGHT = dt.datetime(2026, 11, 23, 22, 30, tzinfo=dt.UTC)


@pytest.fixture
def contact_id(texting: Texting, theirs: str) -> UUID:
    """Somebody texted at noon, and what was said to them has left."""
    texting.clock.now = NOON
    texting.text("my bike was nicked", theirs=theirs)
    texting.company.sent.clear()
    texting.company.status_urls.clear()
    return texting.only(theirs)


def write(texting: Texting, contact_id: UUID, body: str = "We found it.", *, urgent: bool = False) -> models.Text:
    """An agent's reply, not sent yet."""
    with texting.system.begin() as session:
        contacts.lock(session, contact_id=contact_id)
        message = messages.add(
            session, contact_id=contact_id, kind="outbound", channel="sms", body=body, now=texting.clock.now
        )
        service.send(
            session, contact_id=contact_id, message_id=message.id, body=body, urgent=urgent, now=texting.clock.now
        )
        found = session.query(models.Text).filter_by(message_id=message.id).order_by(models.Text.id)
        return found.all()[0]


def again(texting: Texting, text: models.Text) -> models.Text:
    """The text as it stands now."""
    with texting.system() as session:
        found = session.get(models.Text, text.id)
        assert found is not None
        return found


def query_of(texting: Texting) -> str:
    """What the last call told the company to add to its reports."""
    return "?" + urlsplit(texting.company.status_urls[-1]).query


def test_a_reply_leaves_once_and_its_message_follows_it(texting: Texting, contact_id: UUID) -> None:
    text = write(texting, contact_id)
    assert texting.delivery(text.message_id) == "queued"
    texting.work()
    send_text(str(text.id))  # every job may run twice
    (placed,) = texting.company.sent
    assert (again(texting, text).state, texting.delivery(text.message_id)) == ("sending", "sending")
    for status, shown in (("sent", "sent"), ("delivered", "delivered")):
        assert texting.status(placed.sid, status).status_code == 204
        assert texting.delivery(text.message_id) == shown
    with texting.system() as session:
        events = [each.name for each in audit.list_for_contact(session, contact_id=contact_id)]
    assert events[-4:] == ["text_written", "text_sent", "text_moved", "text_moved"]


@pytest.mark.parametrize("order", list(itertools.permutations(["queued", "sent", "delivered"])))
def test_scenario_3_reports_in_any_order_end_delivered(
    texting: Texting, contact_id: UUID, order: tuple[str, ...]
) -> None:
    text = write(texting, contact_id)
    texting.work()
    (placed,) = texting.company.sent
    for status in order:
        texting.status(placed.sid, status)
        texting.status(placed.sid, status)  # and each of them twice
    assert (again(texting, text).state, texting.delivery(text.message_id)) == ("delivered", "delivered")
    assert [outcome for _, outcome, _ in texting.inbox(placed.sid)].count(None) == 0


def test_scenario_3_a_report_before_our_call_has_returned_is_applied_then(texting: Texting, contact_id: UUID) -> None:
    """The company names a text that we do not know yet: by sid alone, the report waits for the call's answer."""
    text = write(texting, contact_id)
    texting.waiting()
    sid, own = new_sid("SM"), texting.company.send_text

    def early(**given: str) -> object:
        texting.status(sid, "delivered")
        return type(own(**given))(sid, "queued", given["to"], dt.datetime.now(dt.UTC), given["body"])

    texting.company.send_text = early  # type: ignore[method-assign,assignment]  # a company that is quick
    send_text(str(text.id))
    found = again(texting, text)
    assert (found.state, found.sid) == ("delivered", sid)
    assert [outcome for _, outcome, _ in texting.inbox(sid)] == ["applied"]


def test_scenario_4_a_text_accepted_without_an_answer_is_not_sent_twice(texting: Texting, contact_id: UUID) -> None:
    texting.company.failures, texting.company.accepts = [MayHaveHappened("twilio", "out-of-time")], True
    text = write(texting, contact_id)
    texting.work()
    assert len(texting.company.sent) == 1
    found = again(texting, text)
    assert (found.sid, found.may_be_duplicate) == (texting.company.sent[0].sid, False)


def test_scenario_4_what_is_not_found_there_is_sent_again_and_says_so(texting: Texting, contact_id: UUID) -> None:
    texting.company.failures = [MayHaveHappened("twilio", "out-of-time")]
    text = write(texting, contact_id)
    texting.work()
    assert len(texting.company.sent) == 1
    assert again(texting, text).may_be_duplicate


def test_scenario_4_while_the_company_cannot_be_asked_nothing_is_sent(texting: Texting, contact_id: UUID) -> None:
    text = write(texting, contact_id)
    texting.waiting()
    texting.company.failures, texting.company.accepts = [MayHaveHappened("twilio", "out-of-time")], True
    texting.company.look_failures = [TryLater("twilio", "not-reached"), MayHaveHappened("twilio", "out-of-time")]
    for _ in range(3):
        with pytest.raises(TryAgain):
            send_text(str(text.id))
    send_text(str(text.id))
    assert len(texting.company.sent) == 1
    assert not again(texting, text).may_be_duplicate


def test_scenario_4_a_worker_killed_in_the_middle_asks_first(texting: Texting, contact_id: UUID) -> None:
    class Killed(BaseException):
        """What a kill looks like from inside."""

    own = texting.company.send_text

    def accepted_then_killed(**given: str) -> object:
        own(**given)
        raise Killed

    text = write(texting, contact_id)
    texting.waiting()
    texting.company.send_text = accepted_then_killed  # type: ignore[method-assign,assignment]
    with pytest.raises(Killed):
        send_text(str(text.id))
    assert again(texting, text).state == "sending"
    texting.company.send_text = own  # type: ignore[method-assign]
    send_text(str(text.id))
    assert len(texting.company.sent) == 1
    assert again(texting, text).sid == texting.company.sent[0].sid


def test_scenario_4_the_report_itself_says_whose_it_is(texting: Texting, contact_id: UUID) -> None:
    text = write(texting, contact_id)
    texting.waiting()
    texting.company.failures, texting.company.accepts = [MayHaveHappened("twilio", "out-of-time")], True
    with pytest.raises(TryAgain):
        send_text(str(text.id))
    texting.status(texting.company.sent[0].sid, "delivered", query=query_of(texting))
    send_text(str(text.id))
    assert (len(texting.company.sent), texting.company.looked) == (1, 0)
    assert again(texting, text).state == "delivered"


def test_the_same_words_twice_are_two_texts(texting: Texting, contact_id: UUID) -> None:
    write(texting, contact_id, "OK")
    texting.work()
    second = write(texting, contact_id, "OK")
    texting.company.failures = [MayHaveHappened("twilio", "out-of-time")]  # this one was never accepted
    texting.work()
    assert len({each.sid for each in texting.company.sent}) == 2
    assert again(texting, second).sid == texting.company.sent[1].sid


@pytest.mark.parametrize("failure", [TryLater("twilio", "20429"), TryLater("twilio", "20500")])
def test_a_busy_company_is_asked_again_and_not_for_ever(
    texting: Texting, contact_id: UUID, failure: OutsideFailure
) -> None:
    texting.company.failures = [failure] * 2
    text = write(texting, contact_id)
    texting.work()
    assert (again(texting, text).attempts, len(texting.company.sent)) == (3, 1)
    texting.company.failures = [failure] * 50
    hopeless = write(texting, contact_id)
    texting.work()
    assert (again(texting, hopeless).state, texting.delivery(hopeless.message_id)) == ("failed", "failed")
    assert 50 - len(texting.company.failures) == 6


@pytest.mark.parametrize("code", ["21610", "21211", "30004", "20003"])
def test_scenario_6_a_refusal_is_final_and_seen_in_the_thread(texting: Texting, contact_id: UUID, code: str) -> None:
    texting.company.failures = [Refused("twilio", code)]
    text = write(texting, contact_id)
    texting.work()
    found = again(texting, text)
    assert (found.state, found.error_code, found.attempts) == ("failed", code, 1)
    assert texting.delivery(text.message_id) == "failed"
    with texting.system() as session:
        assert service.is_opted_out(session, contact_id=contact_id) == (code == "21610")


@pytest.mark.parametrize(
    ("code", "tries"), [("30003", 3), ("30008", 2), ("30004", 1), ("30005", 1), ("30006", 1), ("30007", 1), ("", 1)]
)
def test_what_a_network_did_not_deliver_is_tried_as_often_as_that_can_help(
    texting: Texting, contact_id: UUID, code: str, tries: int
) -> None:
    text = write(texting, contact_id)
    for _ in range(5):
        texting.work()
        texting.clock.advance(dt.timedelta(minutes=20))
        if again(texting, text).state == "sending":
            sid = texting.company.sent[-1].sid
            texting.status(sid, "undelivered", query=query_of(texting), ErrorCode=code, work=False)
            texting.status(sid, "sent", query=query_of(texting))  # out of order
    assert len(texting.company.sent) == tries
    assert (again(texting, text).state, texting.delivery(text.message_id)) == ("failed", "failed")


@pytest.mark.parametrize(("code", "alarms"), [("30007", ["texts_filtered"]), ("30004", [])])
def test_a_network_that_takes_us_for_spam_raises_an_alarm(
    texting: Texting, contact_id: UUID, code: str, alarms: list[str]
) -> None:
    for _ in range(2):  # the second adds none to the one that stands
        write(texting, contact_id)
        texting.work()
        texting.status(texting.company.sent[-1].sid, "undelivered", query=query_of(texting), ErrorCode=code)
    with texting.system() as session:
        raised = session.query(models.Alarm).filter_by(force_id=texting.force_id)
        assert [each.kind for each in raised] == alarms


def test_a_notice_waits_for_the_morning_and_an_answer_does_not(texting: Texting, contact_id: UUID, theirs: str) -> None:
    texting.clock.now = NIGHT
    late = write(texting, contact_id)
    assert late.not_before == dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
    texting.work()
    assert texting.company.sent == []
    assert write(texting, contact_id, urgent=True).not_before is None
    texting.text("are you there?", theirs=theirs)
    assert write(texting, contact_id).not_before is None
    texting.clock.now = dt.datetime(2026, 11, 24, 8, 0, 1, tzinfo=dt.UTC)
    texting.company.sent.clear()
    texting.work()
    assert "We found it." in str([each.body for each in texting.company.sent])
    assert again(texting, late).state == "sending"


@pytest.mark.parametrize("safe", [{"how": "none"}, {"how": "email", "value": "ann@example.org"}, {"how": "post"}])
def test_nothing_leaves_where_another_way_was_chosen(texting: Texting, contact_id: UUID, safe: dict[str, str]) -> None:
    """Practice 13: also where it was chosen after the text was written."""
    text = write(texting, contact_id)
    with texting.system.begin() as session:
        found = session.get(models.Contact, contact_id)
        assert found is not None
        found.safe_contact = safe
    texting.work()
    later = write(texting, contact_id, urgent=True)
    assert texting.company.sent == []
    assert [(again(texting, each).state, again(texting, each).error_code) for each in (text, later)] == [
        ("suppressed", "not-safe")
    ] * 2
    assert texting.delivery(text.message_id) == "failed"


def test_nothing_leaves_once_they_said_that_no_way_is_safe(texting: Texting, contact_id: UUID) -> None:
    """Until somebody has asked them anew and taken the flag away by a decision (practice 13)."""
    with texting.system.begin() as session:
        found = session.get(models.Contact, contact_id)
        assert found is not None
        found.flags = ["no_safe_contact"]
    text = write(texting, contact_id, urgent=True)
    texting.work()
    assert texting.company.sent == []
    assert (again(texting, text).state, again(texting, text).error_code) == ("suppressed", "not-safe")


def test_a_number_that_was_called_safe_is_used(texting: Texting, contact_id: UUID) -> None:
    with texting.system.begin() as session:
        found = session.get(models.Contact, contact_id)
        assert found is not None
        found.safe_contact = {"how": "text", "value": "07700 900 999"}
    write(texting, contact_id)
    texting.work()
    assert [each.to for each in texting.company.sent] == ["+447700900999"]


def test_what_was_written_for_an_old_number_goes_to_the_one_that_is_safe_now(
    texting: Texting, contact_id: UUID
) -> None:
    """Practice 13: the other may be in somebody else's hands by now."""
    text = write(texting, contact_id)
    with texting.system.begin() as session:
        found = session.get(models.Contact, contact_id)
        assert found is not None
        found.safe_contact = {"how": "text", "value": "07700 900 998"}
    texting.work()
    assert [each.to for each in texting.company.sent] == ["+447700900998"]
    assert again(texting, text).recipient == "+447700900998"


def test_what_may_have_left_for_an_old_number_is_not_sent_to_another(texting: Texting, contact_id: UUID) -> None:
    text = write(texting, contact_id)
    with texting.system.begin() as session:
        row = session.get(models.Text, text.id)
        found = session.get(models.Contact, contact_id)
        assert row is not None
        assert found is not None
        row.in_flight, row.tried_at, row.attempts = True, texting.clock.now, 1
        found.safe_contact = {"how": "text", "value": "07700 900 998"}
    texting.work()
    assert texting.company.sent == []
    assert (again(texting, text).state, again(texting, text).error_code) == ("suppressed", "not-safe")


def test_a_messaging_service_sends_where_a_force_has_one(texting: Texting, contact_id: UUID) -> None:
    service_sid = "MG" + "1" * 32
    with texting.system.begin() as session:
        text_numbers.set_number(
            session, number=texting.ours, force_id=texting.force_id, messaging_service_sid=service_sid
        )
    write(texting, contact_id)
    texting.work()
    assert texting.company.senders[-1] == (texting.ours, service_sid)


def test_more_than_one_text_can_carry_leaves_in_pieces(texting: Texting, contact_id: UUID) -> None:
    text = write(texting, contact_id, "word " * 700)
    texting.work()
    assert [len(each.body or "") <= 1600 for each in texting.company.sent] == [True] * 3
    for placed in texting.company.sent[:2]:
        texting.status(placed.sid, "delivered")
    assert texting.delivery(text.message_id) == "sending"
    texting.status(texting.company.sent[2].sid, "delivered")
    assert texting.delivery(text.message_id) == "delivered"


def test_what_an_agent_typed_is_counted_as_it_leaves(texting: Texting, contact_id: UUID) -> None:
    with texting.system() as session:
        assert service.measured(session, contact_id=contact_id, body="a" * 138).parts == 1
        assert service.measured(session, contact_id=contact_id, body="a" * 139).parts == 2
        assert service.measured(session, contact_id=contact_id, body="Mae'r tŷ").alphabet == "ucs-2"
        assert service.measured(session, contact_id=contact_id, body="“It’s”").alphabet == "gsm-7"


def test_an_agent_writes_texts_of_their_force_and_sees_no_others(texting: Texting, contact_id: UUID) -> None:
    with texting.system.begin() as session:
        agent_id = add_agent(session, force_id=texting.force_id, until=texting.clock.now + dt.timedelta(hours=1))
    engine = make_engine(texting.database.web_url, pool_size=1)
    web = make_sessions(engine)
    for force_id, sees in ((texting.force_id, True), ("another", False)):
        actor = Actor(ActorKind.AGENT, agent_id=agent_id, force_roles={force_id: frozenset({Role.CALL_HANDLER})})
        with web(info={"actor": actor}) as session:
            assert bool(service.list_texts(session, contact_id=contact_id)) is sees
            if sees:
                service.send(
                    session, contact_id=contact_id, message_id=None, body="Hello", urgent=False, now=texting.clock.now
                )
                session.commit()
    with web(info={"actor": Actor(kind=ActorKind.CITIZEN, contact_id=contact_id)}) as session:
        assert list(service.list_texts(session, contact_id=contact_id)) == []
    engine.dispose()
    assert texting.work() >= 1
    assert texting.company.sent[-1].body == "DEMO, not the police. Hello"


def test_a_text_erased_with_its_contact_is_no_error(texting: Texting) -> None:
    send_text(str(UUID(int=5)))


def test_a_report_about_no_text_of_ours_waits_and_harms_nobody(texting: Texting) -> None:
    sid = new_sid("SM")
    assert texting.status(sid, "delivered").status_code == 204
    assert texting.status(sid, "levitating", query="?text=none&attempt=x").status_code == 204
    assert [outcome for _, outcome, _ in texting.inbox(sid)] == [None, None]
    assert texting.post("/webhooks/twilio/status", {"MessageSid": sid}, token="another").status_code == 403


def asked_by_the_bot(texting: Texting, contact_id: UUID) -> models.Text:
    """A question of the assistant's that has not left."""
    with texting.system.begin() as session:
        contact = contacts.lock(session, contact_id=contact_id)
        talk = conversations.find(session, contact_id=contact_id, lock=True)
        assert talk is not None
        speaking.speak(session, contact=contact, conversation=talk, body="When was it?", now=texting.clock.now)
    return texting.texts(contact_id)[-1]


@pytest.mark.parametrize(("minutes", "taken_over", "leaves"), [(10, False, True), (31, False, False), (1, True, False)])
def test_what_the_assistant_said_does_not_leave_too_late(
    texting: Texting, contact_id: UUID, minutes: int, taken_over: bool, leaves: bool
) -> None:
    """Scenario 12, practice 4: while the company was away somebody took over, or half an hour went by."""
    text = asked_by_the_bot(texting, contact_id)
    texting.clock.advance(dt.timedelta(minutes=minutes))
    if taken_over:
        with texting.system.begin() as session:
            talk = conversations.find(session, contact_id=contact_id, lock=True)
            assert talk is not None
            talk.handed_over_why, talk.handed_over_at = "taken_over", texting.clock.now
    texting.work()
    assert len(texting.company.sent) == leaves
    if not leaves:
        assert (again(texting, text).state, again(texting, text).error_code) == ("suppressed", "too-late")

"""Texts from whoever has the phone, from machines and forgers: nothing reaches whom it must not (practice 4, 13)."""

from __future__ import annotations

import datetime as dt

import pytest

from contact.domain.bot_turn import HandOver
from contact.domain.fixed_texts import FixedText, fixed_text
from contact.gateways.twilio import new_sid
from contact.services import bot_turns
from contact.services import texting as service
from contact.store import chats, conversations, heartbeats, links, messages, models
from tests.support.texting import Texting

BICYCLE = "my bike was nicked from outside tesco last night"
DANGER = "he has a knife and he is in the house"


def with_bot(texting: Texting, theirs: str) -> conversations.Conversation:
    """A conversation by text that the bot has answered."""
    with texting.system.begin() as session:
        heartbeats.beat(session, process="chatbot", kind="chatbot", now=texting.clock.now)
    texting.text(BICYCLE, theirs=theirs)
    with texting.system.begin() as session:
        session.query(models.Heartbeat).filter_by(kind="chatbot").delete()  # for other tests it is not there
        talk = conversations.find(session, contact_id=texting.only(theirs), lock=True)
        assert talk is not None
        assert talk.bot
        talk.answered_position = 1
    return talk


def state(texting: Texting, theirs: str) -> tuple[str, str | None]:
    (contact,) = texting.contacts(theirs)
    with texting.system() as session:
        talk = conversations.find(session, contact_id=contact.id)
        assert talk is not None
        return contact.state, talk.handed_over_why


@pytest.mark.parametrize("sender", ["AMAZON", "Police", "447700900123", "0", "+", "whatsapp:+447700900123", "x" * 300])
def test_a_sender_that_is_no_number_is_kept_and_never_texted(texting: Texting, sender: str) -> None:
    assert texting.text(DANGER, theirs=sender).status_code == 200
    (contact,) = texting.contacts(sender)
    assert texting.said(contact.id, "inbound") == [DANGER]
    assert texting.company.sent == []


def test_after_half_an_hour_of_silence_a_person_goes_on_and_nothing_is_said(texting: Texting, theirs: str) -> None:
    talk = with_bot(texting, theirs)
    sent = len(texting.company.sent)
    texting.clock.advance(dt.timedelta(minutes=31))
    texting.text("hi", theirs=theirs)
    assert state(texting, theirs) == ("waiting", HandOver.SILENCE.value)
    assert len(texting.company.sent) == sent
    with texting.system.begin() as session:
        assert bot_turns.begin(session, contact_id=talk.contact_id, now=texting.clock.now) is None


def test_stop_is_no_message_that_the_bot_owes_an_answer(texting: Texting, theirs: str) -> None:
    with_bot(texting, theirs)
    texting.text("STOP", theirs=theirs)
    texting.clock.advance(dt.timedelta(seconds=30))
    with texting.system.begin() as session:
        bot_turns.hand_over_overdue(session, now=texting.clock.now, limit=1000)
    assert state(texting, theirs) == ("with_bot", None)
    texting.text("it is red", theirs=theirs)
    with texting.system.begin() as session:
        turn = bot_turns.begin(session, contact_id=texting.only(theirs), now=texting.clock.now)
    assert turn is not None
    assert turn.text == "it is red"


def test_whoever_texts_into_a_sensitive_report_made_online_learns_nothing_of_it(texting: Texting, theirs: str) -> None:
    texting.text(BICYCLE, theirs=theirs)
    contact_id = texting.only(theirs)
    with texting.system.begin() as session:
        contact = session.get(models.Contact, contact_id)
        assert contact is not None
        contact.channel, contact.sensitive, contact.safe_contact = "web", True, {"how": "online"}
        talk = conversations.find(session, contact_id=contact_id, lock=True)
        assert talk is not None
        session.delete(talk)
    sent = len(texting.company.sent)
    texting.text("what did she tell you about me", theirs=theirs)
    with texting.system.begin() as session:
        said = service.send(
            session, contact_id=contact_id, message_id=None, body="He has been told.", urgent=True,
            now=texting.clock.now,
        )  # fmt: skip
    texting.work()
    assert (said, len(texting.company.sent)) == ("suppressed", sent)
    texting.text(DANGER, theirs=theirs)
    assert [each.body for each in texting.company.sent[sent:]] == [fixed_text(FixedText.SMS_999_DEMO)]


@pytest.mark.parametrize(("later", "given"), [(10, True), (31, False)])
def test_whoever_finds_the_phone_later_gets_no_link_to_what_was_said(
    texting: Texting, theirs: str, later: int, given: bool
) -> None:
    texting.text(BICYCLE, theirs=theirs)
    texting.clock.advance(dt.timedelta(minutes=later))
    texting.text("WEB", theirs=theirs)
    assert any("/t/" in (each.body or "") for each in texting.company.sent) is given
    assert texting.said(texting.only(theirs), "inbound") == [BICYCLE, "WEB"]


def test_what_was_read_in_a_browser_stays_read_whatever_the_company_reports(texting: Texting, theirs: str) -> None:
    texting.text(BICYCLE, theirs=theirs)
    contact_id = texting.only(theirs)
    with texting.system.begin() as session:
        line = messages.add(
            session, contact_id=contact_id, kind="outbound", channel="sms", body="We found it", now=texting.clock.now
        )
        service.send(
            session, contact_id=contact_id, message_id=line.id, body=line.body, urgent=True, now=texting.clock.now
        )
        message_id = line.id
    texting.work()
    with texting.system.begin() as session:
        chats.mark_reached(session, contact_id=contact_id, up_to=99, read=True, now=texting.clock.now)
    sid = texting.texts(contact_id)[-1].sid
    assert sid is not None
    for status in ("delivered", "sent", "undelivered"):
        texting.status(sid, status)
        assert texting.delivery(message_id) == "read"


@pytest.mark.parametrize("tail", ["NumMedia0", "0", " ", "\n"])
def test_fields_run_together_under_the_same_signature_are_refused(texting: Texting, theirs: str, tail: str) -> None:
    sid = new_sid("SM")
    answer = texting.post("/webhooks/twilio/sms", texting.fields(BICYCLE, theirs=theirs) | {"MessageSid": sid + tail})
    assert answer.status_code == 403
    assert texting.inbox(sid) == []


def test_what_a_phones_owner_texts_is_not_read_by_who_typed_its_number(texting: Texting, theirs: str) -> None:
    """A number in a form is a claim: their text begins a contact of its own, and people see that the two are linked."""
    texting.text(BICYCLE, theirs=theirs)
    claimed = texting.only(theirs)
    with texting.system.begin() as session:
        contact = session.get(models.Contact, claimed)
        assert contact is not None
        contact.channel = "web"
        session.query(models.Message).filter_by(contact_id=claimed).update({"channel": "web"})
        session.query(models.Conversation).filter_by(contact_id=claimed).delete()
    texting.text("he hits me every night", theirs=theirs)
    assert "he hits me every night" not in texting.said(claimed)
    (own,) = {each.id for each in texting.contacts(theirs)} - {claimed}
    assert texting.said(own, "inbound") == ["he hits me every night"]
    with texting.system() as session:
        assert [each.by for each in links.list_linked(session, contact_id=own)] == ["telephone"]
    texting.text("please hurry", theirs=theirs)
    assert texting.said(own, "inbound")[-1] == "please hurry"


@pytest.mark.parametrize("how", ["telephone", "counter"])
def test_whoever_rang_and_then_texts_goes_on_in_the_same_contact(texting: Texting, theirs: str, how: str) -> None:
    texting.text(BICYCLE, theirs=theirs)
    contact_id = texting.only(theirs)
    with texting.system.begin() as session:
        contact = session.get(models.Contact, contact_id)
        assert contact is not None
        contact.channel = how
        session.query(models.Message).filter_by(contact_id=contact_id).update({"channel": "web"})
    texting.text("it is red", theirs=theirs)
    assert texting.said(texting.only(theirs), "inbound") == [BICYCLE, "it is red"]


def test_danger_in_what_was_closed_and_is_opened_again_is_answered_again(texting: Texting, theirs: str) -> None:
    """The words for danger were sent weeks ago: now there is danger again."""
    texting.text(DANGER, theirs=theirs)
    with texting.system.begin() as session:
        contact = session.get(models.Contact, texting.only(theirs))
        assert contact is not None
        contact.state, contact.closed_at, contact.closed_reason = "closed", texting.clock.now, "resolved"
        for entry in session.query(models.QueueEntry).filter_by(contact_id=contact.id):
            entry.state = "closed"
    texting.clock.advance(dt.timedelta(days=20))
    texting.company.sent.clear()
    texting.text("he is back and he has a knife", theirs=theirs)
    texting.text("help me he is at the door with the knife", theirs=theirs)
    assert [each.body for each in texting.company.sent] == [fixed_text(FixedText.SMS_999_DEMO)]


@pytest.mark.parametrize("word", ["START", "start", "Unstop."])
def test_start_from_somebody_who_never_said_stop_is_a_message(texting: Texting, theirs: str, word: str) -> None:
    """Nothing that people send is dropped: whoever begins with that word is answered too."""
    texting.text(word, theirs=theirs)
    assert texting.said(texting.only(theirs), "inbound") == [word]
    texting.text(word, theirs=theirs)
    assert texting.said(texting.only(theirs), "inbound") == [word, word]


def test_a_text_about_somebody_of_the_police_is_restricted_at_once(texting: Texting, theirs: str) -> None:
    """Practice 8: before it enters any queue; and what is said later is joined to it."""
    texting.text("my husband is a police officer and he hits me every week", theirs=theirs)
    texting.text("please dont ring me", theirs=theirs)
    (contact,) = texting.contacts(theirs)
    assert contact.restricted
    assert texting.said(contact.id, "inbound")[-1] == "please dont ring me"

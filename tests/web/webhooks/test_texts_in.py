"""Texts that come in: kept once, joined to their contact, answered where it is safe (scenarios 1, 2, 5, 6)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from contact.domain.fixed_texts import FixedText, fixed_text
from contact.domain.sms_text import measure
from contact.gateways.twilio import new_sid, sign_as_twilio
from contact.services import texting as service
from contact.store import models
from tests.support.emergencies import add_force
from tests.support.texting import Texting, new_number

BICYCLE = "my bike was nicked from outside tesco last night"
DANGER = "he has a knife and he is in the house"


def close(texting: Texting, theirs: str, *, ago: dt.timedelta) -> None:
    """A person has closed the contact of this number."""
    with texting.system.begin() as session:
        contact = session.get(models.Contact, texting.only(theirs))
        assert contact is not None
        contact.state, contact.closed_at, contact.closed_reason = "closed", texting.clock.now - ago, "resolved"
        for entry in session.query(models.QueueEntry).filter_by(contact_id=contact.id):
            entry.state = "closed"


def test_a_first_text_becomes_a_contact_and_the_webhook_says_nothing(texting: Texting, theirs: str) -> None:
    answer = texting.text(BICYCLE, theirs=theirs, sid="SM" + "a" * 32)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert "<Response></Response>" in answer.get_data(as_text=True)
    (contact,) = texting.contacts(theirs)
    assert (contact.channel, contact.force_id, contact.state) == ("sms", texting.force_id, "waiting")
    assert texting.said(contact.id, "inbound") == [BICYCLE]
    ((_, outcome, body),) = texting.inbox("SM" + "a" * 32)
    assert (outcome, body) == ("stored", {})  # a person's words and number stand with their contact alone


def test_the_answer_to_a_text_leaves_by_text_and_says_that_it_is_a_demonstration(texting: Texting, theirs: str) -> None:
    texting.text(BICYCLE, theirs=theirs)
    (text,) = texting.texts(texting.only(theirs))
    (placed,) = texting.company.sent
    assert (text.state, text.sid, placed.to) == ("sending", placed.sid, theirs)
    assert placed.body is not None
    assert placed.body.startswith("DEMO, not the police. ")
    assert texting.company.senders == [(texting.ours, None)]


def test_scenario_1_the_same_text_delivered_ten_times_at_once_is_one_message(texting: Texting, theirs: str) -> None:
    fields = texting.fields(BICYCLE, theirs=theirs)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: texting.post("/webhooks/twilio/sms", fields).status_code, range(10)))
    assert answers == [200] * 10
    assert len(texting.waiting()) == 1
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: texting.run("take_text_in", {"event_id": fields["MessageSid"]}), range(4)))
    texting.work()
    contact_id = texting.only(theirs)
    assert texting.said(contact_id, "inbound") == [BICYCLE]
    assert len(texting.company.sent) <= 1


def test_scenario_2_two_texts_at_once_on_two_workers_are_one_contact_in_order(texting: Texting, theirs: str) -> None:
    first, second = texting.fields("first", theirs=theirs), texting.fields("second", theirs=theirs)
    for fields in (first, second):
        texting.post("/webhooks/twilio/sms", fields)
        texting.clock.advance(dt.timedelta(milliseconds=1))
    texting.waiting()
    with ThreadPoolExecutor(2) as pool:
        events = [{"event_id": each["MessageSid"]} for each in (second, first)]
        list(pool.map(lambda event: texting.run("take_text_in", event), events))
    assert texting.said(texting.only(theirs), "inbound") == ["first", "second"]


def test_fifty_texts_in_a_second_are_all_kept_in_one_contact(texting: Texting, theirs: str) -> None:
    bodies = [f"text {number}" for number in range(50)]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda body: texting.text(body, theirs=theirs, work=False).status_code, bodies))
    assert answers == [200] * 50
    due = texting.waiting()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda job: texting.run(*job), due))
    assert sorted(texting.said(texting.only(theirs), "inbound")) == sorted(bodies)


def test_scenario_5_without_a_genuine_signature_nothing_is_stored(texting: Texting, theirs: str) -> None:
    path, fields = "/webhooks/twilio/sms", texting.fields(BICYCLE, theirs=theirs)
    genuine = sign_as_twilio(
        auth_token=texting.settings.twilio_auth_token,
        address=texting.settings.public_url + path,
        fields={name: [value] for name, value in fields.items()},
    )
    forged_host = sign_as_twilio(
        auth_token=texting.settings.twilio_auth_token,
        address="https://forged.example" + path,
        fields={name: [value] for name, value in fields.items()},
    )
    client, public_host = texting.client(), urlsplit(texting.settings.public_url).netloc
    mark = {"X-Twilio-Signature": genuine}
    assert client.post(path, data=fields).status_code == 403
    assert texting.post(path, fields, token="another").status_code == 403
    assert client.post(path, data={**fields, "Body": "changed"}, headers=mark).status_code == 403
    assert client.post(path, data={**fields, "More": "than was signed"}, headers=mark).status_code == 403
    assert client.post(path + "?x=1", data=fields, headers=mark).status_code == 403
    claimed = {"X-Forwarded-Host": "forged.example", "Host": "forged.example", "X-Twilio-Signature": forged_host}
    assert client.post(path, data=fields, headers=claimed).status_code == 403
    assert texting.inbox(fields["MessageSid"]) == []
    assert texting.waiting() == []
    forged = {"X-Forwarded-Host": "forged.example", **mark}  # genuinely signed, and yet sent somewhere else
    assert client.post(path, data=fields, headers=forged).status_code == 403
    both = {"X-Forwarded-Host": f"{public_host}, forged.example", **mark}
    assert client.post(path, data=fields, headers=both).status_code == 403
    assert texting.inbox(fields["MessageSid"]) == []
    assert texting.waiting() == []
    # A proxy that ends TLS: its own name for us in Host, plain HTTP, and the public name in X-Forwarded-Host.
    behind = {"Host": "10.0.0.7:8000", "X-Forwarded-Host": public_host, "X-Forwarded-Proto": "https", **mark}
    assert client.post(path, data=fields, headers=behind).status_code == 200
    assert len(texting.inbox(fields["MessageSid"])) == 1


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("x" * 1600, "x" * 1600),
        ("help \U0001f62d\U0001f52a ŵŷ", "help \U0001f62d\U0001f52a ŵŷ"),
        ("a\x00b\x07c", "abc"),
        ("\u202etxet desrever", "\u202etxet desrever"),
        ("\u200b \n", "(A file without words.)"),
    ],
)
def test_whatever_is_texted_is_kept(texting: Texting, theirs: str, body: str, kept: str) -> None:
    assert texting.text(body, theirs=theirs).status_code == 200
    assert texting.said(texting.only(theirs), "inbound") == [kept]


def test_a_known_number_joins_its_open_contact_and_one_closed_lately_reopens(texting: Texting, theirs: str) -> None:
    texting.text(BICYCLE, theirs=theirs)
    texting.text("it was blue", theirs=theirs)
    contact_id = texting.only(theirs)
    assert texting.said(contact_id, "inbound") == [BICYCLE, "it was blue"]
    close(texting, theirs, ago=dt.timedelta(days=27))
    texting.text("any news?", theirs=theirs)
    (contact,) = texting.contacts(theirs)
    assert contact.state == "waiting"
    close(texting, theirs, ago=dt.timedelta(days=29))
    texting.text("something else", theirs=theirs)
    first, second = sorted(texting.contacts(theirs), key=lambda each: each.id)
    assert (first.id, first.follows_id) == (contact_id, None)
    assert second.follows_id == first.id, "engineering 28: it starts a linked new contact"
    assert texting.said(second.id, "inbound") == ["something else"]


def test_numbers_and_forces_are_kept_apart(texting: Texting, theirs: str) -> None:
    texting.text(BICYCLE, theirs=theirs)
    other = new_number()
    texting.text("my car", theirs=other)
    assert texting.only(theirs) != texting.only(other)


def test_a_number_that_no_force_has_goes_to_who_takes_emergencies(texting: Texting, theirs: str) -> None:
    fields = texting.fields(BICYCLE, theirs=theirs) | {"To": "+441632960999"}
    texting.post("/webhooks/twilio/sms", fields)
    texting.work()
    ((_, outcome, _),) = texting.inbox(fields["MessageSid"])
    assert outcome == "no_force"  # the tests' settings name nobody; `service` refuses to start so


def test_a_text_of_our_own_that_comes_back_begins_nothing(texting: Texting) -> None:
    texting.text("Text back when it suits you.", theirs=texting.ours)
    assert texting.contacts(texting.ours) == []


def test_danger_gets_the_fixed_words_in_one_part_once_and_goes_to_people(texting: Texting, theirs: str) -> None:
    texting.text(DANGER, theirs=theirs)
    texting.text("please hurry he is breaking the door", theirs=theirs)
    (contact,) = texting.contacts(theirs)
    assert (contact.grade, contact.state) == ("emergency", "waiting")
    advice = [each for each in texting.texts(contact.id) if each.fixed_text == FixedText.SMS_999]
    assert [(each.urgent, each.segments) for each in advice] == [(True, 1)]
    bodies = [each.body for each in texting.company.sent]
    demo = fixed_text(FixedText.SMS_999_DEMO)
    assert bodies == [demo], "each text lights the telephone up: nothing follows the fixed words (practice 4)"
    assert measure(demo).parts == 1


def test_danger_at_night_is_answered_at_once(texting: Texting, theirs: str) -> None:
    texting.clock.now = dt.datetime(2026, 11, 22, 2, tzinfo=dt.UTC)
    texting.text(DANGER, theirs=theirs)
    assert fixed_text(FixedText.SMS_999_DEMO) in [each.body for each in texting.company.sent]


def test_the_one_word_help_gets_the_words_for_danger(texting: Texting, theirs: str) -> None:
    texting.text("HELP", theirs=theirs)
    assert fixed_text(FixedText.SMS_999_DEMO) in [each.body for each in texting.company.sent]
    assert texting.said(texting.only(theirs), "inbound") == ["HELP"]


def test_scenario_6_stop_ends_texts_and_the_thread_says_so(texting: Texting, theirs: str) -> None:
    texting.text(BICYCLE, theirs=theirs)
    contact_id = texting.only(theirs)
    texting.text("Stop. ", theirs=theirs)
    assert service.OPTED_OUT["en"] in texting.said(contact_id, "system")
    sent_before = len(texting.company.sent)
    with texting.system.begin() as session:
        message = models.Message(
            contact_id=contact_id,
            position=99,
            kind="outbound",
            channel="sms",
            body="Hello",
            created_at=texting.clock.now,
        )
        session.add(message)
        session.flush()
        state = service.send(
            session, contact_id=contact_id, message_id=message.id, body="Hello", urgent=True, now=texting.clock.now
        )
        assert service.is_opted_out(session, contact_id=contact_id)
    texting.work()
    assert state == "suppressed"
    assert len(texting.company.sent) == sent_before
    assert texting.texts(contact_id)[-1].error_code == "21610"
    assert texting.delivery(message.id) == "failed"
    other = new_number()  # others are unaffected
    texting.text("my car", theirs=other)
    assert texting.company.sent[-1].to == other


def test_stop_closes_nothing_reopens_nothing_and_starts_nothing(texting: Texting, theirs: str) -> None:
    texting.text("STOP", theirs=theirs)
    assert texting.contacts(theirs) == []
    texting.text("START", theirs=theirs)
    texting.text(BICYCLE, theirs=theirs)
    close(texting, theirs, ago=dt.timedelta(days=1))
    texting.text("stop!", theirs=theirs)
    (contact,) = texting.contacts(theirs)
    assert contact.state == "closed"


def test_whoever_texts_again_after_stop_is_answered(texting: Texting, theirs: str) -> None:
    texting.text("STOP", theirs=theirs)
    texting.text(DANGER, theirs=theirs)
    assert fixed_text(FixedText.SMS_999_DEMO) in [each.body for each in texting.company.sent]
    with texting.system.begin() as session:
        contact_id = texting.only(theirs)
        assert not service.is_opted_out(session, contact_id=contact_id)
        notice = service.send(
            session, contact_id=contact_id, message_id=None, body="How did we do?", urgent=False, notice=True,
            now=texting.clock.now,
        )  # fmt: skip
    assert notice == "suppressed"


def test_a_plea_is_no_opt_out(texting: Texting, theirs: str) -> None:
    texting.text("please stop him", theirs=theirs)
    assert texting.said(texting.only(theirs), "inbound") == ["please stop him"]
    with texting.system.begin() as session:
        assert not service.is_opted_out(session, contact_id=texting.only(theirs))


def test_stop_in_a_sensitive_matter_brings_a_person(texting: Texting, theirs: str) -> None:
    texting.text(BICYCLE, theirs=theirs)
    contact_id = texting.only(theirs)
    with texting.system.begin() as session:
        contact = session.get(models.Contact, contact_id)
        assert contact is not None
        contact.sensitive = True
        for entry in session.query(models.QueueEntry).filter_by(contact_id=contact_id):
            entry.unread, entry.looked_at = False, texting.clock.now
    texting.text("STOP", theirs=theirs)
    with texting.system() as session:
        assert [each.unread for each in session.query(models.QueueEntry).filter_by(contact_id=contact_id)] == [True]
    assert "STOP" in texting.said(contact_id, "inbound")


def test_a_text_with_no_sid_is_none_of_twilios(texting: Texting, theirs: str) -> None:
    fields = texting.fields(BICYCLE, theirs=theirs)
    del fields["MessageSid"]
    assert texting.post("/webhooks/twilio/sms", fields).status_code == 403
    assert texting.post("/webhooks/twilio/sms", {**fields, "MessageSid": new_sid("SM") * 3}).status_code == 403


def test_a_contact_that_was_passed_on_goes_on_where_it_now_is(texting: Texting, theirs: str) -> None:
    texting.text(BICYCLE, theirs=theirs)
    contact_id = texting.only(theirs)
    with texting.system.begin() as session:
        elsewhere = add_force(session)
        contact = session.get(models.Contact, contact_id)
        assert contact is not None
        contact.force_id, contact.force_ids = elsewhere, [texting.force_id, elsewhere]
    texting.text("it is a red one", theirs=theirs)
    assert texting.contacts(theirs) == [], "none is begun at the force that passed it on"
    assert texting.said(contact_id, "inbound") == [BICYCLE, "it is a red one"]
    texting.text("STOP", theirs=theirs)
    with texting.system() as session:
        said = {each.force_id for each in session.query(models.OptOut).filter_by(number=theirs)}
    assert said == {texting.force_id, elsewhere}


def test_who_begins_in_welsh_is_answered_in_welsh(texting: Texting, theirs: str) -> None:
    texting.text("mae rhywun wedi dwyn fy meic", theirs=theirs)
    (contact,) = texting.contacts(theirs)
    assert contact.language == "cy"

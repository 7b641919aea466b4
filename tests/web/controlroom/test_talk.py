"""Conversations in the control room: a list of their own, what was understood, taking over and giving back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from contact.domain.taxonomy import Channel
from contact.services import bot_turns, chat
from contact.store import conversations, heartbeats, messages, models, text_numbers, texts
from contact.store.identifiers import new_id
from contact.web.controlroom.talk import pieces
from tests.services.test_chat import answer
from tests.support.cases import KEYS, Cases
from tests.support.clients import Clock
from tests.support.html_checks import text_of
from tests.web.controlroom.conftest import Desk

MakeDesk = Callable[..., Desk]
QUEUE = "/control-room/"


class Talk:
    """A conversation by chat or text, in the application's own time."""

    def __init__(self, cases: Cases, clock: Clock, first: str, channel: Channel = Channel.CHAT) -> None:
        self.cases, self.clock, self.id = cases, clock, new_id()
        self.page = f"/control-room/contacts/{self.id}"
        self.beat()
        with cases.system.begin() as session:
            chat.begin(
                session, contact_id=self.id, force_id=cases.north, body=first, language="en", keys=KEYS,
                now=clock.now, channel=channel, phone="+447700900321" if channel is Channel.SMS else None,
            )  # fmt: skip

    def beat(self) -> None:
        """The chatbot gives a sign of life."""
        with self.cases.system.begin() as session:
            heartbeats.beat(session, process="chatbot", kind="chatbot", now=self.clock.now)

    def turn(self, **changed: Any) -> None:  # noqa: ANN401 - as `answer`
        """The assistant takes its turn."""
        with self.cases.system.begin() as session:
            turn = bot_turns.begin(session, contact_id=self.id, now=self.clock.now)
        assert turn is not None
        with self.cases.system.begin() as session:
            bot_turns.end(session, turn=turn, answer=answer(**changed), took_ms=50, now=self.clock.now)

    def bot(self) -> bool:
        """Whether the assistant may talk."""
        with self.cases.system() as session:
            found = conversations.find(session, contact_id=self.id)
            assert found is not None
            return found.bot

    def thread(self) -> list[tuple[str, str]]:
        """What the citizen sees."""
        with self.cases.acting(self.cases.citizen(self.id)) as session:
            return [(line.who, line.body) for line in chat.thread(session, contact_id=self.id)]


def _rows(at: Desk, path: str) -> list[str]:
    return [text_of(row) for row in at.client.tree(path).iter("tr") if row.get("data-key")]


def test_a_list_of_its_own_and_one_press_takes_over(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, talk = desk(), Talk(cases, clock, "someone took my bike")
    assert _rows(at, QUEUE) == []
    (row,) = _rows(at, QUEUE + "?view=with_bot")
    for words in ("Web chat", "Assistant", "Take over"):
        assert words in row
    assert at.client.send("/control-room/claim-next", page=QUEUE).status_code == 409, "nothing waits for a person"
    assert at.client.send(talk.page + "/claim", {"lease": "live"}, page=QUEUE).status_code == 303
    assert not talk.bot()
    assert talk.thread()[-1] == ("system", "A person has joined.")
    assert _rows(at, QUEUE + "?view=with_bot") == []
    assert "You have it" in text_of(at.client.tree(talk.page))


def test_the_page_tells_the_parts_apart_and_what_was_understood(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, talk = desk(), Talk(cases, clock, "someone took my bike last night from 12 Mill Lane")
    facts = [
        {"kind": "time", "value": "yesterday evening", "words": "last night", "start": 21, "end": 31},
        {"kind": "place", "value": "12 Mill Lane", "words": "12 Mill Lane", "start": 37, "end": 49},
    ]
    talk.turn(facts=facts, triage={"reasons": ["category:theft", "unsure:grade"]})
    tree = at.client.tree(talk.page)
    words = text_of(tree.find(".//main"))
    for said in (
        "The assistant is talking.", "Assistant automated", "Bicycle taken", "The model proposes Theft",
        "The words read like theft", "The model by itself is not sure of the grade", "m-1", "learned from data d-1",
        "12 Mill Lane", "Take over",
    ):  # fmt: skip
        assert said in words, said
    assert [text_of(mark) for mark in tree.iter("mark")] == ["last night", "12 Mill Lane"]
    brief = text_of(next(pre for pre in tree.iter("pre") if pre.get("id") == "briefing-text"))
    assert "WHERE: 12 Mill Lane" in brief
    assert "WHEN: yesterday evening" in brief
    assert "WHAT: Bicycle taken" in brief
    part = at.client.get(talk.page + "/thread", lax=True).get_data(as_text=True)  # a part has no heading of its own
    assert "The assistant is talking." in part


def test_asked_back_by_form_and_taken_over_again(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, talk = desk(), Talk(cases, clock, "someone took my bike")
    at.client.send(talk.page + "/claim", page=QUEUE)
    assert at.client.send(talk.page + "/ask-back", page=talk.page).headers["Location"].endswith("done=asked_back")
    assert talk.bot()
    words = text_of(at.client.tree(talk.page))
    assert "You hold it and can take over at any moment" in words
    assert at.client.send(talk.page + "/claim", page=talk.page).status_code == 303
    assert not talk.bot()
    assert "A person took over" in text_of(at.client.tree(talk.page))
    at.client.send(talk.page + "/ask-back", page=talk.page)
    said = at.client.send(talk.page + "/reply", {"body": "I go on myself.", "once": "x"}, page=talk.page)
    assert "done=said" in said.headers["Location"]
    assert not talk.bot()
    assert talk.thread()[-1] == ("person", "I go on myself.")


def test_asking_back_is_refused_calmly(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, danger = desk(), Talk(cases, clock, "he has a knife and he is here")
    at.client.send(danger.page + "/claim", {"lease": "live"}, page=QUEUE)
    assert "does not talk in an urgent matter" in text_of(at.client.tree(danger.page))
    assert "Ask the assistant back" not in text_of(at.client.tree(danger.page))
    refused = at.client.send(danger.page + "/ask-back", page=danger.page)
    assert "done=no_bot" in refused.headers["Location"]
    assert "was not asked back" in text_of(at.client.tree(refused.headers["Location"]))
    quiet = Talk(cases, clock, "someone took my bike")
    at.client.send(quiet.page + "/claim", {"lease": "live"}, page=QUEUE)
    clock.advance(dt.timedelta(seconds=60))
    assert "not there just now" in text_of(at.client.tree(quiet.page))
    assert "done=no_bot" in at.client.send(quiet.page + "/ask-back", page=quiet.page).headers["Location"]
    cases.change(quiet.id, category="hate_crime")  # as a handler decided
    assert "does not talk in a sensitive matter" in text_of(at.client.tree(quiet.page))
    other = Talk(cases, clock, "someone took my other bike")
    assert "done=not_yours" in at.client.send(other.page + "/ask-back", page=quiet.page).headers["Location"]
    assert other.bot()


@pytest.mark.parametrize(
    ("state", "code", "words"),
    [
        ("queued", None, "waiting to leave"),
        ("sending", None, "sending"),
        ("sent", None, "sent, not yet confirmed"),
        ("delivered", None, "delivered to the phone"),
        ("failed", "30004", "blocked by the person or network"),
        ("suppressed", "21610", "opted out, the person texted STOP"),
        ("suppressed", "not-safe", "they chose another way to be reached"),
    ],
)
def test_how_far_a_text_got_is_told_in_words(
    cases: Cases, desk: MakeDesk, clock: Clock, state: str, code: str | None, words: str
) -> None:
    at, talk = desk(), Talk(cases, clock, "someone took my bike", Channel.SMS)
    at.client.send(talk.page + "/claim", page=QUEUE)
    sent = at.client.send(talk.page + "/reply", {"body": "Where was it?", "once": "x"}, page=talk.page)
    assert "texted" in sent.headers["Location"]
    with cases.system.begin() as session:
        reply = session.query(models.Message).filter_by(contact_id=talk.id, kind="outbound").one()
        for text in texts.list_for_message(session, message_id=reply.id):
            text.state, text.error_code, text.not_before = state, code, None
    assert words in text_of(at.client.tree(talk.page))


def test_approved_words_go_into_the_box_and_are_never_sent_by_themselves(
    cases: Cases, desk: MakeDesk, clock: Clock
) -> None:
    at, talk = desk(), Talk(cases, clock, "someone took my bike")
    talk.turn()
    at.client.send(talk.page + "/claim", page=QUEUE)
    said = talk.thread()
    put = at.client.send(talk.page + "/reply", {"body": "Hello.", "insert": "camera"}, page=talk.page)
    assert "done=inserted" in put.headers["Location"]
    box = next(each for each in at.client.tree(talk.page).iter("textarea") if each.get("name") == "body")
    assert text_of(box).startswith("Hello.")
    assert "doorbell" in text_of(box)
    assert talk.thread() == said
    assert at.client.send(talk.page + "/reply", {"body": "", "insert": "made_up"}, page=talk.page).status_code == 404


def test_after_stop_the_box_says_so_and_a_reply_stands_as_not_sent(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    """Scenario 6."""
    at, talk = desk(), Talk(cases, clock, "someone took my bike", Channel.SMS)
    at.client.send(talk.page + "/claim", page=QUEUE)
    with cases.system.begin() as session:
        text_numbers.opt_out(session, force_id=cases.north, number="+447700900321", now=clock.now)
    assert "They texted STOP." in text_of(at.client.tree(talk.page))
    sent = at.client.send(talk.page + "/reply", {"body": "Where was it?", "once": "x"}, page=talk.page)
    assert "done=not_texted" in sent.headers["Location"]
    assert "not sent: opted out" in text_of(at.client.tree(talk.page))


def test_overlapping_facts_are_marked_once() -> None:
    def fact(kind: str) -> models.ContactFact:
        return models.ContactFact(kind=kind)

    found = pieces("at 12 Mill Lane now", [(3, 15, fact("place")), (3, 5, fact("money")), (16, 19, fact("time"))])
    assert [(piece.words, piece.kind) for piece in found] == [
        ("at ", ""), ("12 Mill Lane", "Place"), (" ", ""), ("now", "When"),
    ]  # fmt: skip


def test_scenario_22_another_force_sees_nothing_of_a_conversation(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    stranger = desk(force=cases.south)
    for channel in (Channel.CHAT, Channel.SMS):
        talk = Talk(cases, clock, "someone took my violet bike", channel)
        assert _rows(stranger, QUEUE + "?view=with_bot") == []
        for path in ("", "/thread"):
            answered = stranger.client.get(talk.page + path)
            assert answered.status_code == 404
            assert "violet" not in answered.get_data(as_text=True)
        for form in ("claim", "ask-back", "reply", "note", "look"):
            refused = stranger.client.send(f"{talk.page}/{form}", {"body": "x", "note": "x"}, page=QUEUE)
            assert refused.status_code == 404, form
        assert talk.bot()
        assert "opening_refused" not in cases.events(talk.id)
    with cases.system() as session:
        refusals = session.query(models.Event).filter_by(agent_id=stranger.person.id, name="opening_refused").count()
    assert refusals >= 14


def test_scenario_23_a_note_is_in_the_room_alone(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at = desk()
    for channel in (Channel.CHAT, Channel.SMS):
        talk = Talk(cases, clock, "someone took my bike", channel)
        at.client.send(talk.page + "/claim", page=QUEUE)
        at.client.send(talk.page + "/note", {"note": "Known to us", "once": "n"}, page=talk.page)
        assert "Known to us" in text_of(at.client.tree(talk.page))
        assert "Known to us" not in str(talk.thread())
        assert all("Known" not in text.body for text in cases.rows(models.Text, talk.id))


def _web_links(cases: Cases, contact_id: UUID) -> int:
    with cases.system() as session:
        return session.query(models.WebLink).filter_by(contact_id=contact_id).count()


def test_the_holder_texts_a_link_to_go_on_in_a_browser(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, talk = desk(), Talk(cases, clock, "someone took my bike", Channel.SMS)
    at.client.send(talk.page + "/claim", {"lease": "live"}, page=QUEUE)
    assert "Text a link to go on in a browser" in text_of(at.client.tree(talk.page))
    done = at.client.send(talk.page + "/to-web", page=talk.page).headers["Location"]
    assert done.endswith(("done=link_texted", "done=not_texted"))
    assert _web_links(cases, talk.id) == 1


@pytest.mark.parametrize("why", ["sensitive", "silent", "not held"])
def test_no_link_goes_where_whoever_holds_the_phone_must_not_find_it(
    cases: Cases, desk: MakeDesk, clock: Clock, why: str
) -> None:
    at, talk = desk(), Talk(cases, clock, "someone took my bike", Channel.SMS)
    if why != "not held":
        at.client.send(talk.page + "/claim", {"lease": "live"}, page=QUEUE)
    if why == "sensitive":
        cases.change(talk.id, sensitive=True)
    if why == "silent":
        with cases.system.begin() as session:
            found = conversations.find(session, contact_id=talk.id)
            assert found is not None
            found.last_inbound_at = clock.now - dt.timedelta(minutes=31)
    at.client.send(talk.page + "/to-web", page=talk.page)
    assert _web_links(cases, talk.id) == 0


def test_where_no_model_was_asked_the_handler_still_gets_two_lines_and_facts(
    cases: Cases, desk: MakeDesk, clock: Clock
) -> None:
    """Danger, a model that is away, a sensitive matter: rules draw them, from the person's own words."""
    at, talk = desk(), Talk(cases, clock, "he has a knife and he is outside cb7 4ab ring 07700 900123")
    words = text_of(at.client.tree(talk.page).find(".//main"))
    assert "In two lines, their own words: no model has read them" in words
    assert "where cb7 4ab; phone 07700 900123" in words
    assert "CB7 4AB" in words
    brief = text_of(next(pre for pre in at.client.tree(talk.page).iter("pre") if pre.get("id") == "briefing-text"))
    assert "WHERE: CB7 4AB" in brief
    with cases.acting(cases.citizen(talk.id)) as session:
        chat.say(session, contact_id=talk.id, body="he has run off to the park", now=clock.now)
    brief = text_of(next(pre for pre in at.client.tree(talk.page).iter("pre") if pre.get("id") == "briefing-text"))
    assert 'Last: "he has run off to the park"' in brief, "whoever deploys hears what was said last"


def test_another_contact_of_the_person_is_shown_without_its_words_and_the_reply_warns(
    cases: Cases, desk: MakeDesk, clock: Clock
) -> None:
    """Practice 15: that something is there and how grave; a reference that would give it away is asked about once."""
    at = desk()
    other = Talk(cases, clock, "a man touched me last month", channel=Channel.SMS)
    talk = Talk(cases, clock, "my bike was taken", channel=Channel.SMS)
    at.client.send(talk.page + "/claim", {"lease": "live"}, page=QUEUE)
    reference = cases.contact(other.id).reference
    words = text_of(at.client.tree(talk.page).find(".//main"))
    assert "Other contacts of this person" in words
    assert reference in words
    assert "Same telephone" in words
    assert "touched" not in words
    assert "Another contact of this person is open. Do not mention it here" in words
    reply = {"body": f"About {reference}: thank you", "once": "one-time"}
    refused = at.client.send(talk.page + "/reply", reply, page=talk.page)
    assert refused.status_code == 400
    assert "is another contact of this person" in refused.get_data(as_text=True)
    assert "About" in refused.get_data(as_text=True), "what was typed is not lost"
    assert not [body for who, body in talk.thread() if who == "person"]
    assert at.client.send(talk.page + "/reply", {**reply, "aware": "yes"}, page=talk.page).status_code == 303
    assert [body for who, body in talk.thread() if who == "person"] == [f"About {reference}: thank you"]


def test_the_part_that_refreshes_itself_brings_by_which_way_words_leave(
    cases: Cases, desk: MakeDesk, clock: Clock
) -> None:
    """Who texts and goes on in a browser is answered there from then on: the page that is open must say so."""
    at, talk = desk(), Talk(cases, clock, "my bike was taken from Mill Lane", Channel.SMS)
    at.client.send(talk.page + "/claim", {"lease": "live"}, page=QUEUE)

    def part() -> str:
        return at.client.get(talk.page + "/thread", lax=True).get_data(as_text=True)

    assert "It leaves as a <strong>text</strong>" in part()
    assert 'data-by-text="yes"' in part()
    with cases.acting(cases.citizen(talk.id)) as session:
        chat.say(session, contact_id=talk.id, body="now in my browser, WEAPONS none", now=clock.now)
    assert "They read it <strong>in their chat</strong> at once" in part()
    assert 'data-by-text="no"' in part()
    assert "now in my browser" in part().partition('data-beside="briefing"')[2]


def test_a_line_that_never_left_is_not_said_to_be_a_text(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, talk = desk(), Talk(cases, clock, "my bike was taken", Channel.SMS)
    with cases.system.begin() as session:
        messages.add(
            session, contact_id=talk.id, kind="system", channel="sms", body="This person texted STOP.", now=clock.now
        )
    (noted,) = [text_of(li) for li in at.client.tree(talk.page).iter("li") if "texted STOP" in text_of(li)]
    assert "written here by the system" in noted
    assert "by text" not in noted


def test_no_button_texts_a_link_where_none_may_be_sent(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, talk = desk(), Talk(cases, clock, "my bike was taken", Channel.SMS)
    at.client.send(talk.page + "/claim", {"lease": "live"}, page=QUEUE)
    assert "Text a link to go on" in text_of(at.client.tree(talk.page))
    cases.change(talk.id, sensitive=True)
    words = text_of(at.client.tree(talk.page))
    assert "Text a link to go on" not in words
    assert "No link by text here" in words


def test_a_text_that_is_tried_again_later_says_why(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, talk = desk(), Talk(cases, clock, "my bike was taken", Channel.SMS)
    at.client.send(talk.page + "/claim", {"lease": "live"}, page=QUEUE)
    at.client.send(talk.page + "/reply", {"body": "Which street?", "once": "later"}, page=talk.page)
    later = clock.now + dt.timedelta(minutes=15)
    again: dict[Any, Any] = {"state": "queued", "error_code": "30003", "not_before": later}
    with cases.system.begin() as session:
        session.query(models.Text).filter_by(contact_id=talk.id).update(again)
    words = text_of(at.client.tree(talk.page))
    assert "not delivered: the handset is off or away. It leaves again at" in words

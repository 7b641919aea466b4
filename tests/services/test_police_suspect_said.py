"""Who says in a chat or a text that the one who harms them works for the police is read by named people alone."""

from __future__ import annotations

import pytest

from contact.domain.access import Role
from contact.domain.errors import NotFound
from contact.domain.queueing import LeaseKind
from contact.domain.taxonomy import Category, Flag, Grade
from contact.services import control_room
from contact.store import contacts
from tests.services.test_chat import SOON, Talk, answer
from tests.support.cases import Cases

FIRST = "my husband is a police officer and he hits me every week"


def may_read(cases: Cases, talk: Talk, *, role: Role) -> bool:
    """Whether somebody of that role, there before the message came, can open it."""
    with cases.acting(cases.agent(role).actor) as session:
        return contacts.find(session, contact_id=talk.id) is not None


def test_it_is_restricted_before_it_enters_any_queue(cases: Cases) -> None:
    """Practice 8: colleagues of his stand in the same control room."""
    standards = cases.agent(Role.PROFESSIONAL_STANDARDS)
    talk = Talk(cases, FIRST)
    contact, entry = cases.contact(talk.id), cases.entry(talk.id)
    assert (contact.restricted, entry.restricted, contact.state) == (True, True, "waiting")
    assert not talk.begun.with_bot
    assert not may_read(cases, talk, role=Role.CALL_HANDLER)
    with cases.acting(standards.actor) as session:
        assert contacts.get(session, contact_id=talk.id).id == talk.id


def test_it_is_restricted_when_it_is_said_later(cases: Cases) -> None:
    talk = Talk(cases, "my husband has hit me for years")
    assert may_read(cases, talk, role=Role.CALL_HANDLER)
    talk.say("my husband is a police officer by the way")
    assert cases.contact(talk.id).restricted
    assert cases.entry(talk.id).restricted
    assert not may_read(cases, talk, role=Role.CALL_HANDLER)
    with cases.acting(cases.agent().actor) as session, pytest.raises(NotFound):
        contacts.get(session, contact_id=talk.id)


def test_it_is_restricted_when_the_model_hears_it(cases: Cases) -> None:
    talk = Talk(cases, "my boyfriend wont stop, hes a pc")
    heard = {"category": Category.DOMESTIC_ABUSE, "grade": Grade.STANDARD, "flags": [Flag.POLICE_SUSPECT]}
    assert not cases.contact(talk.id).restricted
    talk.end_turn(talk.begin_turn(), answer(triage=heard, say=["Thank you."], asks=None, hand_over="sensitive"))
    assert cases.contact(talk.id).restricted


@pytest.mark.parametrize(
    "words",
    [
        "he is police and he has a knife to her throat right now",  # whoever can send help must see it
        "a man came to my door he said he is police and wanted my bank card",
        "the police officer who came to see us was lovely thank you",
    ],
)
def test_an_emergency_and_an_ordinary_matter_stay_in_sight(cases: Cases, words: str) -> None:
    talk = Talk(cases, words)
    assert not cases.contact(talk.id).restricted
    assert "police_suspect" in cases.contact(talk.id).flags


def test_whoever_holds_it_keeps_it(cases: Cases) -> None:
    """They have read it; a supervisor sees the warning and decides."""
    talk, agent = Talk(cases, "my husband has hit me for years", bot=False), cases.agent()
    with cases.acting(agent.actor) as session:
        control_room.claim(session, agent=agent.actor, contact_id=talk.id, kind=LeaseKind.LIVE, now=SOON)
    talk.say("my husband is a police officer by the way")
    assert not cases.contact(talk.id).restricted
    assert "police_suspect" in cases.entry(talk.id).flags

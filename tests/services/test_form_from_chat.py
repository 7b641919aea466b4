"""A form begun from a conversation holds what was said there, and only what this person said."""

from __future__ import annotations

import pytest

import forms
from contact.domain.access import Actor, ActorKind
from contact.domain.errors import NotFound
from contact.domain.taxonomy import Channel
from contact.services import chat, form_from_chat
from contact.store import messages
from contact.store.identifiers import new_id
from tests.support.cases import KEYS, NOW, Cases


def test_what_was_said_is_filled_in_and_can_be_gone_over(cases: Cases) -> None:
    contact_id = new_id()
    with cases.web.begin() as session:
        chat.begin(
            session, contact_id=contact_id, force_id=cases.north, body="my van was stolen last night", language="cy",
            keys=KEYS, now=NOW,
        )  # fmt: skip
        chat.say(session, contact_id=contact_id, body="AB12 cde, from ct1 2aa", now=NOW)
    with cases.web(info={"actor": Actor(kind=ActorKind.CITIZEN, contact_id=contact_id)}) as session:
        view = form_from_chat.start(session, contact_id=contact_id, form_id="vehicle-crime", now=NOW)
        session.commit()
    answers = {each.role: view.answers[each.id] for each in view.form.questions if each.id in view.answers}
    assert answers[forms.Role.ACCOUNT] == "my van was stolen last night\nAB12 cde, from ct1 2aa"
    assert answers[forms.Role.PLACE]["postcode"] == "CT1 2AA"
    assert answers[forms.Role.VEHICLES][0]["registration"] == "AB12 CDE"
    assert (view.language, view.force_id) == ("cy", cases.north)
    assert view.form.first_unanswered(view.answers, NOW) is not None, "nothing is sent without being gone over"


def test_the_word_that_brought_the_link_is_no_part_of_the_account(cases: Cases) -> None:
    """By text the form is reached by WEB; in a chat the same word is said about something."""
    contact_id = new_id()
    with cases.system.begin() as session:
        chat.begin(
            session, contact_id=contact_id, force_id=cases.north, body="my van was stolen", language="en", keys=KEYS,
            now=NOW, channel=Channel.SMS, phone="+447700900322",
        )  # fmt: skip
        messages.add(session, contact_id=contact_id, kind="inbound", channel="sms", body="Web.", now=NOW)
        messages.add(session, contact_id=contact_id, kind="inbound", channel="chat", body="stop", now=NOW)
    with cases.web(info={"actor": Actor(kind=ActorKind.CITIZEN, contact_id=contact_id)}) as session:
        view = form_from_chat.start(session, contact_id=contact_id, form_id="vehicle-crime", now=NOW)
        session.commit()
    answers = {each.role: view.answers[each.id] for each in view.form.questions if each.id in view.answers}
    assert answers[forms.Role.ACCOUNT] == "my van was stolen\nstop"


def test_nobody_begins_one_from_a_conversation_that_is_not_theirs(cases: Cases) -> None:
    contact_id = new_id()
    with cases.web.begin() as session:
        chat.begin(
            session, contact_id=contact_id, force_id=cases.north, body="hello", language="en", keys=KEYS, now=NOW
        )
    stranger = Actor(kind=ActorKind.CITIZEN, contact_id=new_id())
    with cases.web(info={"actor": stranger}) as session, pytest.raises(NotFound):
        form_from_chat.start(session, contact_id=contact_id, form_id="theft", now=NOW)


@pytest.mark.parametrize("form_id", forms.form_ids())
def test_every_form_takes_what_is_filled_in(form_id: str) -> None:
    form = forms.compile_for(form_id, None).form
    filled = form_from_chat.answers_from(form, ["AB12 CDE was taken from CT1 2AA"])
    for question in form.questions:
        if question.id in filled:
            raw = forms.raw_from_value(question, filled[question.id])
            assert forms.validate(question, raw, NOW).value is not None, question.id

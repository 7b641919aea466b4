"""The conversation in its frame; the way out takes the whole tab along (practice 14)."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from contact.domain import reference as references
from contact.web.shared.access import proven, proven_quietly
from contact.web.shared.chat import beginning, stream, talk
from contact.web.shared.chat.frame_room import room
from contact.web.shared.chat.place import ChatPlace, place_of, proven_chat
from contact.web.shared.language import current_language
from contact.web.shared.session import web_session

TEMPLATE = "widget/talk.html"
_CHAT = "/widget/<force_id>/chat/<reference>"


@room.get(_CHAT)
@proven
def chat_talk(force_id: str, reference: str) -> ResponseReturnValue:
    """The conversation that this frame began."""
    place = _place(force_id, reference)
    return talk.page(place, TEMPLATE, lambda: _around(place))


@room.post(_CHAT)
@proven
def chat_say(force_id: str, reference: str) -> ResponseReturnValue:
    """Say something."""
    place = _place(force_id, reference)
    return talk.say(place, TEMPLATE, lambda: _around(place))


@room.get(f"{_CHAT}/events")
@proven_quietly
def chat_events(force_id: str, reference: str) -> ResponseReturnValue:
    """What is said from a position on, as it is said."""
    place = _place(force_id, reference)
    return stream.answer(place, talk.talks(place))


@room.post(f"{_CHAT}/reached")
@proven_quietly
def chat_reached(force_id: str, reference: str) -> ResponseReturnValue:
    """How far the frame shows it."""
    return talk.reached(_place(force_id, reference))


def _place(force_id: str, reference: str) -> ChatPlace:
    return place_of("widget", proven_chat(reference), force_id=force_id)


def _around(place: ChatPlace) -> dict[str, Any]:
    """How to come back, and how to leave: the frame's session is named by its digest, which can only end it."""
    keys = beginning.keys()
    return {
        "aloud": references.spell(place.reference, current_language()),
        "words": keys.access_words(place.contact_id).replace("-", " "),
        "leave_url": url_for("citizen.leave", frame=web_session().cookie.id_hash.hex()),
        **{f"{name}_url": place.url(name) for name in ("files", "form", "copy", "mail")},
        "progress_url": url_for("citizen.progress_sign_in", lang=current_language()),
    }

"""The conversation: what was said, live or asked for by a link; a box; and the ways to leave it and come back."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain import reference as references
from contact.services.keys import Keys
from contact.store.contacts import Contact
from contact.web.citizen.blueprint import room, settings, wear
from contact.web.citizen.chat_files import files_of
from contact.web.citizen.progress import waits_for_safe_word
from contact.web.shared.access import proven, proven_quietly
from contact.web.shared.chat import stream, talk
from contact.web.shared.chat.place import ChatPlace, place_of, proven_chat
from contact.web.shared.failures import NotProven
from contact.web.shared.frame import show_exit
from contact.web.shared.language import current_language

TEMPLATE = "citizen/chat_talk.html"


@room.get("/chat/<reference>")
@proven
def chat_talk(reference: str) -> ResponseReturnValue:
    """The conversation; one that waits for its safe word is asked for it first (practice 5)."""
    place, contact = _place(reference)
    if waits_for_safe_word(contact):
        return redirect(url_for("citizen.progress", reference=reference), 303)
    return talk.page(place, TEMPLATE, lambda: _around(contact))


@room.post("/chat/<reference>")
@proven
def chat_say(reference: str) -> ResponseReturnValue:
    """Say something."""
    place, contact = opened(reference)
    return talk.say(place, TEMPLATE, lambda: _around(contact))


@room.get("/chat/<reference>/events")
@proven_quietly
def chat_events(reference: str) -> ResponseReturnValue:
    """What is said from a position on, as it is said."""
    place, _ = opened(reference)
    return stream.answer(place, talk.talks(place))


@room.post("/chat/<reference>/reached")
@proven_quietly
def chat_reached(reference: str) -> ResponseReturnValue:
    """How far the page shows it."""
    place, _ = opened(reference)
    return talk.reached(place)


def _place(reference: str) -> tuple[ChatPlace, Contact]:
    """Every chat has the loud way out, and nothing of it is kept by the browser (practice 14)."""
    contact = proven_chat(reference)
    show_exit()
    return place_of("citizen", contact), contact


def opened(reference: str) -> tuple[ChatPlace, Contact]:
    """The conversation that this browser has proven. Raises NotProven, also while it waits for the safe word."""
    place, contact = _place(reference)
    if waits_for_safe_word(contact):
        raise NotProven(what="safe_word")
    return place, contact


def _around(contact: Contact) -> dict[str, Any]:
    """What stands around the conversation: whose page it is, how to come back, files."""
    wear(contact.force_id)
    keys = Keys.from_settings(settings())
    return {
        "aloud": references.spell(contact.reference, current_language()),
        "words": keys.access_words(contact.id).replace("-", " "),
        "upload": files_of(contact),
        "follows": contact.follows_id is not None,
        "files_open": bool(request.args.get("files") or request.args.get("fault")),
    }

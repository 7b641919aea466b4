"""The frame opens: with the chat that it holds, or with a box; nothing is stored before the first message."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from contact.services import chat as talks
from contact.store import forces
from contact.web.shared import clock, database
from contact.web.shared.access import public
from contact.web.shared.chat import beginning, words
from contact.web.shared.chat.beginning import Opening
from contact.web.shared.chat.frame_room import not_proven, room, wear_the_force
from contact.web.shared.failures import NotProven
from contact.web.shared.language import current_language


@room.get("/widget/<force_id>")
@public
def open_frame(force_id: str) -> ResponseReturnValue:
    """The chat that this frame holds, or the opening: automated or not, 999, a person by one word, and a box."""
    held = beginning.held_here(force_id)
    if held is not None:
        return redirect(url_for("widget.chat_talk", force_id=force_id, reference=held, lang=current_language()), 303)
    return _page(force_id, beginning.opening(asks_force=False))


@room.post("/widget/<force_id>")
@public
def begin(force_id: str) -> ResponseReturnValue:
    """Store the first message; pressed twice, it is one chat."""
    begun = beginning.begin(force_id)
    if isinstance(begun, Opening):
        return _page(force_id, begun)
    danger = 1 if begun.screening.advise_999 else None
    lang, reference = current_language(), begun.reference
    return redirect(url_for("widget.chat_talk", force_id=force_id, reference=reference, lang=lang, danger=danger), 303)


@room.errorhandler(CSRFError)
def no_token(error: CSRFError) -> ResponseReturnValue:
    """A browser that keeps no cookie of ours in a frame is shown the way to the page, with what was typed."""
    force_id = str((request.view_args or {}).get("force_id", ""))
    wear_the_force()
    if request.endpoint != "widget.begin":
        return not_proven(NotProven(what="contact"))
    return _page(force_id, beginning.posted(force_id), no_cookie=True), 400


def _page(force_id: str, opening: Opening, *, no_cookie: bool = False) -> str:
    session, now, language = database.session()(), clock.utcnow(), current_language()
    force = forces.get(session, force_id=force_id)
    return render_template(
        "widget/open.html",
        opening=opening,
        errors=opening.listed(),
        force_id=force_id,
        forces=[],
        bot=talks.bot_is_there(session, now=now),
        duty=words.duty(force, now).in_words(language),
        word=words.WORD_FOR_A_PERSON,
        no_cookie=no_cookie,
        leave_url=url_for("citizen.leave"),
        page_url=url_for("citizen.chat", force=force_id, lang=language),
        progress_url=url_for("citizen.progress_sign_in", lang=language),
    )

"""How a chat opens: who answers, every way to reach 999, a person by one word; nothing is stored before."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contact.services import chat as talks
from contact.store import forces
from contact.web.citizen.blueprint import room
from contact.web.citizen.progress import began_here
from contact.web.shared import clock, database
from contact.web.shared.access import public
from contact.web.shared.chat import beginning, words
from contact.web.shared.chat.beginning import Opening
from contact.web.shared.frame import Brand
from contact.web.shared.language import current_language


@room.get("/chat")
@public
def chat() -> ResponseReturnValue:
    """The opening: automated or not, 999, a person by one word, and a box."""
    return _page(beginning.opening(asks_force=_branded() is None))


@room.post("/chat")
@public
def chat_begin() -> ResponseReturnValue:
    """Store the first message; pressed twice, sent again or gone back to, it is one chat (scenario 17)."""
    begun = beginning.begin(_branded())
    if isinstance(begun, Opening):
        return _page(begun)
    began_here(begun.reference)
    danger = 1 if begun.screening.advise_999 else None
    return redirect(url_for("citizen.chat_talk", reference=begun.reference, danger=danger), 303)


def _branded() -> str | None:
    """The force whose pages these are, or None on the national front."""
    brand: Brand | None = g.get("brand")
    return brand.force_id if brand else None


def _page(opening: Opening) -> ResponseReturnValue:
    session, now, language = database.session()(), clock.utcnow(), current_language()
    force_id = _branded() or opening.force_id
    force = forces.find(session, force_id=force_id) if force_id else None
    return render_template(
        "citizen/chat.html",
        opening=opening,
        errors=opening.listed(),
        force_id=_branded(),
        forces=[(each.id, each.name_in(language)) for each in forces.list_all(session)] if opening.asks_force else [],
        bot=talks.bot_is_there(session, now=now),
        duty=words.duty(force, now).in_words(language) if force else "",
        word=words.WORD_FOR_A_PERSON,
    )

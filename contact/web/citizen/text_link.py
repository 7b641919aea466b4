"""The link in a text: opens the conversation in this browser, once."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contact.services import text_link
from contact.web.citizen.blueprint import room
from contact.web.shared import clock, database
from contact.web.shared.access import public
from contact.web.shared.frame import never_store, show_exit
from contact.web.shared.limits import limit
from contact.web.shared.proofs import prove_contact


@room.get("/t/<token>")
@public
def text_link_page(token: str) -> ResponseReturnValue:
    """Looking at it uses nothing up, since telephones look ahead; nothing is said of any conversation."""
    never_store()
    show_exit()
    return render_template("citizen/text_link.html")


@room.post("/t/<token>")
@public
def open_text_link(token: str) -> ResponseReturnValue:
    """Open it, once; from here on this browser has proven the contact."""
    limit("text_link", at_most=60, window=timedelta(hours=1))
    opened = text_link.open_link(database.session()(), token=token[:100], now=clock.utcnow())
    prove_contact(opened.reference, opened.contact_id)
    return redirect(url_for("citizen.chat_talk", reference=opened.reference), 303)

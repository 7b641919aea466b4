"""Privacy, cookies, accessibility: true of this program, in both languages, with what the force says (practice 23)."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from contact.gateways.papers.document import Text
from contact.services import go_live_papers
from contact.web.citizen.blueprint import room, settings
from contact.web.shared import database
from contact.web.shared.access import public
from contact.web.shared.cookies import visit_hours
from contact.web.shared.frame import Brand
from contact.web.shared.language import current_language


@room.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Two notices: law enforcement (Part 3), and UK GDPR; and the way to a live force's own."""
    return _page(Text.PRIVACY)


@room.get("/cookies")
@public
def cookies() -> ResponseReturnValue:
    """Each cookie, what for and how long."""
    return _page(Text.COOKIES)


@room.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """The statement in its set form."""
    return _page(Text.ACCESSIBILITY)


def _page(name: Text) -> str:
    brand: Brand | None = g.get("brand")
    paper = go_live_papers.public_page(
        database.session()(),
        name,
        force_id=brand.force_id if brand else None,
        settings=settings(),
        visit=visit_hours(),
        language=current_language(),
    )
    return render_template("citizen/legal.html", paper=paper)

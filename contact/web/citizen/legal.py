"""Privacy, cookies, accessibility: drafts in the set form, with places that a force fills in (practice 23)."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from contact.services import drafts
from contact.store import go_live
from contact.web.citizen.blueprint import room
from contact.web.shared import database
from contact.web.shared.access import public
from contact.web.shared.frame import Brand


@room.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Two notices: law enforcement (Part 3), and UK GDPR; and the way to a live force's own."""
    brand: Brand | None = g.get("brand")
    notice = go_live.privacy_notice(database.session()(), force_id=brand.force_id) if brand and brand.live else None
    return render_template("citizen/privacy.html", force=brand, force_notice=notice, draft_days=drafts.KEPT_FOR.days)


@room.get("/cookies")
@public
def cookies() -> ResponseReturnValue:
    """The three cookies."""
    return render_template("citizen/cookies.html")


@room.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return render_template("citizen/accessibility.html", force=g.get("brand"))

"""A link that names nobody before the four words that went to a phone: for referees and parents alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import redirect, request
from flask.typing import ResponseReturnValue

from contact.domain.errors import LinkExpired, TooManyTries
from contact.domain.licensing.outsiders import Role
from contact.services.keys import Keys
from contact.services.licensing import referee_link
from contact.services.licensing.referee_link import LinkView
from contact.web.citizen.blueprint import settings, wear
from contact.web.citizen.firearms.sender import network
from contact.web.citizen.typed import typed
from contact.web.shared import clock, database
from contact.web.shared.failures import NotProven
from contact.web.shared.frame import never_store
from contact.web.shared.language import gettext
from contact.web.shared.limits import limit
from contact.web.shared.proofs import has_proven_contact, has_proven_referee, holds_side_of, prove_referee


def looked(token: str, role: Role) -> LinkView:
    """The link, for anybody who has it; looking changes nothing. Raises LinkExpired, also for another role's link."""
    never_store()
    link = referee_link.look(database.session()(), token=token, now=clock.utcnow())
    if link.role is not role:
        raise LinkExpired
    wear(link.force_id)
    return link


def confirmed(token: str, role: Role) -> LinkView:
    """The link, in a browser that gave its words. Raises LinkExpired, NotProven."""
    link = looked(token, role)
    if not has_proven_referee(link.referee_id):
        raise NotProven(what="referee")
    return link


def take(
    link: LinkView, token: str, *, here: str, onward: str, cover: Callable[[str], ResponseReturnValue]
) -> ResponseReturnValue:
    """Send the four words to the phone, or take them: `here` and `onward` are addresses, `cover` shows an error."""
    limit("referee", at_most=40, window=timedelta(hours=1))
    session, now = database.session()(), clock.utcnow()
    if link.role is Role.PARENT and has_proven_contact(link.contact_id):  # nobody agrees in the parent's place
        return cover(gettext("The application itself is open in this browser. Use the parent’s own phone or computer"))
    if request.form.get("go") == "code":
        limit("referee_code", at_most=5, window=timedelta(hours=1), subject=str(link.referee_id))
        referee_link.send_code(session, token=token, now=now)
        return redirect(here, 303)
    words = typed("words", 200)
    if not words:
        return cover(gettext("Enter the four words"))
    try:
        right = referee_link.try_code(
            session,
            token=token,
            words=words,
            keys=Keys.from_settings(settings()),
            network=network(link.contact_id),
            same_device=holds_side_of(link.contact_id, besides=link.referee_id),
            now=now,
        )
    except TooManyTries:
        return cover(gettext("Too many tries. Ask us to send new words"))
    if not right:
        return cover(gettext("Those are not the words we sent. Check them, or ask for new ones"))
    prove_referee(link.referee_id, link.contact_id)
    return redirect(onward, 303)

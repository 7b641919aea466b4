"""The places a member of staff may go to from any page: only those their roles open."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from contact.domain.access import Permission, may
from contact.web.shared.language import gettext
from contact.web.shared.request_actor import find_agent


@dataclass(frozen=True, slots=True)
class Place:
    """One link of the bar; `here` when the present page belongs to it."""

    name: str
    href: str
    here: bool


_AGENTS = ("/control-room/admin/agents/", "/control-room/admin/mutual-aid")
_PLACES = (
    (Permission.SEE_QUEUE, "Queue", "/control-room/", ("/control-room/contacts",)),
    (Permission.SEE_QUEUE, "Search", "/control-room/search", ()),
    (Permission.ACCEPT_ALARM, "Alarms", "/control-room/alarms", ()),
    (Permission.LICENSING, "Licensing", "/control-room/licensing/", ("/control-room/licensing/",)),
    (Permission.FINANCE, "Money", "/control-room/licensing/money", ("/control-room/licensing/money/",)),
    (Permission.ADMINISTER_AGENTS, "Agents", "/control-room/admin/agents", _AGENTS),
    (Permission.ADMINISTER_FORCE, "Forces", "/control-room/admin/forces", ("/control-room/admin/forces/",)),
)


def staff_home() -> str:
    """Where somebody starts: the first place that their roles open, else their own account."""
    places = staff_places()
    return places[0].href if places else "/control-room/account"


def staff_places() -> list[Place]:
    """The bar's links for whoever is signed in; none for nobody."""
    agent = find_agent()
    if agent is None:
        return []
    return [
        Place(gettext(name), href, request.path == href or any(request.path.startswith(more) for more in below))
        for permission, name, href, below in _PLACES
        if may(agent.actor, permission)
    ]

"""Opening a contact is an act with a justification drawn from the work, written down before the page is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from contact.domain.access import Permission, may
from contact.domain.errors import NotFound
from contact.domain.events import Event
from contact.domain.states import EntryState
from contact.services import own_name
from contact.store import audit, contacts, triage
from contact.store.contacts import Contact
from contact.web.shared import clock, database
from contact.web.shared.request_actor import SignedInAgent, current_agent
from contact.web.shared.session import web_session
from contact.web.shared.transaction import commit_anyway

_JUSTIFIED, _FOUND = "justified", "found"
_REMEMBERED = 20


def open_contact(contact_id: UUID, *, kind: str = "contact") -> bool:
    """Write down that this agent opens it; False when no work of theirs leads there and none was given (practice 16).

    Showing a page is an event and changes nothing else (engineering 24): the look-by clock is stopped by the holder's
    heartbeat, a reply, or `Mark as read`, all of them POSTs. Raises NotFound, after writing the refusal down.
    """
    orm, agent, now = database.session()(), current_agent(), clock.utcnow()
    contact = _theirs(contact_id, agent, kind)
    justification, found_by = _justification(contact, agent)
    if justification is None:
        return False
    force_id = next((one for one in [contact.force_id, *contact.force_ids] if one in agent.actor.contact_forces), None)
    if found_by and kind == "contact":
        audit.record(
            orm,
            Event.SEARCH_RESULT_OPENED,
            force_id=force_id,
            contact_id=contact_id,
            at=now,
            by=found_by,
            restricted=contact.restricted,
        )
    audit.record(
        orm,
        Event.OPENED,
        force_id=force_id,
        contact_id=contact_id,
        at=now,
        kind=kind,
        justification=justification,
        restricted=contact.restricted,
    )
    return True


def reason_to_open(contact_id: UUID, *, kind: str) -> str | None:
    """Why this agent may open it, None where they have to say so first; for what writes a line of its own.

    Raises NotFound, after writing the refusal down.
    """
    agent = current_agent()
    return _justification(_theirs(contact_id, agent, kind), agent)[0]


def _theirs(contact_id: UUID, agent: SignedInAgent, kind: str) -> Contact:
    contact = contacts.find(database.session()(), contact_id=contact_id)
    if contact is None:
        raise refused(contact_id, why="not_found_or_not_theirs", kind=kind)
    if _names_the_agent(contact, agent):
        raise refused(contact_id, why="own_name", kind=kind)
    return contact


def refused(contact_id: UUID, *, why: str, kind: str = "contact") -> NotFound:
    """Write down that this agent asked for what is not theirs to open; the answer is as if there were nothing."""
    audit.record(
        database.session()(), Event.OPENING_REFUSED, at=clock.utcnow(), kind=kind, why=why, asked_id=contact_id
    )
    commit_anyway()
    return NotFound(kind="contact", key=str(contact_id))


def justify(contact_id: UUID, code: str) -> None:
    """Remember the reason that an agent gave for opening this contact, for this session."""
    held = dict(web_session().get(_JUSTIFIED, {}))
    held.pop(str(contact_id), None)
    held[str(contact_id)] = code
    web_session()[_JUSTIFIED] = dict(list(held.items())[-_REMEMBERED:])


def remember_found(contact_ids: Iterable[UUID], by: Iterable[str]) -> None:
    """What the last search of this session found, and by which kinds: opening one of them is justified by it."""
    web_session()[_FOUND] = {"ids": [str(each) for each in contact_ids], "by": list(by)}


def _justification(contact: Contact, agent: SignedInAgent) -> tuple[str | None, list[str]]:
    """The reason in the work, and the kinds of a search that led here."""
    entries = triage.list_entries(database.session()(), contact_id=contact.id)
    if any(entry.state == EntryState.HELD and entry.holder_id == agent.id for entry in entries):
        return "held", []
    found = web_session().get(_FOUND, {})
    if str(contact.id) in found.get("ids", ()):
        return "searched", list(found["by"])
    offers = triage.list_transfers(database.session()(), contact_id=contact.id) if len(contact.force_ids) > 1 else []
    forces = agent.actor.contact_forces
    if any(each.accepted_at is None and each.to_force_id in forces for each in offers):
        return "offered", []
    if any(entry.state in (EntryState.WAITING, EntryState.WITH_BOT, EntryState.SNOOZED) for entry in entries):
        return "in_the_queue", []
    if any(may(agent.actor, Permission.SUPERVISE, entry.force_id) for entry in entries):
        return "supervising", []
    given = web_session().get(_JUSTIFIED, {}).get(str(contact.id))
    return (str(given), []) if given else (None, [])


def _names_the_agent(contact: Contact, agent: SignedInAgent) -> bool:
    return own_name.is_named(database.session()(), contact_id=contact.id, name=agent.name, email=agent.email)


def still_theirs(contact_id: UUID) -> dt.datetime:
    """For forms: the contact is one this agent may see, or the attempt is written down. Answers the request's time."""
    agent = current_agent()
    if not own_name.may_work(database.session()(), contact_id=contact_id, name=agent.name, email=agent.email):
        raise refused(contact_id, why="not_found_or_not_theirs", kind="form")
    return clock.utcnow()

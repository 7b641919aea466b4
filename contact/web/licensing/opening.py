"""Opening an application is an act with a justification drawn from the work, written down before it is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from contact.domain.errors import NotFound
from contact.domain.events import Event
from contact.domain.licensing.application_states import OPEN_STATES
from contact.services import own_name
from contact.services.licensing.reviews import Own
from contact.store import applications, audit, licensing_work
from contact.store.applications import Application
from contact.web.shared import clock, database
from contact.web.shared.request_actor import SignedInAgent, current_agent
from contact.web.shared.session import web_session
from contact.web.shared.transaction import commit_anyway

_JUSTIFIED, _FOUND = "licensing_justified", "licensing_found"
_REMEMBERED = 20


def open_application(contact_id: UUID, *, kind: str = "application") -> bool:
    """Write down that this officer opens it; False where no work of theirs leads there and no reason was given.

    Another desk's, another force's and none at all look the same. Raises NotFound, after writing the refusal down.
    """
    justification = reason_to_open(contact_id, kind=kind)
    if justification is None:
        return False
    application = applications.get(database.session()(), contact_id=contact_id)
    audit.record(
        database.session()(),
        Event.OPENED,
        force_id=application.force_id,
        contact_id=contact_id,
        at=clock.utcnow(),
        kind=kind,
        justification=justification,
        restricted=False,
    )
    return True


def reason_to_open(contact_id: UUID, *, kind: str) -> str | None:
    """Why this officer may open it; None where they have to say so first. Raises NotFound, as above."""
    agent = current_agent()
    application = _theirs(contact_id, agent, kind)
    if application.officer_id == agent.id:
        return "own_case"
    if str(contact_id) in web_session().get(_FOUND, ()):
        return "searched"
    if application.state in OPEN_STATES:
        return "in_the_caseload"
    decided = licensing_work.list_decisions(database.session()(), contact_id=contact_id)
    if any(each.agent_id == agent.id for each in decided):
        return "own_decision"
    done = audit.list_for_contact(database.session()(), contact_id=contact_id)
    if any(each.agent_id == agent.id and each.name == Event.APPLICATION_MOVED for each in done):
        return "own_work"  # such as who recorded that it was withdrawn, and is shown what they recorded
    given = web_session().get(_JUSTIFIED, {}).get(str(contact_id))
    return str(given) if given else None


def still_theirs(contact_id: UUID) -> dt.datetime:
    """For forms: the application is one this officer may see, or the attempt is written down. Answers the time."""
    _theirs(contact_id, current_agent(), "form")
    return clock.utcnow()


def _theirs(contact_id: UUID, agent: SignedInAgent, kind: str) -> Application:
    orm = database.session()()
    found = applications.find(orm, contact_id=contact_id)
    if found is None:
        raise refused(contact_id, why="not_found_or_not_theirs", kind=kind)
    if own_name.is_named(orm, contact_id=contact_id, name=agent.name, email=agent.email):
        raise refused(contact_id, why="own_name", kind=kind)  # nobody opens their own application (practice 8)
    return found


def refused(asked_id: UUID, *, why: str, kind: str) -> NotFound:
    """Write down that this officer asked for what is not theirs; the answer is as if there were nothing."""
    audit.record(database.session()(), Event.OPENING_REFUSED, at=clock.utcnow(), kind=kind, why=why, asked_id=asked_id)
    commit_anyway()
    return NotFound(kind="application", key=str(asked_id))


def justify(contact_id: UUID, code: str) -> None:
    """Remember the reason that an officer gave for opening what is decided, for this session."""
    held = dict(web_session().get(_JUSTIFIED, {}))
    held.pop(str(contact_id), None)
    held[str(contact_id)] = code
    web_session()[_JUSTIFIED] = dict(list(held.items())[-_REMEMBERED:])


def own() -> Own:
    """The name and address of this officer."""
    agent = current_agent()
    return Own(agent.name, agent.email)


def known_applications() -> frozenset[str]:
    """Applications that this session's last search found, or that a reason was given for."""
    return frozenset({*web_session().get(_FOUND, ()), *web_session().get(_JUSTIFIED, {})})


def remember_found(contact_ids: Iterable[UUID]) -> None:
    """What the last search of this session found: opening one of them is justified by it."""
    web_session()[_FOUND] = [str(each) for each in contact_ids]

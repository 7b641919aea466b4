"""The door of every request: finds out who is there, lets in whom the endpoint names, and refuses by default."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import SIGNIN, Actor, ActorKind, Permission, may
from contact.domain.errors import Forbidden, StepUpNeeded
from contact.domain.events import Event
from contact.extensions import csrf
from contact.store import agents, audit
from contact.web.shared import clock, database
from contact.web.shared.access import Access, AccessKind, access_of
from contact.web.shared.cookies import CONTROL_ROOM, Audience
from contact.web.shared.failures import NotProven, SignedOut
from contact.web.shared.proofs import has_proven_draft, has_proven_upload_link, proven_contact
from contact.web.shared.request_actor import SignedInAgent, find_agent, speak_for
from contact.web.shared.session import web_session
from contact.web.shared.staff_places import staff_home
from contact.web.shared.streamed_body import check_token, is_streamed
from contact.web.shared.transaction import commit_anyway

FRONT_DOOR = CONTROL_ROOM + "/"
"""Whoever may not see the queue that stands there goes to the first place that their roles open."""
STEP_UP_LASTS = timedelta(minutes=15)


def init_guard(app: Flask) -> None:
    """Stand at the door: before every view, after the session's cookie was read."""

    @app.before_request
    def guard() -> ResponseReturnValue | None:
        if request.endpoint is None:
            speak_for(Actor(kind=ActorKind.CITIZEN))
            return None
        access = access_of(app, request.endpoint)
        if access is None:
            raise Forbidden(permission="undeclared")
        if access.kind is AccessKind.WEBHOOK:
            speak_for(None)
            return None
        web_session().background = access.background
        answer = _let_in(access)
        if answer is None and is_streamed(app, request.endpoint):
            check_token()
        elif answer is None:
            csrf.protect()
        return answer


def _let_in(access: Access) -> ResponseReturnValue | None:
    if web_session().audience is Audience.AGENT:
        _recognise_agent()
    else:
        speak_for(Actor(kind=ActorKind.CITIZEN))
    if access.kind is AccessKind.REQUIRES and access.permission is not None:
        return _agent_may(access.permission, step_up=access.step_up)
    if access.kind is AccessKind.PROVEN:
        _citizen_has_proven()
    return None


def _recognise_agent() -> None:
    """Speak for the agent whose session this is; roles and grants are read anew at every request."""
    orm, now = database.session()(), clock.utcnow()
    speak_for(SIGNIN)
    agent_id = web_session().agent_id if web_session().came_with_cookie else None
    found = agents.find_signed_in(orm, agent_id=agent_id, now=now) if agent_id else None
    if found is not None:
        speak_for(found.actor, SignedInAgent(id=found.id, name=found.name, email=found.email, actor=found.actor))


def _agent_may(permission: Permission, *, step_up: bool) -> ResponseReturnValue | None:
    agent = find_agent()
    if agent is None:
        raise SignedOut
    if not may(agent.actor, permission):
        if request.method == "GET" and request.path == FRONT_DOOR:
            return redirect(staff_home())
        audit.record(database.session()(), Event.OPENING_REFUSED, kind="page", why=permission.value)
        commit_anyway()
        raise Forbidden(permission=permission.value)
    stepped_up_at = web_session().stepped_up_at
    if step_up and (stepped_up_at is None or clock.utcnow() - stepped_up_at > STEP_UP_LASTS):
        if request.method == "GET":
            return redirect(url_for("auth.step_up", next=request.full_path.rstrip("?")))
        raise StepUpNeeded
    return None


def _citizen_has_proven() -> None:
    names = request.view_args or {}
    draft_id, reference, link_id = names.get("draft_id"), names.get("reference"), names.get("link_id")
    contact_id = proven_contact(reference) if reference else None
    if draft_id is not None and has_proven_draft(draft_id):
        speak_for(Actor(kind=ActorKind.CITIZEN, draft_id=draft_id, contact_id=contact_id))
    elif contact_id is not None:
        speak_for(Actor(kind=ActorKind.CITIZEN, contact_id=contact_id))
    elif link_id is not None and has_proven_upload_link(link_id):
        speak_for(Actor(kind=ActorKind.CITIZEN))  # the link's own service speaks for its contact, where it still may
    else:
        raise NotProven(what="draft" if draft_id is not None else "contact")

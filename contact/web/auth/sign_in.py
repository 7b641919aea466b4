"""Signing in: email, password and code on one page; signing out."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from contact.domain.access import SIGNIN
from contact.domain.errors import SignInRefused
from contact.domain.events import Event
from contact.services import accounts
from contact.services.accounts import SignedIn
from contact.store import agents, audit
from contact.web.auth.blueprint import room
from contact.web.auth.demonstration import demo_sign_ins
from contact.web.auth.forms import SignInForm
from contact.web.auth.keys import sealing_key
from contact.web.shared import clock, database
from contact.web.shared.access import public
from contact.web.shared.addresses import safe_next
from contact.web.shared.cookies import Audience
from contact.web.shared.limits import limit
from contact.web.shared.request_actor import SignedInAgent, find_agent, speak_for
from contact.web.shared.session import web_session
from contact.web.shared.staff_places import staff_home
from contact.web.shared.transaction import commit_anyway

_REFUSED = "The email address, password or code is not right, or the account is locked for a while"


@room.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The form; somebody who is signed in already goes on."""
    if find_agent() is not None:
        return redirect(_onward())
    return _page(SignInForm(formdata=None))


@room.post("/sign-in")
@public
def try_sign_in() -> ResponseReturnValue:
    """Sign in, or say that something was wrong without saying what."""
    form = SignInForm()
    limit("sign-in-address", at_most=300, window=timedelta(minutes=10))
    if not form.validate():
        return _page(form), 400
    email, now = str(form.email.data), clock.utcnow()
    limit("sign-in-email", subject=email.strip().lower(), at_most=20, window=timedelta(minutes=10))
    orm = database.session()()
    try:
        signed_in = accounts.sign_in(
            orm, email=email, password=str(form.password.data), code=str(form.code.data), key=sealing_key(), now=now
        )
    except SignInRefused:
        commit_anyway()
        form.email.errors = [_REFUSED]
        return _page(form), 401
    begin_session(signed_in)
    return redirect(_onward())


@room.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this session."""
    if find_agent() is not None:
        audit.record(database.session()(), Event.SIGNED_OUT, at=clock.utcnow(), how="button")
    web_session().end()
    return redirect("/control-room/sign-in")


def begin_session(signed_in: SignedIn) -> None:
    """A new session id for the agent, and from here on the request speaks for them."""
    orm, now = database.session()(), clock.utcnow()
    speak_for(SIGNIN)
    found = agents.find_signed_in(orm, agent_id=signed_in.agent_id, now=now)
    if found is None:
        raise SignInRefused
    speak_for(found.actor, SignedInAgent(id=found.id, name=found.name, email=found.email, actor=found.actor))
    web_session().sign_in(signed_in.agent_id)
    accounts.note_signed_in(orm, signed_in, roles=found.actor.force_roles, now=now)


def _onward() -> str:
    return safe_next(request.args.get("next"), Audience.AGENT) or staff_home()


def _page(form: SignInForm) -> str:
    return render_template("auth/sign_in.html", form=form, demonstration=demo_sign_ins())

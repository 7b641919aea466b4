"""One's own account: roles, where one is signed in, recovery codes."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.services import accounts
from contact.store import agents, sessions
from contact.web.auth.blueprint import room
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent
from contact.web.shared.session import web_session


@room.get("/account")
@requires(Permission.OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    """What the agent may know and do about their own account."""
    orm, now, agent = database.session()(), clock.utcnow(), current_agent()
    return render_template(
        "auth/account.html",
        roles=sorted((force_id, sorted(roles)) for force_id, roles in agent.actor.force_roles.items()),
        codes_left=agents.recovery_codes_left(orm, agent_id=agent.id),
        here=web_session().cookie.id_hash,
        places=sessions.list_of_agent(orm, agent_id=agent.id, now=now),
    )


@room.post("/account/sign-out-everywhere")
@requires(Permission.OWN_ACCOUNT)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of one's own, this one too."""
    accounts.sign_out_everywhere(database.session()(), agent_id=current_agent().id, now=clock.utcnow())
    web_session().end()
    return redirect("/control-room/sign-in")


@room.get("/account/recovery-codes")
@requires(Permission.OWN_ACCOUNT, step_up=True)
def recovery_codes() -> ResponseReturnValue:
    """Ask before the old codes die."""
    return render_template("auth/new_recovery_codes.html")


@room.post("/account/recovery-codes")
@requires(Permission.OWN_ACCOUNT, step_up=True)
def new_recovery_codes() -> ResponseReturnValue:
    """Ten new codes in place of the old ones, shown this once."""
    codes = accounts.make_recovery_codes(database.session()(), agent_id=current_agent().id, now=clock.utcnow())
    return render_template("auth/recovery_codes.html", codes=codes, fresh=False)

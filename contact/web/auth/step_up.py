"""The second factor again, before something that should not be done from a screen left alone."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import SignInRefused
from contact.services import accounts
from contact.web.auth.blueprint import room
from contact.web.auth.forms import CodeForm
from contact.web.auth.keys import sealing_key
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.addresses import safe_next
from contact.web.shared.cookies import Audience
from contact.web.shared.request_actor import current_agent
from contact.web.shared.session import web_session
from contact.web.shared.transaction import commit_anyway


@room.get("/step-up")
@requires(Permission.OWN_ACCOUNT)
def step_up() -> ResponseReturnValue:
    """Ask for a code."""
    return render_template("auth/step_up.html", form=CodeForm(formdata=None))


@room.post("/step-up")
@requires(Permission.OWN_ACCOUNT)
def try_step_up() -> ResponseReturnValue:
    """Take the code and go on; wrong ones count towards the lock."""
    form = CodeForm()
    if not form.validate():
        return render_template("auth/step_up.html", form=form), 400
    try:
        accounts.step_up(
            database.session()(),
            agent_id=current_agent().id,
            code=str(form.code.data),
            key=sealing_key(),
            now=clock.utcnow(),
            purpose="administration",
        )
    except SignInRefused:
        commit_anyway()
        form.code.errors = ["The code is not right, was used before, or the account is locked for a while"]
        return render_template("auth/step_up.html", form=form), 401
    web_session().step_up()
    return redirect(safe_next(request.args.get("next"), Audience.AGENT) or "/control-room/account")

"""The one-time link: choose a password, set up an authenticator, keep ten recovery codes."""

from __future__ import annotations

import io
from datetime import timedelta

import segno
from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from contact.domain.errors import PasswordTooWeak, SignInRefused
from contact.services import accounts, second_factor
from contact.services.accounts import LinkHolder, SignedIn
from contact.web.auth.blueprint import room
from contact.web.auth.forms import SetUpForm
from contact.web.auth.keys import sealing_key
from contact.web.auth.sign_in import begin_session
from contact.web.shared import clock, database
from contact.web.shared.access import public
from contact.web.shared.limits import limit

_WEAK = {
    "short": "The password must be 12 characters or more",
    "long": "The password must be 256 characters or fewer",
    "common": "Choose a password that is harder to guess: three or four words that do not belong together work well",
    "contains_name": "The password must not contain your name",
    "contains_email": "The password must not contain your email address",
}


@room.get("/invitation/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """The page behind the link; looking at it uses nothing up."""
    return _page(SetUpForm(formdata=None), _holder(token))


@room.post("/invitation/<token>")
@public
def use_invitation(token: str) -> ResponseReturnValue:
    """Set the agent up, sign them in, and show the recovery codes this once."""
    limit("invitation", at_most=60, window=timedelta(minutes=10))
    form, holder, now = SetUpForm(), _holder(token), clock.utcnow()
    if not form.validate():
        return _page(form, holder), 400
    try:
        codes = accounts.use_link(
            database.session()(),
            token=token,
            password=str(form.password.data),
            code=str(form.code.data),
            key=sealing_key(),
            now=now,
        )
    except PasswordTooWeak as weak:
        form.password.errors = [_WEAK[weak.reason]]
        return _page(form, holder), 400
    except SignInRefused:
        form.code.errors = [
            "That is not the code. Wait for the next one and check that the clock of your phone is right"
        ]
        return _page(form, holder), 400
    begin_session(SignedIn(holder.agent_id, "totp"))
    return render_template("auth/recovery_codes.html", codes=codes, fresh=True)


def _holder(token: str) -> LinkHolder:
    return accounts.holder_of_link(database.session()(), token=token, key=sealing_key(), now=clock.utcnow())


def _page(form: SetUpForm, holder: LinkHolder) -> str:
    address = second_factor.authenticator_address(holder.secret, email=holder.email)
    return render_template("auth/invitation.html", form=form, holder=holder, square=_square(address))


def _square(text: str) -> Markup:
    """The address as a square to scan: SVG without style, so that the page's policy holds."""
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, svgclass="staff-qr", lineclass=None, omitsize=True, border=1,
        title="Square for the authenticator app",
    )  # fmt: skip
    return Markup(out.getvalue().decode())  # noqa: S704 - made by segno from our own address

"""The demonstration's own pages: mail that left, telephones that rang, a form that is wrong. In demo mode alone."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.demo.mail_sink import list_kept, outbox_folder
from contact.demo.phone import Phone, StandInAway
from contact.settings import Settings
from contact.web.shared.access import public
from forms import FormDefinitionError

room = Blueprint("demo", __name__, url_prefix="/demo")


def _settings() -> Settings:
    settings: Settings = current_app.config["CONTACT_SETTINGS"]
    return settings


@room.get("/outbox")
@public
def outbox() -> ResponseReturnValue:
    """Every mail that left, newest first, as it would have arrived."""
    return render_template("demo/outbox.html", mails=list_kept(outbox_folder(_settings().home)))


@room.get("/phone")
@public
def phone() -> ResponseReturnValue:
    """Every call and text, newest first."""
    try:
        calls, texts = Phone(_settings()).received()
    except StandInAway:
        return render_template("demo/phone.html", calls=[], texts=[], away=True, late=False)
    return render_template("demo/phone.html", calls=calls, texts=texts, away=False, late="late" in request.args)


@room.app_errorhandler(FormDefinitionError)
def definition_wrong(error: FormDefinitionError) -> ResponseReturnValue:
    """Whoever writes a form reads here what is wrong; a service says only that it failed."""
    return render_template("demo/definition_wrong.html", where=error.where, what=error.what), 500


@room.post("/phone/<sid>/answer")
@public
def answer(sid: str) -> ResponseReturnValue:
    """Pick up, and press the key that was chosen, or none."""
    return _back(lambda phone: phone.answer(sid, digits=_digits()))


@room.post("/phone/<sid>/press")
@public
def press(sid: str) -> ResponseReturnValue:
    """Press a key in a call that runs."""
    return _back(lambda phone: phone.press(sid, digits=_digits()))


def _digits() -> str:
    digits = request.form.get("digits", "")
    return digits if digits.isascii() and digits.isdigit() and len(digits) == 1 else ""


def _back(act: Callable[[Phone], bool]) -> ResponseReturnValue:
    try:
        done = act(Phone(_settings()))
    except StandInAway:
        done = False
    return redirect(url_for("demo.phone") if done else url_for("demo.phone", late=1), 303)

"""The demonstration's own pages: mail that left, a form that is wrong. In demo mode alone."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from contact.demo.mail_sink import list_kept, outbox_folder
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


@room.app_errorhandler(FormDefinitionError)
def definition_wrong(error: FormDefinitionError) -> ResponseReturnValue:
    """Whoever writes a form reads here what is wrong; a service says only that it failed."""
    return render_template("demo/definition_wrong.html", where=error.where, what=error.what), 500

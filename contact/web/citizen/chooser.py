"""What can be reported here, and where else to go for what cannot."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

import forms
from contact.domain import signposts
from contact.web.citizen.blueprint import room
from contact.web.shared.access import public


@room.get("/report/")
@public
def chooser() -> ResponseReturnValue:
    """The list of forms, danger first."""
    found = sorted(forms.load_all().values(), key=lambda form: form.title.en)
    elsewhere = signposts.list_all()
    return render_template("citizen/chooser.html", forms=found, force_id=request.args.get("force"), elsewhere=elsewhere)

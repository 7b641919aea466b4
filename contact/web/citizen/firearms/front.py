"""The front of firearms licensing: what one can do here, what one needs, how long it takes."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

import forms
from contact.web.citizen.blueprint import room
from contact.web.citizen.chooser import ways
from contact.web.citizen.start import known_force
from contact.web.shared.access import public
from contact.web.shared.language import current_language
from forms.doors import load_doors

PREFIX = "firearms-"
"""What the names of all licensing forms begin with."""
MAIN = "firearms-certificate"


@room.get("/firearms/")
@public
def firearms() -> ResponseReturnValue:
    """Every licensing form that has a door, and what to have ready."""
    doors = [door for door in load_doors() if (door.form or "").startswith(PREFIX)]
    force_id = known_force()
    main = forms.compile_for(MAIN, force_id).form if MAIN in forms.form_ids() else None
    return render_template(
        "citizen/firearms/front.html",
        ways=ways(doors, current_language(), force_id),
        minutes=main.estimated_minutes if main else None,
        force_id=force_id,
    )

"""What can be reported here, and where else to go for what cannot."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

import forms
from contact.web.citizen.blueprint import room
from contact.web.shared.access import public
from contact.web.shared.language import gettext


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One matter that has no form here yet, and its door (practice 7)."""

    what: str
    words: str
    url: str = ""
    link: str = ""
    number: str = ""


def elsewhere() -> list[Elsewhere]:
    """Doors for the matters that people most often bring to the wrong place."""
    return [
        Elsewhere(
            gettext("A child is at risk, or you are under 18 and need help"),
            gettext("Call 999 if it is happening now, 101 if not. Under 18, you can talk to Childline, free:"),
            number="0800 1111",
        ),
        Elsewhere(
            gettext("Abuse by a partner, ex or family"),
            gettext("Call 101 when it is safe to. The National Domestic Abuse Helpline is free, day and night:"),
            number="0808 2000 247",
        ),
        Elsewhere(
            gettext("Terrorism"),
            gettext("Something that could be terrorism, and not happening now:"),
            url="https://act.campaign.gov.uk",
            link="act.campaign.gov.uk",
            number="0800 789 321",
        ),
        Elsewhere(
            gettext("Fraud or cyber crime"),
            gettext("If money is about to move, ring your bank on 159 first. Then, in Scotland call 101; elsewhere:"),
            url="https://www.reportfraud.police.uk",
            link="reportfraud.police.uk",
            number="0300 123 2040",
        ),
        Elsewhere(
            gettext("You do not want to say who you are"),
            gettext("Crimestoppers is a charity, not the police, and never asks your name:"),
            number="0800 555 111",
        ),
        Elsewhere(gettext("Anything else"), gettext("Call 101, day or night:"), number="101"),
    ]


@room.get("/report/")
@public
def chooser() -> ResponseReturnValue:
    """The list of forms, danger first."""
    found = sorted(forms.load_all().values(), key=lambda form: form.title.en)
    return render_template(
        "citizen/chooser.html", forms=found, force_id=request.args.get("force"), elsewhere=elsewhere()
    )

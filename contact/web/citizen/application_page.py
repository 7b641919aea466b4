"""An application for its applicant: plain words, what is awaited of them, messages; never what others were asked."""

from __future__ import annotations

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from contact.domain.licensing.application_states import PublicState
from contact.domain.licensing.kinds import Kind, Licence
from contact.domain.licensing.visits import VisitState
from contact.services import conversations
from contact.services.licensing import status
from contact.services.licensing.status import Status
from contact.services.progress import Progress
from contact.store.identifiers import new_id
from contact.web.citizen.wording import said, told_day, told_when
from contact.web.shared import clock, database
from contact.web.shared.language import gettext

PAY = "citizen.pay"
"""The page where a fee is paid, once there is one."""


def application_page(report: Progress, *, form: Form, errors: list[dict[str, str]], notice: str) -> ResponseReturnValue:
    """The page of a proven application, with what was typed where something was wrong with it."""
    session, reference = database.session()(), report.reference
    found = status.of_application(session, contact_id=report.contact_id, now=clock.utcnow())
    thread = conversations.citizen_thread(session, contact_id=report.contact_id)
    return render_template(
        "citizen/application/status.html",
        reference=reference,
        title=title(found),
        key=str(new_id()),
        form=form,
        errors=errors,
        notice=notice,
        state=state_in_words(found),
        tag=tag(found.public),
        action=found.public is PublicState.ACTION_NEEDED,
        declared=told_day(found.declared_at),
        in_time=in_time(found),
        fee=fee_in_words(found),
        asks=asks(found, reference),
        called_off=told_when(found.called_off.slot.starts_at) if found.called_off and found.called_off.slot else "",
        visit_at=told_when(found.visit.slot.starts_at) if found.visit and found.visit.slot else "",
        may_withdraw=found.open,
        messages=said(thread),
    )


def title(found: Status) -> str:
    """What was applied for or told, as the person would say it; never which gun (practice 27)."""
    if found.kind is Kind.RENEWAL:
        return _renewals().get(found.licence, gettext("Your renewal"))
    if found.kind is Kind.GRANT:
        return _grants().get(found.licence, gettext("Your licensing application"))
    return {
        Kind.VARIATION: gettext("The change of your firearm certificate"),
        Kind.REPLACEMENT: gettext("The new copy of your certificate"),
        Kind.CHANGE: gettext("Your new name or address"),
        Kind.VISITOR_PERMIT: gettext("The permit for your visitor"),
        Kind.TRANSFER_NOTICE: gettext("Your notice that a gun changed hands"),
        Kind.SURRENDER: gettext("What you want to give up"),
        Kind.DEALER: gettext("Your gun dealer application"),
    }.get(found.kind, gettext("Your licensing application"))


def _renewals() -> dict[Licence, str]:
    return {
        Licence.SHOTGUN: gettext("Your shotgun certificate renewal"),
        Licence.FIREARM: gettext("Your firearm certificate renewal"),
        Licence.COTERMINOUS: gettext("The renewal of both your certificates"),
    }


def _grants() -> dict[Licence, str]:
    return {
        Licence.SHOTGUN: gettext("Your application for a shotgun certificate"),
        Licence.FIREARM: gettext("Your application for a firearm certificate"),
        Licence.COTERMINOUS: gettext("Your application for both certificates"),
    }


def tag(public: PublicState) -> str:
    """The state in two words."""
    return {
        PublicState.RECEIVED: gettext("Received"),
        PublicState.BEING_CHECKED: gettext("Being checked"),
        PublicState.VISIT_ARRANGED: gettext("Visit arranged"),
        PublicState.DECIDED: gettext("Decided"),
        PublicState.ACTION_NEEDED: gettext("We need something from you"),
    }[public]


def state_in_words(found: Status) -> str:
    """One sentence: where it stands now."""
    if found.decided == "withdrawn":
        return gettext("Your application is withdrawn. See our message below.")
    return {
        PublicState.RECEIVED: gettext("We have your application. A person will look at it."),
        PublicState.BEING_CHECKED: gettext("We are checking your application. You do not need to do anything now."),
        PublicState.VISIT_ARRANGED: gettext("We will visit you at the time that stands below."),
        PublicState.DECIDED: gettext("We have decided. We will write to you about it."),
        PublicState.ACTION_NEEDED: gettext("We need something from you before we can go on."),
    }[found.public]


def in_time(found: Status) -> str:
    """Said back plainly (practice 28): whether the declaration came in time; nothing later moves it."""
    if found.in_time is None:
        return ""
    return gettext("Yes") if found.in_time else gettext("No")


def fee_in_words(found: Status) -> str:
    """How the fee stands once it was paid; "" before."""
    if found.paid:
        return gettext("Paid. See your receipt")
    return gettext("Paid back to you") if found.paid_back else ""


def asks(found: Status, reference: str) -> list[dict[str, str]]:
    """What the applicant is asked to do, each with its link."""
    wanted: list[dict[str, str]] = []
    if found.pays_now and PAY in current_app.view_functions:
        wanted.append({"words": gettext("Pay the fee"), "href": url_for(PAY, reference=reference)})
    if found.visit is not None and found.visit.state is VisitState.OFFERED and found.visit.slots:
        words = gettext("Choose a time for our visit")
        wanted.append({"words": words, "href": url_for("citizen.application_visit", reference=reference)})
    if found.public is PublicState.ACTION_NEEDED and not wanted:
        wanted.append({"words": gettext("Read our message, and answer it"), "href": "#messages"})
    return wanted

"""The receipt: what a person holds after sending. It survives being bookmarked while the session proves it."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import forms
from contact.domain import reference as references
from contact.domain.licensing.kinds import PaymentStanding
from contact.domain.taxonomy import Grade
from contact.services import intake
from contact.services.drafts import DraftView
from contact.services.intake import Receipt
from contact.services.keys import Keys
from contact.store import applications, forces
from contact.web.citizen import equality
from contact.web.citizen.blueprint import room, settings, wear
from contact.web.citizen.journey import go_on_url, opened
from contact.web.citizen.online_access import must_be_open, must_be_sender
from contact.web.citizen.wording import Line, answer_line, line, look_line, safe_contact_in_words, told_when
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.language import current_language, gettext
from contact.web.shared.request_actor import act_for_contact


@room.get("/report/<form_id>/<uuid:draft_id>/sent")
@proven
def sent(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """Reference, four words, what happens next and when, how we reach the person, a copy to keep."""
    draft = opened(form_id, draft_id)
    if draft.contact_id is None:
        return redirect(go_on_url(draft, None), 303)
    must_be_sender(draft.contact_id)
    session, language = database.session()(), current_language()
    act_for_contact(draft.contact_id)
    must_be_open(draft.contact_id)
    receipt = intake.receipt(session, contact_id=draft.contact_id, keys=Keys.from_settings(settings()))
    wear(receipt.force_id)
    if draft.form.desk is forms.Desk.LICENSING:
        return _application_sent(draft, receipt)
    return render_template(
        "citizen/sent.html",
        reference=receipt.reference,
        aloud=references.spell(receipt.reference, language),
        words=receipt.access_words.replace("-", " "),
        force_name=forces.get(session, force_id=receipt.force_id).name_in(language),
        received=gettext("Received %(when)s.") % {"when": told_when(receipt.received_at)},
        sensitive=draft.form.sensitive,
        timeline=next_steps(receipt),
        # The form's own promise speaks of ordinary reports; a graver one has only its clocks.
        steps=[] if _urgent(receipt) else [step.in_(language) for step in draft.form.promise.steps],
        safe_words=safe_contact_in_words(receipt.safe_contact),
        copy_url=url_for("citizen.copy", form_id=draft.form.id, draft_id=draft.id),
        equality_url=_equality_url(draft, receipt),
        thanked="thanks" in request.args,
        progress_url=url_for("citizen.progress", reference=receipt.reference),
        help=draft.form.blocks(draft.form.help, draft.answers, clock.utcnow()) if draft.form.sensitive else [],
    )


def _application_sent(draft: DraftView, receipt: Receipt) -> ResponseReturnValue:
    """The receipt of an application: no clock of the control room, but whether it came in time (practice 28)."""
    language = current_language()
    application = applications.get(database.session()(), contact_id=receipt.contact_id)
    return render_template(
        "citizen/application/sent.html",
        reference=receipt.reference,
        aloud=references.spell(receipt.reference, language),
        words=receipt.access_words.replace("-", " "),
        force_name=forces.get(database.session()(), force_id=receipt.force_id).name_in(language),
        received=gettext("Received %(when)s.") % {"when": told_when(receipt.received_at)},
        in_time=application.in_time,
        pay_first=application.payment == PaymentStanding.DUE,
        steps=[step.in_(language) for step in draft.form.promise.steps],
        safe_words=safe_contact_in_words(receipt.safe_contact),
        copy_url=url_for("citizen.copy", form_id=draft.form.id, draft_id=draft.id),
        equality_url=_equality_url(draft, receipt),
        thanked="thanks" in request.args,
        progress_url=url_for("citizen.progress", reference=receipt.reference),
    )


def next_steps(receipt: Receipt) -> list[Line]:
    """What has happened and what comes, with its times: the clocks, not hopes."""
    return [
        line(gettext("You sent your report"), receipt.received_at),
        look_line(receipt.received_at, receipt.look_by),
        answer_line(receipt.received_at, receipt.answer_by),
    ]


def _equality_url(draft: DraftView, receipt: Receipt) -> str:
    """The way to the optional questions; nobody in danger is shown it, and nobody who has answered."""
    if receipt.grade is Grade.EMERGENCY or equality.answered(draft):
        return ""
    return url_for("citizen.equality_questions", form_id=draft.form.id, draft_id=draft.id)


def _urgent(receipt: Receipt) -> bool:
    return receipt.grade in (Grade.EMERGENCY, Grade.PRIORITY)

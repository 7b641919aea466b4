"""Check your answers, choose between forces where a border asks, and send: stored first, then said (scenario 17)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.screen import screen_all
from contact.services import drafts, intake, points
from contact.services.drafts import DraftView
from contact.services.keys import Keys
from contact.store import forces
from contact.store.forces import ForceView
from contact.web.citizen.blueprint import room, settings
from contact.web.citizen.evidence_draft import sending, some_missing
from contact.web.citizen.firearms.approval import Gate, standing_of
from contact.web.citizen.firearms.sender import note_sender
from contact.web.citizen.ground import ground_of
from contact.web.citizen.journey import (
    change_url,
    check_url,
    dress,
    found,
    go_on_url,
    opened,
    page_url,
    sent_url,
    tasks_url,
)
from contact.web.citizen.return_later import saved_page
from contact.web.citizen.wording import safe_contact_in_words
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.frame import not_live
from contact.web.shared.language import current_language, gettext
from contact.web.shared.proofs import prove_contact
from contact.web.shared.request_actor import act_for_contact
from forms import Desk

_ADDRESS = "/report/<form_id>/<uuid:draft_id>/check"


@room.get(_ADDRESS)
@proven
def check_answers(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """Everything that is about to be sent."""
    draft = opened(form_id, draft_id)
    if draft.contact_id is not None or not draft.form.is_complete(draft.answers, clock.utcnow()):
        return redirect(go_on_url(draft, None), 303)
    if standing_of(draft).gate is not Gate.OPEN:
        return redirect(tasks_url(draft), 303)
    return _page(draft, [])


@room.post(_ADDRESS)
@proven
def send(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """Send it once: a second press, a reload or a replay shows the same receipt."""
    draft = found(form_id, draft_id)
    if draft.contact_id is not None:
        return redirect(sent_url(draft), 303)
    if request.form.get("go") == "save":
        return saved_page(draft, None)
    now = clock.utcnow()
    if not draft.form.is_complete(draft.answers, now):
        return redirect(go_on_url(draft, None), 303)
    ground, session = ground_of(draft), database.session()()
    if standing_of(draft).gate is not Gate.OPEN:
        if ground.force_id is not None:
            drafts.choose_force(session, draft_id=draft.id, force_id=ground.force_id)
        return redirect(tasks_url(draft), 303)
    if request.form.get("go") != "without_files" and some_missing(draft):
        dress(draft)
        return _page(draft, [{"text": gettext("Some of your files are not with us"), "href": "#files-missing"}])
    if ground.force_id is None:
        dress(draft)
        return _page(draft, [{"text": gettext("Choose a police force"), "href": "#force"}])
    receipt = intake.submit(
        session, draft_id=draft.id, keys=Keys.from_settings(settings()), now=now, force_id=ground.force_id
    )
    prove_contact(receipt.reference, receipt.contact_id, new_id=False)
    act_for_contact(receipt.contact_id)
    if draft.form.desk is Desk.LICENSING:
        note_sender(receipt.contact_id)
    return redirect(sent_url(draft), 303)


def _page(draft: DraftView, errors: list[dict[str, str]]) -> ResponseReturnValue:
    now, language, form = clock.utcnow(), current_language(), draft.form
    ground = ground_of(draft)
    named = [{"id": force.id, "name": _named(force, language)} for force in ground.choice]
    going = forces.find(database.session()(), force_id=ground.force_id) if ground.force_id and not ground.asks else None
    if going is not None and not going.live:
        not_live()
    files = sending(draft)
    return render_template(
        "citizen/check_answers.html",
        errors=errors,
        back_url=_last_page(draft),
        sections=_sections(draft, files.rows),
        missing=files.missing,
        application=form.desk is Desk.LICENSING,
        has_files=any(files.rows.values()),
        danger=_danger(draft),
        danger_url=url_for("citizen.danger", form_id=form.id, draft_id=draft.id),
        force_choice=named,
        force_hint=ground.why,
        force_id=ground.force_id,
        force_name=going.name_in(language) if going else "",
        safe_words=safe_contact_in_words(form.safe_contact(draft.answers, now)),
    )


def _named(force: ForceView, language: str) -> str:
    """A force to choose; in a service one that is not live says so, whatever stands above the page (practice 10)."""
    name = force.name_in(language)
    return name if force.live or settings().demo else f"{name} ({gettext('Demonstration')})"


def _danger(draft: DraftView) -> bool:
    now = clock.utcnow()
    if any(hint.advise_999 for hint in draft.form.proposals(draft.answers, now)):
        return True
    return screen_all(words for _, words in draft.form.free_text(draft.answers, now)).advise_999


def _last_page(draft: DraftView) -> str:
    path = draft.form.path(draft.answers, clock.utcnow())
    return page_url(draft, path[-1].id) if path else check_url(draft)


def _sections(draft: DraftView, files: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    session = database.session()()
    rows = points.summary(session, draft.form, draft.answers, current_language(), clock.utcnow())
    return [
        {
            "title": section.title,
            "rows": [
                {
                    "label": row.label,
                    "value": row.value,
                    "url": change_url(draft, row.page_id),
                    "files": files.get(row.question_id),
                }
                for row in section.rows
            ],
        }
        for section in rows
    ]

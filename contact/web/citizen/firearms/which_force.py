"""Which police force an application is for, where the home address leaves it open: asked before any declaration."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from contact.services import drafts
from contact.services.drafts import DraftView
from contact.web.citizen.blueprint import room
from contact.web.citizen.firearms.approval import choice_of
from contact.web.citizen.ground import Ground
from contact.web.citizen.journey import go_on_url, opened, sent_url, tasks_url
from contact.web.shared import database
from contact.web.shared.access import proven
from contact.web.shared.language import current_language, gettext

_ADDRESS = "/report/<form_id>/<uuid:draft_id>/police-force"


@room.get(_ADDRESS)
@proven
def which_force(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """The forces to choose from; elsewhere the address has settled it."""
    draft = opened(form_id, draft_id)
    choice = choice_of(draft)
    if draft.contact_id is not None or choice is None:
        return redirect(go_on_url(draft, None), 303)
    return _page(draft, choice, "")


@room.post(_ADDRESS)
@proven
def which_force_answer(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """Keep the choice; the checklist then says whether the form is sent or posted."""
    draft = opened(form_id, draft_id)
    if draft.contact_id is not None:
        return redirect(sent_url(draft), 303)
    choice = choice_of(draft)
    if choice is None:
        return redirect(go_on_url(draft, None), 303)
    chosen = request.form.get("force", "")
    if not any(force.id == chosen for force in choice.choice):
        return _page(draft, choice, gettext("Choose a police force"))
    drafts.choose_force(database.session()(), draft_id=draft.id, force_id=chosen)
    return redirect(tasks_url(draft), 303)


def _page(draft: DraftView, choice: Ground, error: str) -> ResponseReturnValue:
    language = current_language()
    return render_template(
        "citizen/firearms/which_force.html",
        choice=[{"id": force.id, "name": force.name_in(language)} for force in choice.choice],
        force_id=choice.force_id,
        errors=[{"text": error, "href": "#force"}] if error else [],
        back_url=tasks_url(draft),
    )

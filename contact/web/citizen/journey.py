"""Where a draft's writer is and may go: addresses of its pages, worked out from the form and the answers."""

from __future__ import annotations

from uuid import UUID

from flask import abort, url_for

from contact.services import drafts
from contact.services.drafts import DraftView
from contact.web.citizen.blueprint import wear
from contact.web.shared import clock, database
from contact.web.shared.frame import show_exit
from forms import Desk


def opened(form_id: str, draft_id: UUID) -> DraftView:
    """The proven draft, its page dressed for its form. 404 under another form."""
    draft = found(form_id, draft_id)
    dress(draft)
    return draft


def found(form_id: str, draft_id: UUID) -> DraftView:
    """The proven draft alone, for an answer that shows no page. 404 under another form."""
    draft = drafts.open_draft(database.session()(), draft_id=draft_id, now=clock.utcnow())
    if draft.form.id != form_id:
        abort(404)
    return draft


def dress(draft: DraftView) -> None:
    """Brand the page and show the exit where the form is sensitive."""
    wear(draft.force_id)
    if draft.form.sensitive:
        show_exit()


def page_url(draft: DraftView, page_id: str) -> str:
    """One page of the draft."""
    return url_for("citizen.question", form_id=draft.form.id, draft_id=draft.id, page_id=page_id)


def change_url(draft: DraftView, page_id: str) -> str:
    """One page of the draft, opened from check-your-answers and leading back there."""
    return f"{page_url(draft, page_id)}?change=1"


def check_url(draft: DraftView) -> str:
    """Its check-your-answers page."""
    return url_for("citizen.check_answers", form_id=draft.form.id, draft_id=draft.id)


def sent_url(draft: DraftView) -> str:
    """Its receipt."""
    return url_for("citizen.sent", form_id=draft.form.id, draft_id=draft.id)


def has_tasks(draft: DraftView) -> bool:
    """Whether the form is long enough for a checklist: those of the licensing desk are."""
    return draft.form.desk is Desk.LICENSING


def tasks_url(draft: DraftView) -> str:
    """Its checklist."""
    return url_for("citizen.tasks", form_id=draft.form.id, draft_id=draft.id)


def next_url(draft: DraftView, page_id: str) -> str:
    """The page after this one by the answers so far, else check-your-answers; at the end of a part the checklist."""
    page = draft.form.next_page(page_id, draft.answers, clock.utcnow())
    if has_tasks(draft) and (page is None or page.section_id != draft.form.page(page_id).section_id):
        return tasks_url(draft)
    return page_url(draft, page.id) if page else check_url(draft)


def back_url(draft: DraftView, page_id: str) -> str:
    """The page before this one, else what stands before the form."""
    page = draft.form.previous_page(page_id, draft.answers, clock.utcnow())
    if page:
        return page_url(draft, page.id)
    return url_for("citizen.before_you_start", form_id=draft.form.id, force=draft.force_id)


def go_on_url(draft: DraftView, page_id: str | None) -> str:
    """Where to carry on: the receipt if it was sent, the page left, or the first that still needs an answer."""
    if draft.contact_id is not None:
        return sent_url(draft)
    if page_id:
        return page_url(draft, page_id)
    if has_tasks(draft):
        return tasks_url(draft)
    page = draft.form.first_unanswered(draft.answers, clock.utcnow())
    return page_url(draft, page.id) if page else check_url(draft)

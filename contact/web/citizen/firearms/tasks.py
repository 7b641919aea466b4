"""The checklist of an application: its parts, what is done, and the way on; for forms of the licensing desk."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contact.services import drafts
from contact.services.drafts import DraftView
from contact.store import forces
from contact.web.citizen.blueprint import room
from contact.web.citizen.firearms.approval import DECLARATION, Gate, Standing, standing_of
from contact.web.citizen.journey import check_url, go_on_url, has_tasks, opened, page_url, sent_url
from contact.web.citizen.return_later import saved_page
from contact.web.citizen.wording import told_day
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.language import current_language, gettext
from forms.journey import Step


class Progress(enum.StrEnum):
    """How far a part is."""

    DONE = "done"
    BEGUN = "begun"
    OPEN = "open"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the checklist; without `url` it cannot be opened yet."""

    title: str
    url: str
    progress: Progress


@room.get("/report/<form_id>/<uuid:draft_id>/tasks")
@proven
def tasks(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """Every part that the answers so far ask for."""
    draft = opened(form_id, draft_id)
    if draft.contact_id is not None or not has_tasks(draft):
        return redirect(sent_url(draft) if draft.contact_id else go_on_url(draft, None), 303)
    standing = standing_of(draft)
    posted = standing.force_id if standing.gate is Gate.POSTED else None
    listed = _tasks(draft, standing)
    ready = standing.gate in (Gate.OPEN, Gate.POSTED) and all(task.progress is Progress.DONE for task in listed)
    last = url_for("citizen.paper", form_id=form_id, draft_id=draft_id) if posted else check_url(draft)
    following = next((task.url for task in listed if task.progress is not Progress.DONE and task.url), last)
    return render_template(
        "citizen/firearms/tasks.html",
        title=draft.form.title.in_(current_language()),
        tasks=listed,
        done=sum(task.progress is Progress.DONE for task in listed),
        ready=ready,
        last_url=last,
        on_url=last if ready else following,
        posted_to=_name(posted),
        another_law=standing.gate is Gate.ANOTHER_LAW,
        until=told_day(clock.utcnow() + drafts.kept_for(draft.form)),
    )


@room.post("/report/<form_id>/<uuid:draft_id>/tasks")
@proven
def tasks_save(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """Save and come back later."""
    draft = opened(form_id, draft_id)
    return redirect(sent_url(draft), 303) if draft.contact_id is not None else saved_page(draft, None)


def _name(force_id: str | None) -> str:
    return forces.get(database.session()(), force_id=force_id).name_in(current_language()) if force_id else ""


def _tasks(draft: DraftView, standing: Standing) -> list[Task]:
    walk, language = draft.form.walk(draft.answers, clock.utcnow()), current_language()
    reached = {step.page.id for step in walk.reached}
    made = []
    for section in draft.form.sections:
        steps = [step for step in walk.steps if step.page.section_id == section.id]
        signed = section.id == DECLARATION
        if signed and standing.asked:
            made.append(_force_task(draft, standing))
        if steps and not (signed and standing.gate in (Gate.POSTED, Gate.ANOTHER_LAW)):
            touched = _is_touched(steps, draft.answers)
            progress = _progress(steps, reached, touched=touched)
            if signed and standing.gate is Gate.UNKNOWN:
                progress = Progress.LATER
            # Whoever begins a part reads what stands before its questions.
            open_at = next((step for step in steps if touched and not step.complete), steps[0])
            url = page_url(draft, open_at.page.id) if progress is not Progress.LATER else ""
            made.append(Task(section.title.in_(language), url, progress))
    return made


def _force_task(draft: DraftView, standing: Standing) -> Task:
    """Before the signature: which force, where the address leaves it open."""
    url = url_for("citizen.which_force", form_id=draft.form.id, draft_id=draft.id)
    return Task(gettext("Your police force"), url, Progress.OPEN if standing.force_id is None else Progress.DONE)


def _progress(steps: list[Step], reached: set[str], *, touched: bool) -> Progress:
    """A part that asks nothing one must answer, such as the photo, is done once its page was left, not before."""
    if steps[0].page.id not in reached:
        return Progress.LATER
    if not touched and any(step.questions for step in steps):
        return Progress.OPEN
    return Progress.DONE if all(step.complete and step.page.id in reached for step in steps) else Progress.BEGUN


def _is_touched(steps: list[Step], answers: Mapping[str, Any]) -> bool:
    """Whether any of its questions was put and left, even without an answer."""
    return any(each.id in answers for step in steps for each in step.questions)

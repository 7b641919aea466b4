"""Where a force takes no application online: the answers as a PDF, to sign with a pen and post (practice 24)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contact.domain.fixed_texts import FixedText
from contact.gateways import papers
from contact.services import points
from contact.services.apart import apart
from contact.services.drafts import DraftView
from contact.store import forces
from contact.web.citizen.blueprint import room, settings
from contact.web.citizen.copy import first_line, paper_answer
from contact.web.citizen.firearms.approval import DECLARATION, posted_to
from contact.web.citizen.journey import go_on_url, opened, tasks_url
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.language import current_language, gettext, speaking

_ADDRESS = "/report/<form_id>/<uuid:draft_id>/paper"


@room.get(_ADDRESS)
@proven
def paper(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """What to do with the form: print, sign, add, post. Nothing of it was sent to us."""
    draft = opened(form_id, draft_id)
    force_id = posted_to(draft)
    if force_id is None or draft.contact_id is not None:
        return redirect(go_on_url(draft, None), 303)
    files = {code: url_for("citizen.paper_form", form_id=form_id, draft_id=draft_id, language=code) for code in _BOTH}
    return render_template(
        "citizen/firearms/paper.html",
        force_name=forces.get(database.session()(), force_id=force_id).name_in(current_language()),
        english_url=files["en"],
        welsh_url=files["cy"],
        complete=_complete(draft),
        back_url=tasks_url(draft),
    )


@room.get(f"{_ADDRESS}/<any(en,cy):language>/form.pdf")
@proven
def paper_form(form_id: str, draft_id: UUID, language: str) -> ResponseReturnValue:
    """The form itself, for the browser that filled it in."""
    draft = opened(form_id, draft_id)
    force_id = posted_to(draft)
    if force_id is None or draft.contact_id is not None:
        return redirect(go_on_url(draft, None), 303)
    with speaking(language):
        data = _data(draft, force_id, language)
    return paper_answer(apart(lambda: papers.render(papers.PaperName.COPY, data)))


_BOTH = ("en", "cy")


def _complete(draft: DraftView) -> bool:
    """Whether everything but the declaration is answered."""
    walk = draft.form.walk(draft.answers, clock.utcnow())
    return all(step.complete for step in walk.steps if step.page.section_id != DECLARATION)


def _data(draft: DraftView, force_id: str, language: str) -> dict[str, Any]:
    session, now = database.session()(), clock.utcnow()
    force = forces.get(session, force_id=force_id)
    declaration = next((each.title.in_(language) for each in draft.form.sections if each.id == DECLARATION), "")
    rows = points.summary(session, draft.form, draft.answers, language, now)
    live = force.live and not settings().demo
    return {
        "language": language,
        "title": draft.form.title.in_(language),
        "author": force.name_in(language),
        "notice": "" if live else first_line(FixedText.DEMO_BANNER, language),
        "footer": gettext("Danger now: call 999. Not an emergency: call 101."),
        "facts": [
            {"label": gettext("To"), "value": force.name_in(language)},
            {"label": gettext("Prescribed by"), "value": draft.form.prescribed or ""},
        ],
        "sections": [
            {"title": section.title, "rows": [_row(row.label, row.value) for row in section.rows if not row.files]}
            for section in rows
            if section.title != declaration
        ],
        "parts": [{"title": gettext("Declaration"), "lines": _declaration(draft, language)}],
    }


def _declaration(draft: DraftView, language: str) -> list[str]:
    """What is signed, in the form's own words, and room for a pen."""
    pages = [page for section in draft.form.sections if section.id == DECLARATION for page in section.pages]
    always = [page for page in pages if page.when is None]
    said = [block.text.in_(language) for page in always for block in (*page.before, *page.after) if block.when is None]
    said += [option.label.in_(language) for page in always for each in page.questions for option in each.options]
    lines = (gettext("Signature"), gettext("Name in capital letters"), gettext("Date"))
    return [*(words for words in said if words), *(f"{line}: {'_' * 40}" for line in lines)]


def _row(label: str, value: str) -> dict[str, Any]:
    return {"label": label, "lines": value.splitlines() or [""]}

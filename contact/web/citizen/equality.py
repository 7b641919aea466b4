"""Optional questions after a report was sent, kept apart from it (GOV.UK pattern for equality information).

They come after the receipt, not before it as in that pattern: whoever leaves at them must already hold the reference.
"""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contact.services import equality
from contact.services.drafts import DraftView
from contact.web.citizen.blueprint import room
from contact.web.citizen.fields.registry import draw, kept, read
from contact.web.citizen.journey import go_on_url, opened, sent_url
from contact.web.citizen.typed import typed_boxes
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.language import current_language
from contact.web.shared.session import web_session
from forms.equality import load_equality

_ADDRESS = "/report/<form_id>/<uuid:draft_id>/equality-questions"
_ANSWERED = "equality"


@room.get(_ADDRESS)
@proven
def equality_questions(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """All of them on one page, none needed."""
    draft = opened(form_id, draft_id)
    if draft.contact_id is None or answered(draft):
        return redirect(go_on_url(draft, None), 303)
    now, language = clock.utcnow(), current_language()
    questions = load_equality().questions
    rows = draw(
        questions,
        answers={},
        raws={each.id: kept(each, None) for each in questions},
        messages=[],
        heading_in_question=False,
        language=language,
        now=now,
    )
    return render_template("citizen/equality.html", asked=rows, back_url=sent_url(draft))


@room.post(_ADDRESS)
@proven
def equality_answers(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """Keep them once for a browser, and go back to the receipt."""
    draft = opened(form_id, draft_id)
    if draft.contact_id is None or draft.force_id is None or answered(draft):
        return redirect(go_on_url(draft, None), 303)
    posted, now, language = typed_boxes(), clock.utcnow(), current_language()
    given = {
        each.id: read(each, {each.id: posted.get(each.id, [])}, language=language, now=now).answer.value
        for each in load_equality().questions
    }
    equality.keep(database.session()(), force_id=draft.force_id, form_id=draft.form.id, answers=given, now=now)
    web_session()[_ANSWERED] = [*web_session().get(_ANSWERED, []), str(draft.id)][-20:]
    return redirect(url_for("citizen.sent", form_id=form_id, draft_id=draft_id, thanks=1), 303)


def answered(draft: DraftView) -> bool:
    """Whether this browser has answered them for this report."""
    return str(draft.id) in web_session().get(_ANSWERED, [])

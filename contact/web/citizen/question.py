"""One page of a form: shows its questions, keeps what was answered, and never loses a word that was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.screen import screen_all
from contact.services import drafts
from contact.services.drafts import DraftView
from contact.web.citizen.blueprint import room
from contact.web.citizen.evidence_draft import faults_of, uploads_on
from contact.web.citizen.fields.registry import Read, changed_rows, draw, kept, read
from contact.web.citizen.firearms.approval import is_withheld
from contact.web.citizen.journey import back_url, change_url, check_url, go_on_url, next_url, opened, page_url, sent_url
from contact.web.citizen.map_view import map_of
from contact.web.citizen.return_later import saved_page
from contact.web.citizen.typed import typed_boxes
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.language import current_language
from forms import STOPPED_HERE, BlockKind, Page, PageKind, Question

Messages = list[tuple[str, str]]
_ADDRESS = "/report/<form_id>/<uuid:draft_id>/<page_id>"


@room.get(_ADDRESS)
@proven
def question(form_id: str, draft_id: UUID, page_id: str) -> ResponseReturnValue:
    """The page as it was left; one that cannot be reached yet leads to where the person is."""
    draft = opened(form_id, draft_id)
    page = _reached(draft, page_id)
    if page is None or draft.contact_id is not None:
        return redirect(go_on_url(draft, None), 303)
    raws = {each.id: kept(each, draft.answers.get(each.id)) for each in page.questions}
    return _page(draft, page, raws=raws, messages=_no_longer_fits(draft, page, raws))


@room.post(_ADDRESS)
@proven
def answer(form_id: str, draft_id: UUID, page_id: str) -> ResponseReturnValue:
    """Keep the answers, or say what is wrong with them; then on, save for later, or stop here."""
    draft = opened(form_id, draft_id)
    if draft.contact_id is not None:
        return redirect(sent_url(draft), 303)
    page = _reached(draft, page_id)
    if page is None:
        return redirect(go_on_url(draft, None), 303)
    posted = typed_boxes()
    reads = _read(draft, page, posted)
    go = request.form.get("go", "on")
    messages = _messages(reads, forgiving=go in ("save", "stop"))
    if go.startswith(("add:", "remove:")):
        return _page(draft, page, raws=changed_rows(reads, go), messages=[], one_more=go.partition("add:")[2])
    if messages:
        return _page(draft, page, raws={each.question.id: each.raw for each in reads}, messages=messages)
    return _keep_and_go(draft, page, reads, go)


def _reached(draft: DraftView, page_id: str) -> Page | None:
    """The page, where the answers so far allow it to be opened."""
    try:
        draft.form.page(page_id)
    except KeyError:
        abort(404)
    found = next((page for page in draft.form.path(draft.answers, clock.utcnow()) if page.id == page_id), None)
    return None if found is None or is_withheld(draft, found) else found


def _read(draft: DraftView, page: Page, posted: Mapping[str, list[str]]) -> list[Read]:
    now, language = clock.utcnow(), current_language()
    asked = draft.form.asked_on(page.id, draft.answers, now)
    before = _answered_before(draft, page)
    return [read(each, _own(each, posted), language=language, now=now, answers=before) for each in asked]


def _answered_before(draft: DraftView, page: Page) -> dict[str, Any]:
    """The answers that count, but this page's own."""
    own = {each.id for each in page.questions}
    counting = draft.form.submitted(draft.answers, clock.utcnow())
    return {name: value for name, value in counting.items() if name not in own}


def _no_longer_fits(draft: DraftView, page: Page, raws: Mapping[str, Mapping[str, list[str]]]) -> Messages:
    """What a change of an earlier answer has made wrong with what is kept here: nobody is sent back without a word."""
    kept_here = {each.id for each in page.questions if each.checks and draft.answers.get(each.id)}
    boxes = {name: values for question_id in kept_here for name, values in raws[question_id].items()}
    return [
        message
        for each in (_read(draft, page, boxes) if kept_here else [])
        if each.question.id in kept_here
        for message in each.messages
    ]


def _own(asked: Question, posted: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The boxes of one question among all that were posted."""
    return {name: values for name, values in posted.items() if name == asked.id or name.startswith(f"{asked.id}-")}


def _messages(reads: Sequence[Read], *, forgiving: bool) -> Messages:
    """What is wrong; saving or stopping forgives what is missing, so that nobody is held here."""
    return [
        message
        for each in reads
        if not (forgiving and set(each.answer.codes) <= {"required"})
        for message in each.messages
    ]


def _keep_and_go(draft: DraftView, page: Page, reads: Sequence[Read], go: str) -> ResponseReturnValue:
    answers: dict[str, Any] = {each.question.id: each.answer.value for each in reads if not each.answer.errors}
    if go == "stop" and draft.form.stop_here is not None:
        answers[STOPPED_HERE] = "yes"
    now = clock.utcnow()
    before = draft
    draft = drafts.save(database.session()(), draft_id=draft.id, page_id=page.id, answers=answers, now=now)
    if _danger(before, draft, page.id, answers):
        return redirect(url_for("citizen.danger", form_id=draft.form.id, draft_id=draft.id, after=page.id), 303)
    if go == "save":
        return saved_page(draft, page.id)
    if go == "stop":
        return redirect(go_on_url(draft, None), 303)
    return redirect(_after_change(before, draft) if _changing() else next_url(draft, page.id), 303)


def _changing() -> bool:
    """Whether the person came from check-your-answers to change one thing."""
    return "change" in request.args


def _after_change(before: DraftView, draft: DraftView) -> str:
    """The first page that the change has opened, even an optional one; else back to check-your-answers."""
    now = clock.utcnow()
    known = {page.id for page in before.form.path(before.answers, now)}
    opened_up = [page for page in draft.form.path(draft.answers, now) if page.id not in known]
    return page_url(draft, opened_up[0].id) if opened_up else go_on_url(draft, None)


def _danger(before: DraftView, draft: DraftView, page_id: str, answers: Mapping[str, Any]) -> bool:
    """Whether something said on this page trips the screen, or an answer chosen on it now advises 999."""
    now = clock.utcnow()
    typed = [words for name, words in draft.form.free_text(draft.answers, now) if name in answers]
    if screen_all(typed).advise_999:
        return True
    if _tells_already(draft, page_id):
        return False
    known = {hint.reason_code for hint in before.form.proposals(before.answers, now) if hint.advise_999}
    return any(hint.advise_999 and hint.reason_code not in known for hint in draft.form.proposals(draft.answers, now))


def _tells_already(draft: DraftView, page_id: str) -> bool:
    """Whether the form's own next page shows the ways to reach 999."""
    page = draft.form.next_page(page_id, draft.answers, clock.utcnow())
    blocks = (*page.before, *page.after) if page else ()
    return any(block.kind is BlockKind.EMERGENCY_WAYS for block in blocks)


def _page(
    draft: DraftView,
    page: Page,
    *,
    raws: Mapping[str, Mapping[str, list[str]]],
    messages: Messages,
    one_more: str = "",
) -> ResponseReturnValue:
    now, language, form = clock.utcnow(), current_language(), draft.form
    asked = form.asked_on(page.id, draft.answers, now)
    before = form.blocks(page.before, draft.answers, now)
    alone = page.title is None and len(asked) == 1 and page.kind is PageKind.QUESTION
    # What stands before the question must not stand before the page's heading.
    heading_in_question = alone and not before
    rows = draw(
        asked,
        answers=draft.answers,
        raws=raws,
        messages=messages,
        heading_in_question=heading_in_question,
        language=language,
        now=now,
        one_more=one_more,
        said_above=alone and not heading_in_question,
    )
    uploads = uploads_on(draft, asked, page.id)
    section = next(each for each in form.sections if each.id == page.section_id)
    stop = form.stop_here if STOPPED_HERE not in draft.answers else None
    return render_template(
        "citizen/question.html",
        page_kind=page.kind.value,
        page_url=change_url(draft, page.id) if _changing() else page_url(draft, page.id),
        back_url=check_url(draft) if _changing() else back_url(draft, page.id),
        heading=page.title_for(draft.answers, now).in_(language),
        heading_in_question=heading_in_question,
        section_title=section.title.in_(language),
        before=before,
        after=form.blocks(page.after, draft.answers, now),
        help=form.blocks(form.help, draft.answers, now),
        asked=rows,
        uploads=uploads,
        map=map_of(draft, asked),
        errors=[{"text": text, "href": f"#{name}"} for name, text in [*messages, *faults_of(uploads)]],
        notice="",
        stop_label=stop.label.in_(language) if stop else "",
        stop_text=stop.text.in_(language) if stop else "",
    )

"""Files beside the answers of a draft: the question's page, and what check-your-answers says of them (scenario 19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for

from contact.domain.errors import NotFound
from contact.domain.evidence import MAX_FILES, State
from contact.services import evidence
from contact.services.drafts import DraftView
from contact.services.evidence import DraftOwner, UploadView
from contact.web.citizen.evidence import take_files
from contact.web.citizen.evidence_place import Place, can_be_left_out, file_row, shown
from contact.web.citizen.journey import change_url, opened, page_url
from contact.web.shared import clock, database
from forms import Question, QuestionType


def _place_of(form_id: str, draft_id: UUID, question_id: str) -> Place:
    """The place of a question that the draft still asks. Raises NotFound."""
    draft = opened(form_id, draft_id)
    asked = _asked(draft)
    if draft.contact_id is not None or question_id not in asked:
        raise NotFound(kind="question", key=question_id)
    question, page_id = asked[question_id]
    return place(draft, question, page_url(draft, page_id))


take_files("draft_files", "/report/<form_id>/<uuid:draft_id>/files/<question_id>", _place_of)


def place(draft: DraftView, question: Question, page: str) -> Place:
    """Where this question's files are added."""
    return Place(
        owner=DraftOwner(draft.id),
        question_id=question.id,
        base=url_for("citizen.draft_files_add", form_id=draft.form.id, draft_id=draft.id, question_id=question.id),
        page=page,
        most=question.limit or MAX_FILES,
        sensitive=draft.form.sensitive or question.sensitive_images,
    )


def uploads_on(draft: DraftView, asked: Sequence[Question], page_id: str) -> dict[str, dict[str, Any]]:
    """The places of a page's questions of files, by question."""
    return {
        each.id: shown(place(draft, each, page_url(draft, page_id)), left_out=can_be_left_out())
        for each in asked
        if each.type is QuestionType.FILES
    }


def faults_of(uploads: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(id of the box, message) of each place where a file could not be added, for the page's summary of errors."""
    return [(each["id"], each["error"]) for each in uploads.values() if each["error"]]


@dataclass(frozen=True, slots=True)
class Sending:
    """A draft's files before they are sent: rows by question, and those that could not go along."""

    rows: dict[str, list[dict[str, Any]]]
    missing: list[dict[str, Any]]


def sending(draft: DraftView) -> Sending:
    """Every file of a question that is asked, as it stands now; nothing is claimed that is not here."""
    asked = _asked(draft)
    files = evidence.list_for_draft(database.session()(), draft_id=draft.id) if asked else []
    rows: dict[str, list[dict[str, Any]]] = {question_id: [] for question_id in asked}
    missing = []
    for each in files:
        if each.question_id not in asked:
            continue
        question, page_id = asked[each.question_id]
        row = file_row(place(draft, question, change_url(draft, page_id)), each)
        rows[each.question_id].append(row)
        if _stays_behind(each):
            missing.append(row | {"page_url": change_url(draft, page_id)})
    return Sending(rows, missing)


def some_missing(draft: DraftView) -> bool:
    """Whether a file that the report would speak of is not here, asked on the busiest path of all."""
    if not evidence.any_for_draft(database.session()(), draft_id=draft.id):
        return False
    return bool(sending(draft).missing)


def _stays_behind(file: UploadView) -> bool:
    return file.state in (State.RECEIVING, State.REFUSED)


def _asked(draft: DraftView) -> dict[str, tuple[Question, str]]:
    """Questions of files that the answers lead to, with their pages."""
    now = clock.utcnow()
    return {
        question.id: (question, page.id)
        for page in draft.form.path(draft.answers, now)
        for question in draft.form.asked_on(page.id, draft.answers, now)
        if question.type is QuestionType.FILES
    }

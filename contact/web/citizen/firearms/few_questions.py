"""A few questions outside a form, drawn and read on one page: who may apply, renewal, referees, parents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contact.web.citizen.fields.asking import Row
from contact.web.citizen.fields.registry import draw, kept, read
from contact.web.citizen.typed import typed_boxes
from contact.web.shared import clock
from contact.web.shared.language import current_language
from forms import Question

Boxes = Mapping[str, Mapping[str, list[str]]]
"""The boxes of each question, by its id."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was posted: the boxes as typed, what to put right as (box, words), and the answers that say something."""

    raws: Boxes
    messages: list[tuple[str, str]]
    answers: dict[str, Any]


def empty(questions: Sequence[Question]) -> Boxes:
    """The boxes before anybody typed."""
    return {each.id: kept(each, None) for each in questions}


def hear(questions: Sequence[Question]) -> Heard:
    """Read what was posted for questions of one box each."""
    posted, language, now = typed_boxes(), current_language(), clock.utcnow()
    reads = [read(each, {each.id: posted.get(each.id, [])}, language=language, now=now) for each in questions]
    return Heard(
        raws={each.question.id: each.raw for each in reads},
        messages=[message for each in reads for message in each.messages],
        answers={each.question.id: each.answer.value for each in reads if each.answer.value not in (None, "", [])},
    )


def rows(questions: Sequence[Question], raws: Boxes, messages: Sequence[tuple[str, str]]) -> list[Row]:
    """What the page draws, with the messages beside their boxes."""
    return draw(
        questions,
        answers={},
        raws=raws,
        messages=messages,
        heading_in_question=False,
        language=current_language(),
        now=clock.utcnow(),
    )

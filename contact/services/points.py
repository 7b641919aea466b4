"""Points on the map in words: the numbers, the nearest postcode district, and whose ground it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from contact.gateways import gazetteer
from contact.services import routing
from forms import Form, QuestionType, SummarySection

_NEAR = {"en": "near", "cy": "ger"}
_OR = {"en": "or", "cy": "neu"}


@dataclass(frozen=True, slots=True)
class Point:
    """A point that somebody put on a map: the question's words, WGS 84 degrees, and what is near ("" far out)."""

    label: str
    latitude: float
    longitude: float
    near: str

    @property
    def numbers(self) -> str:
        """Both numbers as they are copied into another system."""
        return numbers(self.latitude, self.longitude)


def numbers(latitude: float, longitude: float) -> str:
    """``51.50740, -0.12780``: five places are about a metre."""
    return f"{latitude:.5f}, {longitude:.5f}"


def in_words(session: Session, *, latitude: float, longitude: float, language: str) -> str:
    """``51.50740, -0.12780 (near SW1A, Metropolitan Police)``; at a border both forces are named."""
    near = near_in_words(session, latitude=latitude, longitude=longitude, language=language)
    return f"{numbers(latitude, longitude)} ({near})" if near else numbers(latitude, longitude)


def near_in_words(session: Session, *, latitude: float, longitude: float, language: str) -> str:
    """``near SW1A, Metropolitan Police``; nothing where neither a district nor a force is near."""
    about = routing.forces_at_point(session, latitude=latitude, longitude=longitude)
    names = f" {_OR[language]} ".join(force.name_in(language) for force in about[:2])
    district = gazetteer.district_near(latitude, longitude)
    return ", ".join(part for part in (f"{_NEAR[language]} {district}" if district else "", names) if part)


def summary(
    session: Session, form: Form, answers: Mapping[str, Any], language: str, now: datetime
) -> list[SummarySection]:
    """The form's own summary, with each point in words."""
    marked = {question.id: question for question in form.questions if question.type is QuestionType.POINT}
    sections = form.summary(answers, language, now)
    if not marked:
        return sections
    return [
        replace(
            section,
            rows=tuple(
                replace(row, value=_worded(session, answers[row.question_id], language))
                if row.answered and row.question_id in marked
                else row
                for row in section.rows
            ),
        )
        for section in sections
    ]


def points_of(session: Session, form: Form, answers: Mapping[str, Any], language: str, now: datetime) -> list[Point]:
    """The points among the answers that count, in the form's order."""
    counting = form.submitted(answers, now)
    found = []
    for question in form.questions:
        if question.type is QuestionType.POINT and (value := counting.get(question.id)):
            at = {"latitude": value["lat"], "longitude": value["lon"]}
            label = question.label_for(counting, now).in_(language)
            found.append(Point(label, **at, near=near_in_words(session, **at, language=language)))
    return found


def _worded(session: Session, point: Mapping[str, float], language: str) -> str:
    return in_words(session, latitude=point["lat"], longitude=point["lon"], language=language)

"""The optional equality questions, the same after every form, and never part of a report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forms.entry import Entry
from forms.loader import ROOT, read_yaml
from forms.parse import read_review
from forms.parse_question import parse_question
from forms.parts import Question, Review

FILE = ROOT / "equality.yml"


@dataclass(frozen=True, slots=True)
class Equality:
    """The questions in order; each is a choice that may be left out."""

    questions: tuple[Question, ...]
    review: Review


@cache
def load_equality() -> Equality:
    """The questions. Raises FormDefinitionError."""
    entry = Entry(read_yaml(FILE), FILE.name)
    entry.whole("version")
    raws = entry.several("questions")
    questions = tuple(parse_question(raw, f"{FILE.name}.questions[{n}]") for n, raw in enumerate(raws))
    equality = Equality(questions, read_review(Entry(entry.pop("review"), entry.at("review"))))
    entry.finish()
    return equality

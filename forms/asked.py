"""Small sets of questions that belong to no report: asked on one page of their own, read like any other question."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from forms.entry import Entry
from forms.loader import ROOT, read_yaml
from forms.parse import read_review
from forms.parse_question import parse_question
from forms.parts import Question, Review

FOLDER = ROOT / "asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions in order, of one version, and who answers for their words."""

    version: int
    questions: tuple[Question, ...]
    review: Review

    def question(self, question_id: str) -> Question:
        """The question with that id; KeyError if there is none."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)


def asked_names() -> tuple[str, ...]:
    """The sets there are, by name."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


@cache
def load_asked(name: str) -> Asked:
    """One set. Raises FormDefinitionError."""
    file = f"asked/{name}.yml"
    entry = Entry(read_yaml(FOLDER / f"{name}.yml"), file)
    version = entry.whole("version")
    raws = entry.several("questions")
    questions = tuple(parse_question(raw, f"{file}.questions[{n}]") for n, raw in enumerate(raws))
    asked = Asked(version, questions, read_review(Entry(entry.pop("review"), entry.at("review"))))
    entry.finish()
    return asked

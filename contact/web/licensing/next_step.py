"""What is left to do before an application can be recommended, each with the place on its page where it is done."""

from __future__ import annotations

from dataclasses import dataclass

from contact.domain.licensing.application_states import ApplicationState
from contact.domain.licensing.checks import ENDED, Check, CheckState
from contact.domain.licensing.visits import VisitState
from contact.services.licensing.file import File
from contact.web.licensing import words
from contact.web.shared.filters import time_short, when_in_words

_WORKED = frozenset({ApplicationState.CHECKS, ApplicationState.VISIT_BOOKED, ApplicationState.VISITED})


@dataclass(frozen=True, slots=True)
class Left:
    """One thing to do. `place` on the page; `waits` where somebody else has to act first."""

    words: str
    place: str
    waits: str = ""


def left_to_do(file: File) -> list[Left]:
    """In the order of the file; empty where nothing stands before a recommendation, or none is near."""
    if file.state not in _WORKED:
        return []
    found = [*_visit(file)]
    for each in file.checks:
        state = CheckState(each.state)
        if state in ENDED:
            continue
        since = f"asked {time_short(each.asked_at)}" if state is CheckState.WAITING and each.asked_at else ""
        found.append(Left(Check(each.kind).label, "#checks", since))
    return found


def _visit(file: File) -> list[Left]:
    visit = file.open_visit
    if visit is None:
        return []
    if visit.state == VisitState.BOOKED and visit.starts_at is not None:
        return [Left(f"Visit on {when_in_words(visit.starts_at)}", "#visit")]
    waits = "the applicant chooses" if visit.state == VisitState.OFFERED else ""
    return [Left(words.visit(visit.state), "#visit", waits)]

"""An application's log in plain words for the officer: who did what, when; ids and codes become sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contact.domain.events import Event
from contact.domain.licensing.checks import Check, CheckState
from contact.domain.licensing.decisions import Missing, Outcome
from contact.domain.licensing.letter_kinds import LetterKind
from contact.domain.licensing.telling import ToldBy
from contact.domain.licensing.visits import VisitState
from contact.services.licensing.file import File
from contact.web.licensing import words
from contact.web.shared.filters import when_in_words


@dataclass(frozen=True, slots=True)
class Moment:
    """One line: when, what. Nothing here has a clock that could be `late`."""

    at: dt.datetime
    words: str
    late: bool = False


_Worder = Callable[[str, Mapping[str, Any]], str]
_NOBODY = {"citizen": "The applicant", "system": "The system", "agent": "An officer", "webhook": "The provider"}


def moments(file: File) -> list[Moment]:
    """The log, newest first; what is told twice in a row is told once."""
    told: list[Moment] = []
    for happened in file.history:
        worder = _WORDS.get(happened.name)
        if worder is None:
            continue
        who = file.names.get(happened.agent_id) if happened.agent_id else None
        said = worder(who or _NOBODY.get(happened.actor_kind, "The system"), happened.data)
        if not told or told[-1].words != said:
            told.append(Moment(happened.at, said))
    return told[::-1]


def _plain(code: object) -> str:
    return str(code or "").replace("_", " ")


def _moved(who: str, data: Mapping[str, Any]) -> str:
    return f"{who}: {words.state(str(data['state'])).lower()}"


def _check(who: str, data: Mapping[str, Any]) -> str:
    return f"{who} recorded: {Check(data['check']).label}, {CheckState(data['state']).label.lower()}"


def _outcome(data: Mapping[str, Any]) -> str:
    return Outcome(data["outcome"]).label.lower()


def _visit(who: str, data: Mapping[str, Any]) -> str:
    booked = data["state"] == VisitState.BOOKED and data.get("starts_at")
    when = f" for {when_in_words(dt.datetime.fromisoformat(str(data['starts_at'])))}" if booked else ""
    return f"{who}: visit, {words.visit(str(data['state'])).lower()}{when}"


def _missing(who: str, data: Mapping[str, Any]) -> str:
    named = ", ".join(Missing(code).label.lower() for code in data.get("missing") or ())
    return f"{who} asked for what is missing: {named}"


def _told(who: str, data: Mapping[str, Any]) -> str:
    how = ToldBy(data["how"])
    if how is ToldBy.NOBODY:
        return f"{who} wrote down that the applicant was not told: no way is known to be safe"
    return f"{who} told the applicant {how.label.lower()}"


_WORDS: dict[str, _Worder] = {
    Event.CERTIFICATE_LINKED: lambda who, data: (
        f"{who if data.get('by_hand') else 'The system'} joined a certificate of the register"
    ),
    Event.CERTIFICATE_UNLINKED: lambda who, data: f"{who} took a certificate of the register off",
    Event.ACCESS_STOPPED: lambda who, d: "The applicant stopped online access",
    Event.APPLICANT_TOLD: _told,
    Event.APPLICATION_BEGUN: lambda who, d: "Declared and received",
    Event.APPLICATION_DECIDED: lambda who, d: f"{who} decided to {_outcome(d)}",
    Event.APPLICATION_ENTERED: lambda who, d: f"{who} entered it from the paper that came by post",
    Event.APPLICATION_MOVED: _moved,
    Event.APPLICATION_RECOMMENDED: lambda who, d: f"{who} recommended to {_outcome(d)}",
    Event.APPLICATION_RETURNED: _missing,
    Event.APPLICATION_SENT_BACK: lambda who, d: f"{who} sent it back before deciding",
    Event.APPLICATION_TAKEN: lambda who, d: f"{who} took the case{' over' if d.get('from_agent_id') else ''}",
    Event.CHECK_RECORDED: _check,
    Event.DECISION_REFUSED: lambda who, d: f"{who} may not decide their own recommendation",
    Event.EVIDENCE_ATTACHED: lambda who, d: "A file came with it",
    Event.EVIDENCE_MARKED: lambda who, d: f"{who} marked a file: {_plain(d.get('mark'))}",
    Event.EVIDENCE_OPENED: lambda who, d: f"{who} {'downloaded' if d.get('copied') else 'opened'} a file",
    Event.LETTER_ADDRESSED: lambda who, d: f"{who} wrote the address they found on a letter to the practice",
    Event.LETTER_MOVED: lambda who, d: f"{who} recorded of a letter: {_plain(d.get('state'))}",
    Event.LETTER_OPENED: lambda who, d: f"{who} opened a letter: {_letter(d)} ({_plain(d.get('justification'))})",
    Event.LETTER_WRITTEN: lambda who, d: f"A letter was written: {_letter(d)}",
    Event.LICENSING_REVIEW_DECIDED: lambda who, d: f"{who} decided a review: {_plain(d.get('decision'))}",
    Event.MAIL_FAILED: lambda who, d: "A mail could not be delivered",
    Event.MAIL_SENT: lambda who, d: "Mail sent: there is an answer",
    Event.MESSAGE_READ: lambda who, d: f"{who} read what the applicant wrote",
    Event.MESSAGE_RECEIVED: lambda who, d: "The applicant wrote",
    Event.NOTE_ADDED: lambda who, d: f"{who} added a note",
    Event.OPENED: lambda who, d: f"{who} opened {_opened(d)} ({_plain(d.get('justification'))})",
    Event.FEE_ASKED: lambda who, d: f"{who} asked for the fee",
    Event.FEE_PAID_OTHERWISE: lambda who, d: (
        f"{who} recorded that the fee was paid another way: {_plain(d.get('how'))}"
    ),
    Event.GMC_CHECKED: lambda who, d: f"{who} looked the doctor up: {_plain(d.get('standing'))}",
    Event.PRACTICE_ANSWERED: lambda who, d: f"The practice answered: {_plain(d.get('given'))}",
    Event.PRACTICE_CONCERNED: lambda who, d: "The practice told us of a worry",
    Event.PRACTICE_ASKED: lambda who, d: f"{who} asked a practice for the report",
    Event.REFEREE_CODE_MADE: lambda who, d: f"{who} made new words to read out to a referee or parent",
    Event.REFEREE_SPOKEN_TO: lambda who, d: f"{who} spoke to a referee or parent",
    Event.REPLIED: lambda who, d: f"{who} wrote to the applicant",
    Event.SUBMITTED: lambda who, d: "The form was sent",
    Event.VISIT_MOVED: _visit,
    Event.WITHDRAWAL_ASKED: lambda who, d: "The applicant asked to withdraw",
}
_KINDS = {
    "file": "a file's page",
    "nflms": "the NFLMS order",
    "sheet": "the decision sheet",
    "visit": "the visit's page",
}


def _letter(data: Mapping[str, Any]) -> str:
    return LetterKind(data["kind"]).label.lower()


def _opened(data: Mapping[str, Any]) -> str:
    return _KINDS.get(str(data.get("kind")), "it")

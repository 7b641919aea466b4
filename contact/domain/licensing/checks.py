"""What is looked into before a decision: each check its own state, with who, when and result; no check decides."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from contact.domain.errors import MoveNotAllowed
from contact.domain.licensing.kinds import Kind


class Check(StrEnum):
    """One thing that somebody looks into (practice 25)."""

    RECORDS = "records"  # the Police National Computer and Database, local systems
    SOCIAL_MEDIA = "social_media"
    GP = "gp"
    REFEREE_1 = "referee_1"
    REFEREE_2 = "referee_2"
    PARTNER = "partner"  # spoken to alone
    HOUSEHOLD = "household"  # spoken to alone
    PHOTO = "photo"  # it shows the applicant's face: no machine here can tell
    PARENT = "parent"  # of an applicant under 18: what the form says is a claim until somebody asked them

    @property
    def label(self) -> str:
        """What officers see, in English."""
        return _LABELS[self]


class CheckState(StrEnum):
    """How a check stands. There is no `failed`: a concern is weighed by a person, with everything else."""

    NOT_STARTED = "not_started"
    WAITING = "waiting"  # asked, and somebody else has to answer
    NO_CONCERN = "no_concern"
    CONCERN = "concern"
    NOT_NEEDED = "not_needed"  # with the reason

    @property
    def label(self) -> str:
        """What officers see, in English."""
        return _STATES[self]


_LABELS = {
    Check.RECORDS: "Police records",
    Check.SOCIAL_MEDIA: "Open source and social media",
    Check.GP: "GP or doctor",
    Check.REFEREE_1: "First referee, spoken to",
    Check.REFEREE_2: "Second referee, spoken to",
    Check.PARTNER: "Partner, spoken to alone",
    Check.HOUSEHOLD: "Others in the household, spoken to alone",
    Check.PHOTO: "Photo looked at: it shows the applicant",
    Check.PARENT: "Parent or guardian agrees: by our link, spoken to, or paper seen",
}
_STATES = {
    CheckState.NOT_STARTED: "Not started",
    CheckState.WAITING: "Waiting for an answer",
    CheckState.NO_CONCERN: "Done, no concern",
    CheckState.CONCERN: "Done, concern to weigh",
    CheckState.NOT_NEEDED: "Not needed",
}
ENDED = frozenset({CheckState.NO_CONCERN, CheckState.CONCERN, CheckState.NOT_NEEDED})
NEEDS_WORDS = frozenset({CheckState.CONCERN, CheckState.NOT_NEEDED})
"""A concern and a check left out are worth nothing without what was found, or why."""

_PEOPLE = frozenset(Check) - {Check.PARENT}
_OF_KIND: Mapping[Kind, frozenset[Check]] = {
    Kind.GRANT: _PEOPLE,
    Kind.RENEWAL: _PEOPLE,
    Kind.DEALER: frozenset({Check.RECORDS, Check.SOCIAL_MEDIA, Check.GP}),
    Kind.VISITOR_PERMIT: frozenset({Check.RECORDS, Check.SOCIAL_MEDIA}),
}


def checks_of(kind: Kind, *, under_age: bool = False) -> tuple[Check, ...]:
    """The checks that an application of this kind begins with, in the order of the file.

    `under_age`: the applicant is under 18, and a parent or guardian has to agree.
    """
    wanted = _OF_KIND.get(kind, frozenset({Check.RECORDS})) | ({Check.PARENT} if under_age else set())
    return tuple(each for each in Check if each in wanted)


def needs_words(check: Check, to: CheckState) -> bool:
    """Whether the state is worth nothing without words: a parent's agreement says who agreed and how it was seen."""
    return to in NEEDS_WORDS or (check is Check.PARENT and to is CheckState.NO_CONCERN)


def parent_agrees(states: Mapping[Check, CheckState]) -> bool:
    """Whether somebody has seen that a parent agrees. Nothing else will do where the applicant is under 18."""
    return states.get(Check.PARENT) is CheckState.NO_CONCERN


def record(check: Check, state: CheckState, to: CheckState, *, words: str) -> CheckState:
    """The state after somebody recorded it; any may follow any, since what was thought done may be asked again.

    Raises MoveNotAllowed for going back to `not_started`, and where words are missing that the state needs.
    """
    if to is CheckState.NOT_STARTED or (needs_words(check, to) and not words.strip()):
        raise MoveNotAllowed(state=state.value, move=to.value)
    return to


def open_checks(states: Mapping[Check, CheckState]) -> tuple[Check, ...]:
    """The checks nobody has ended yet, in the order of the file."""
    return tuple(each for each in Check if each in states and states[each] not in ENDED)

"""What the bot makes of the matter so far: a grade only rises, flags only grow, a graver category wins."""

from dataclasses import replace

from actions.codes import PRECEDENCE, SENSITIVE_CATEGORIES, SENSITIVE_FLAGS, graver, urgency
from actions.heard import Heard
from actions.state import State

CLEAR = 0.5
"""Below this calibrated confidence the bot does not know what the matter is, and asks once."""
CLEAR_ENOUGH_TO_CHANGE = 0.7
"""A later message changes the category only when it is this sure: most are answers, not matters of their own."""
OPEN = frozenset({"", "open", "clarify", "anything_else"})
"""What is pending while the matter is not settled."""


def merge(state: State, heard: Heard, *, talk: bool, detail: bool) -> State:
    """Take in what the model makes of this message, unless its words are mere `talk`. `detail` as for `counts`."""
    if talk:
        return state
    found = heard.triage
    merged = state
    if counts(state, heard, detail=detail) and (not state.grade or urgency(found.grade) > urgency(state.grade)):
        merged = replace(state, grade=found.grade, grade_confidence=found.grade_confidence)
    if found.is_talk and state.category:
        return merged
    merged = replace(merged, flags=tuple(dict.fromkeys((*state.flags, *found.flags))))
    if not _takes_over(state, heard):
        return merged
    return replace(merged, category=found.category, category_confidence=found.category_confidence, sure=found.sure)


def counts(state: State, heard: Heard, *, detail: bool) -> bool:
    """Whether the grade and the advice of this message alone mean something.

    A few words in reply to a question, of which the model is unsure, do not: alone they are noise. An emergency does,
    unless the words are a mere `detail`: none such taught the model a grade, and half of all places would be
    emergencies. Danger words of any message are the service's, and always count.
    """
    found = heard.triage
    if not state.grade:
        return True
    if found.grade == "emergency":
        return not detail
    if state.pending in OPEN:
        return found.grade_confidence >= CLEAR or found.sure >= CLEAR
    return not found.is_talk and found.grade_confidence >= CLEAR and found.sure >= CLEAR


def _takes_over(state: State, heard: Heard) -> bool:
    """Whether the category of this message becomes the conversation's."""
    found = heard.triage
    if not state.category:
        return True
    if found.category == state.category:
        return found.sure > state.sure
    if state.pending in OPEN or state.sure < CLEAR:
        return found.sure >= min(CLEAR, state.sure)
    return found.sure >= CLEAR_ENOUGH_TO_CHANGE and _graver(found.category, state.category)


def _graver(one: str, other: str) -> bool:
    return PRECEDENCE.index(one) < PRECEDENCE.index(other)


def raised(state: State, grade: str) -> State:
    """Answer the state with at least this grade; a rule may raise the model's, never lower it."""
    if graver(state.grade, grade) == state.grade:
        return state
    return replace(state, grade=grade, grade_confidence=1.0)


def sensitive_kind(state: State, *, child: bool) -> str:
    """Answer which words a sensitive matter needs (the `support` of an answer), or "" when it is none.

    A child is asked nothing in any matter: Childline, and a person (practice 7).
    """
    flags = set(state.flags)
    if "suicide_risk" in flags:
        return "suicide"
    if state.category not in SENSITIVE_CATEGORIES and not flags & SENSITIVE_FLAGS:
        return "child_plain" if child else ""
    if child:
        return "child"
    if state.category in SENSITIVE_CATEGORIES:
        return "honour" if state.category == "domestic_abuse" and "honour_based" in flags else state.category
    by_flag = {
        "sexual": "sexual_offence",
        "domestic_abuse": "domestic_abuse",
        "exploitation": "exploitation",
        "honour_based": "honour",
        "hate": "hate_crime",
    }
    return next(kind for flag, kind in by_flag.items() if flag in flags)


def as_turn(state: State, heard: Heard, *, advise_999: bool, reasons: tuple[str, ...]) -> dict[str, object]:
    """Answer the `triage` of a turn: the conversation's so far, with this message's own reasons and chances.

    The platform weighs the chances of a first message beside what it makes of the words itself. Of mere talk ("hello")
    they would be noise.
    """
    found = heard.triage
    told = () if found.is_talk else found.ranking
    unknown = found.is_talk or found.emergency_probability is None
    chance = {} if unknown else {"emergency_probability": found.emergency_probability}
    return {
        "category": state.category or "general_enquiry",
        "category_confidence": round(state.category_confidence, 4),
        "grade": state.grade or "standard",
        "grade_confidence": round(state.grade_confidence, 4),
        "advise_999": advise_999,
        "flags": list(state.flags),
        "confidence": round(state.sure, 4),
        "reasons": list(dict.fromkeys((*reasons, *heard.triage.reasons)))[:20],
        "version": heard.triage.version,
        "data_version": heard.triage.data_version,
        "ranking": [{"category": code, "confidence": share} for code, share in told],
        **chance,
    }

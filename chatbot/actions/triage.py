"""What the bot makes of the matter so far: a grade only rises, flags only grow, a graver category wins."""

from dataclasses import replace

from actions.codes import PRECEDENCE, SENSITIVE_CATEGORIES, SENSITIVE_FLAGS, graver, urgency
from actions.heard import Heard, Triage
from actions.state import State

CLEAR = 0.5
"""Below this calibrated confidence the bot does not know what the matter is, and asks once."""
CLEAR_ENOUGH_TO_CHANGE = 0.7
"""A later message changes the category only when it is this sure: most are answers, not matters of their own."""
OWN_MATTER = 0.1
"""How likely talk is at most where a reply is told like a matter of its own (measured: chatbot/README.md)."""
OPEN = frozenset({"", "open", "clarify", "anything_else"})
"""What is pending while the matter is not settled."""


def merge(state: State, heard: Heard, *, talk: bool, graded: Triage | None) -> State:
    """Take in what the model makes of this message, unless its words are mere `talk`. `graded` as `so_far` answers."""
    if talk:
        return state
    merged, alone, whole = state, heard.triage, heard.in_context
    if graded and (not state.grade or urgency(graded.grade) > urgency(state.grade)):
        merged = replace(state, grade=graded.grade, grade_confidence=graded.grade_confidence)
    mere_detail = alone.is_talk and bool(state.category)
    merged = replace(merged, flags=_flags(state, heard, mere_detail=mere_detail))
    settled = state.category and state.pending not in OPEN
    if not mere_detail and not (settled and whole and alone.talk > OWN_MATTER) and _takes_over(state, alone):
        return _with_category(merged, alone)
    if whole and whole.sure >= CLEAR and _takes_over(state, whole):
        return _with_category(merged, whole)
    return merged


def _flags(state: State, heard: Heard, *, mere_detail: bool) -> tuple[str, ...]:
    """What is known of who is concerned: never less than before.

    That a matter is sensitive is no guess from a few words ("it was a lad in a red coat"): the whole says so too, or
    the reply reads like a matter of its own. Only a wish to die is heard in any words.
    """
    alone, whole = heard.triage, heard.in_context
    heeded = () if mere_detail else alone.flags
    if whole and alone.talk > OWN_MATTER:
        heeded = tuple(flag for flag in heeded if flag not in SENSITIVE_FLAGS or flag == "suicide_risk")
    return tuple(dict.fromkeys((*state.flags, *heeded, *(whole.flags if whole else ()))))


def so_far(state: State, heard: Heard, *, asked_of_danger: bool) -> Triage | None:
    """What says how grave it is now: all that was said, read as one; None where the model's grade means nothing.

    The message alone says it where it is the first, where it reads like a matter of its own, and where an emergency is
    the reply to the question about danger, of which the model knows nothing. A few words of any other reply are noise
    by themselves. Danger words are the service's, and always count.
    """
    alone, whole = heard.triage, heard.in_context
    if not state.grade:
        return alone
    if whole is None:  # nobody told the model what was said before: better one emergency too many
        return alone if alone.grade == "emergency" or _is_sure(state, alone) else None
    own = alone.grade == "emergency" and (asked_of_danger or alone.talk <= OWN_MATTER)
    return alone if own and whole.grade != "emergency" else whole


def _is_sure(state: State, alone: Triage) -> bool:
    if state.pending in OPEN:
        return alone.grade_confidence >= CLEAR or alone.sure >= CLEAR
    return not alone.is_talk and alone.grade_confidence >= CLEAR and alone.sure >= CLEAR


def _takes_over(state: State, found: Triage) -> bool:
    """Whether this category becomes the conversation's."""
    if not state.category:
        return found.sure >= CLEAR or not found.is_talk  # "it was on elm road last night" tells no matter
    if found.category == state.category:
        return found.sure > state.sure
    if state.pending in OPEN or state.sure < CLEAR:
        return found.sure >= min(CLEAR, state.sure)
    return found.sure >= CLEAR_ENOUGH_TO_CHANGE and _graver(found.category, state.category)


def _with_category(state: State, found: Triage) -> State:
    return replace(state, category=found.category, category_confidence=found.category_confidence, sure=found.sure)


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


def as_turn(state: State, found: Triage, *, advise_999: bool, reasons: tuple[str, ...]) -> dict[str, object]:
    """Answer the `triage` of a turn: the conversation's so far, with the reasons and chances of what was `found` now.

    The platform weighs the chances of a first message beside what it makes of the words itself. Of mere talk ("hello")
    they would be noise.
    """
    told = () if found.is_talk else found.ranking
    chances = {
        "emergency_probability": found.emergency_probability,
        "advise_999_probability": found.advice_probability,
    }
    chance = {} if found.is_talk else {name: share for name, share in chances.items() if share is not None}
    return {
        "category": state.category or "general_enquiry",
        "category_confidence": round(state.category_confidence, 4),
        "grade": state.grade or "standard",
        "grade_confidence": round(state.grade_confidence, 4),
        "advise_999": advise_999,
        "flags": list(state.flags),
        "confidence": round(state.sure, 4),
        "reasons": list(dict.fromkeys((*reasons, *found.reasons)))[:20],
        "version": found.version,
        "data_version": found.data_version,
        "ranking": [{"category": code, "confidence": share} for code, share in told],
        **chance,
    }

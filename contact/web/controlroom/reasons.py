"""Why the machine proposes what it proposes, in plain words: the codes of forms, danger words and model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contact.domain.taxonomy import Category, Grade
from forms import REASONS, reason_text

_OURS = {
    "emergency_door": "The person used the emergency page: they say there is danger now",
    "taken_down_by_an_agent": "An agent took it down from the person and graded it",
    "firearms_applicant": "It was written to firearms licensing: the person has guns, or asks for them",
    "worry_about_applicant": "A doctor or a referee is worried about somebody who has guns, or asks for them",
    "not_triaged": "Nobody, person or model, has read the words yet",
    "nothing_urgent_found": "Nothing urgent was found",
    "advice:likely_danger": "The words sound like danger to somebody",
    "unsure:category": "The model by itself is not sure of the category",
    "unsure:grade": "The model by itself is not sure of the grade",
    "learnt_in_english": "The model learnt from English messages: for Welsh its category is a guess",
    "said_in_danger": "The person said that they are in danger",
    "asked_for_person": "The person asked for a person",
    "no_words": "There were no words to read",
    "low_confidence": "The assistant did not understand well enough",
    "no_answer": "The assistant has no approved answer to this",
    "abuse": "The person was abusive to the assistant",
    "injection": "The words tried to make the assistant promise or reveal something",
}


def in_words(reason: Mapping[str, Any]) -> str:
    """One reason of a proposal as a handler reads it."""
    code = str(reason.get("code", ""))
    if code in _OURS:
        return _OURS[code]
    if code in REASONS:
        return reason_text(code)
    if reason.get("source") == "screen":
        return f"Words in the text: {_plain(code)}"
    kind, _, value = code.partition(":")
    if kind == "grade" and value in set(Grade):
        return f"The words read like {Grade(value).label.lower()}"
    if kind == "category" and value in set(Category):
        return f"The words read like {Category(value).label.lower()}"
    return _plain(code).capitalize()


def _plain(code: str) -> str:
    return code.replace("_", " ").replace(":", ": ")

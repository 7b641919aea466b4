"""Talks to the dialogue's core without Rasa: each message with what a model would make of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.book import Book, the_book
from actions.codes import GRADES
from actions.heard import listen
from actions.state import State, from_slots, to_slots
from actions.turn import take_turn

Turn = dict[str, Any]
_NO_FLAGS = frozenset({"advise", "detail", "own"})


@dataclass
class Talk:
    """One conversation; its state goes through JSON between messages, as it does in a tracker."""

    channel: str = "chat"
    language: str = "en"
    nation: str = "england-and-wales"
    firearms_online: bool = False
    safe_contact_known: bool = False
    state: State = field(default_factory=State)
    count: int = 0
    book: Book = field(default_factory=the_book)

    def say(
        self,
        text: str,
        is_: list[Any] | None = None,
        *,
        intent: str = "",
        entities: list[Mapping[str, Any]] | None = None,
        whole: list[Any] | None = None,
    ) -> Turn:
        """Say something; answers the turn. `is_`: what a model makes of it alone, `whole`: of all that was said."""
        self.count += 1
        in_context = {"in_context": triage(whole)} if whole else {}
        message = {
            "text": text,
            "intent": {"name": intent or (is_[0] if is_ else "inform"), "confidence": 0.9},
            "entities": entities or [],
            "triage": triage(is_) | in_context,
            "metadata": {
                "message_id": f"m{self.count}",
                "channel": self.channel,
                "language": self.language,
                "first": self.count == 1,
                "nation": self.nation,
                "firearms_online": self.firearms_online,
                "safe_contact_known": self.safe_contact_known,
            },
        }
        state, turn = take_turn(self.state, listen(message), self.book)
        again, same = take_turn(state, listen(message), self.book)
        assert (again, same) == (state, turn), "the same message is answered the same"
        self.state = from_slots(json.loads(json.dumps(to_slots(state))))
        found: Turn = json.loads(json.dumps(turn))
        return found


def triage(is_: list[Any] | None) -> dict[str, Any]:
    """What the model makes of some words: category, confidence, grade, then flags, `advise` and, where it is surely no
    matter of its own, `detail`, or surely one, `own`; talk when None."""
    category, confidence, grade, *rest = is_ or ["general_enquiry", 0.3, "enquiry"]
    assert grade in GRADES
    return {
        "category": category,
        "category_confidence": confidence,
        "grade": grade,
        "grade_confidence": confidence,
        "advise_999": "advise" in rest,
        "flags": [{"code": flag, "confidence": 0.8} for flag in rest if flag not in _NO_FLAGS],
        "confidence": confidence,
        "is_talk": is_ is None or "detail" in rest,
        "talk_probability": 0.99 if "detail" in rest else 0.02 if "own" in rest else 0.5,
        "reasons": [],
        "version": "triage-test",
        "data_version": "test",
    }

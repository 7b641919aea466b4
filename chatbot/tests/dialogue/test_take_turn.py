"""The action as Rasa calls it: metadata and triage in, one custom message and the slots out."""

from pathlib import Path
from typing import Any

import pytest
from actions.state import SLOTS
from actions.take_turn import ActionTakeTurn
from rasa.shared.core.domain import Domain
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

CHATBOT = Path(__file__).resolve().parents[2]
TRIAGE = {
    "category": "burglary",
    "category_confidence": 0.9,
    "grade": "standard",
    "grade_confidence": 0.9,
    "advise_999": False,
    "flags": [],
    "confidence": 0.9,
    "is_talk": False,
    "reasons": [],
    "version": "triage-1",
    "data_version": "data-1",
}


def ask(slots: dict[str, Any], text: str, message_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Call the action as its server does; answers the turn and the slots after it."""
    message = {
        "text": text,
        "intent": {"name": "burglary", "confidence": 0.9},
        "entities": [],
        "triage": TRIAGE,
        "metadata": {"message_id": message_id, "channel": "chat", "language": "en", "first": not slots},
    }
    tracker = Tracker("c", dict(slots), message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = ActionTakeTurn().run(dispatcher, tracker, {})
    (sent,) = dispatcher.messages
    return sent["custom"]["turn"], {**slots, **{event["name"]: event["value"] for event in events}}


def test_a_turn_travels_as_custom_and_is_remembered() -> None:
    turn, slots = ask({}, "we were burgled last night", "m1")
    assert turn["asks"] == "danger"
    assert turn["triage"]["version"] == "triage-1"
    assert set(slots) == set(SLOTS)
    again, same = ask(slots, "we were burgled last night", "m1")
    assert (again, same) == (turn, slots)
    following, _ = ask(slots, "no", "m2")
    assert following["asks"] == "where"


def test_it_says_nothing_in_rasas_own_words() -> None:
    dispatcher = CollectingDispatcher()
    tracker = Tracker("c", {}, {"text": "hello", "metadata": {}}, [], False, None, {}, "action_listen")
    ActionTakeTurn().run(dispatcher, tracker, {})
    (sent,) = dispatcher.messages
    assert not sent["text"]
    assert not sent["response"]


def test_rasa_reads_the_domain() -> None:
    domain = Domain.load(str(CHATBOT / "domain"))
    assert domain.user_actions == ["action_take_turn"]
    assert {slot.name for slot in domain.slots} >= set(SLOTS)
    assert not [slot.name for slot in domain.slots if slot.name in SLOTS and slot.influence_conversation]


@pytest.mark.parametrize("latest", [{}, {"text": None, "metadata": None, "intent": None, "entities": None}])
def test_a_message_without_anything_goes_to_a_person(latest: dict[str, Any]) -> None:
    dispatcher = CollectingDispatcher()
    ActionTakeTurn().run(dispatcher, Tracker("c", {}, latest, [], False, None, {}, "action_listen"), {})
    assert dispatcher.messages[0]["custom"]["turn"]["hand_over"] == "low_confidence"

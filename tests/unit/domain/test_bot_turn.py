"""What a chatbot may answer: whatever it cannot mean is rubbish, and nothing of it can break what stores it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contact.domain.bot_turn import (
    LONGEST_EARLIER,
    LONGEST_FIRST,
    LONGEST_SAID,
    HandOver,
    NotATurn,
    earlier_words,
    read_turn,
)

TRIAGE = {
    "category": "theft", "category_confidence": 0.9, "grade": "standard", "grade_confidence": 0.9,
    "advise_999": False, "flags": [], "confidence": 0.9, "reasons": ["model"], "version": "m-1", "data_version": "d-1",
}  # fmt: skip
TURN = {
    "version": 1, "say": ["Where was it taken?"], "asks": "where", "hand_over": None, "form": None, "answer": None,
    "triage": TRIAGE, "facts": [], "summary": [],
}  # fmt: skip


def told(**changed: object) -> dict[str, object]:
    return {**TURN, **changed}


def test_half_letters_and_what_turns_words_round_are_left_out() -> None:
    raw = json.loads('"one \\ud83d two \\u202e three \\u0000 four"')
    fact = {"kind": "place", "value": raw, "words": raw, "start": 0, "end": 4}
    turn = read_turn(told(say=[raw], facts=[fact], summary=[raw]))
    for words in (turn.say[0], turn.facts[0].value, turn.facts[0].words, turn.summary):
        assert words.encode("utf-8") == b"one  two  three  four"


@pytest.mark.parametrize("why", ["taken_over", "silence", "bot_away", "bot_off", "gone", 7, ["done"], {"a": 1}, ""])
def test_it_cannot_hand_over_for_a_reason_of_the_platforms(why: object) -> None:
    with pytest.raises(NotATurn):
        read_turn(told(hand_over=why))


@pytest.mark.parametrize("why", ["asked_for_person", "emergency", "sensitive", "done", "urgent", "low_confidence"])
def test_it_hands_over_for_reasons_of_its_own(why: str) -> None:
    assert read_turn(told(hand_over=why)).hand_over is HandOver(why)


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 2},
        {"say": "words"},
        {"say": [1]},
        {"say": ["a"] * 4},
        {"say": ["\u200b"]},
        {"asks": "where; DROP"},
        {"form": {"id": "theft"}},
        {"facts": {"kind": "place"}},
        {"facts": [{"kind": "<b>", "start": 0, "end": 1}]},
        {"facts": [{"kind": "place", "start": -1, "end": 1}]},
        {"facts": [{"kind": "place", "start": True, "end": 1}]},
        {"facts": ["place"]},
        {"summary": "two lines"},
        {"triage": None},
        {"triage": TRIAGE | {"category": ["theft"]}},
        {"triage": TRIAGE | {"grade": "none"}},
        {"triage": TRIAGE | {"flags": 5}},
        {"triage": TRIAGE | {"flags": [{}]}},
        {"triage": TRIAGE | {"reasons": ["They said: it is behind the shed"]}},
        {"triage": TRIAGE | {"confidence": float("nan")}},
        {"triage": TRIAGE | {"confidence": 2}},
        {"triage": TRIAGE | {"category_confidence": True}},
        {"triage": TRIAGE | {"advise_999": "yes"}},
        {"triage": TRIAGE | {"version": "x" * 65}},
    ],
)
def test_rubbish_is_no_turn(changed: dict[str, Any]) -> None:
    with pytest.raises(NotATurn):
        read_turn(told(**changed))


def test_words_are_cut_to_length_and_markup_stays_words() -> None:
    turn = read_turn(told(say=["<script>alert(1)</script>", "a" * 5_000]))
    assert turn.say[0] == "<script>alert(1)</script>"
    assert len(turn.say[1]) == LONGEST_SAID


def test_a_reply_is_read_with_everything_that_was_said_in_a_short_talk() -> None:
    said = ["someone took my bike", " ", "king\u202e street, \u0000 by the racks", "about 6"]
    assert earlier_words(said) == ["someone took my bike", "king street,  by the racks", "about 6"]
    assert earlier_words([]) == earlier_words(["", "  "]) == []


def test_of_a_long_talk_the_first_words_and_the_newest_go_with_a_reply() -> None:
    kept = earlier_words(["a" * 1_000, "b" * 200, "c" * 200, "d" * 150])
    assert kept == ["a" * LONGEST_FIRST, "c" * 150, "d" * 150]
    assert sum(map(len, kept)) == LONGEST_EARLIER
    kept = earlier_words(["a" * 10, "b" * 200, "c" * 2_000])
    assert kept == ["a" * 10, "c" * (LONGEST_EARLIER - 10)]

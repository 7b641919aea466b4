"""Whole conversations with the dialogue's core, and what must hold in every turn of every one of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from contact.domain.bot_turn import read_turn
from contact.domain.sms_text import measure
from contact.domain.taxonomy import Grade
from tests.chatbot.talking import Talk, Turn

CONVERSATIONS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "conversations.yml").read_text(encoding="utf-8")
)
DEMO = "DEMO, not the police. "
NEVER = re.compile(
    r"officers? (are|is|will)|we will (come|send|catch|arrest)|on (the|their) way to you now|i promise|guarantee"
    r"|you will get|constabulary|years in prison",
    re.IGNORECASE,
)
EXPECTED = ("asks", "hand_over", "answer")


def names(one: dict[str, Any]) -> str:
    """How pytest shows it."""
    return str(one["name"])


def test_there_are_enough() -> None:
    assert len(CONVERSATIONS) >= 40
    assert len({names(one) for one in CONVERSATIONS}) == len(CONVERSATIONS)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=names)
def test_conversation(conversation: dict[str, Any]) -> None:
    given = {
        key: conversation[key]
        for key in ("channel", "language", "nation", "firearms_online", "safe_contact_known")
        if key in conversation
    }
    talk = Talk(**given)
    said: list[str] = []
    asked = 0
    last: Turn | None = None
    for expected in conversation["turns"]:
        turn = talk.say(expected["say"], expected.get("is"), intent=expected.get("intent", ""))
        for part in EXPECTED:
            assert turn[part] == expected.get(part), f"{expected['say']!r}: {part} in {turn}"
        compare(turn, expected, talk)
        said.append(expected["say"])
        asked += turn["asks"] is not None
        assert asked <= 6
        hold(turn, last, said, talk)
        last = turn


def compare(turn: Turn, expected: dict[str, Any], talk: Talk) -> None:
    """What only some turns of the table name."""
    words = " ".join(turn["say"])
    facts = {fact["kind"]: fact["words"] for fact in turn["facts"]}
    for kind, value in expected.get("facts", {}).items():
        assert facts.get(kind) == value, facts
    assert not expected.get("silent") or turn["say"] == []
    assert expected.get("has", "") in words
    assert not [each for each in expected.get("lacks", ()) if each.casefold() in words.casefold()]
    if "form" in expected:
        assert turn["form"] == expected["form"]
    for part in ("grade", "category"):
        assert part not in expected or turn["triage"][part] == expected[part]
    assert set(expected.get("flags", ())) <= set(turn["triage"]["flags"])
    assert expected.get("reasons", "") in ("", *turn["triage"]["reasons"])
    assert expected.get("summary", "") in turn["summary"][1]
    assert "language" not in expected or talk.state.language == expected["language"]


def hold(turn: Turn, last: Turn | None, said: list[str], talk: Talk) -> None:
    """What is true of every turn, whatever was said."""
    read = read_turn(turn)  # the service can read it
    assert read.triage.version == "triage-test"
    for words in turn["say"]:
        assert not NEVER.search(words), words
        assert not [each for each in said if len(each) > 12 and each.casefold() in words.casefold()], "read back"
    for fact in turn["facts"]:
        assert said[-1][fact["start"] : fact["end"]] == fact["words"]
        if len(fact["words"]) > 6 and fact["kind"] != "time":
            assert not [words for words in turn["say"] if fact["words"].casefold() in words.casefold()]
    assert len(turn["summary"]) == 2
    assert max(map(len, turn["summary"])) <= 120
    if turn["hand_over"] == "emergency":
        assert turn["say"] == []
    if last is not None:
        before, now = Grade(last["triage"]["grade"]), Grade(turn["triage"]["grade"])
        assert now.urgency >= before.urgency or last["triage"]["confidence"] < 0.5
        assert set(last["triage"]["flags"]) <= set(turn["triage"]["flags"])
    if talk.channel == "sms":
        for words in turn["say"]:
            assert measure(DEMO + words).parts <= 2, words


@pytest.mark.parametrize(
    ("reply", "surely_a_detail", "grade"),
    [
        ("king street, by the racks", True, "standard"),
        ("at the station, platform 2", True, "standard"),
        ("two lads on a moped", False, "standard"),
        ("hes in the house", False, "emergency"),
        ("two lads with a crowbar", False, "emergency"),
        ("on king street by the racks, and there is my neighbour lying beside it", False, "emergency"),
        ("in my kitchen, he is still here", True, "emergency"),
        ("outside my door right now", True, "emergency"),
        ("yma, tu ôl i mi", True, "emergency"),
    ],
)
def test_a_detail_that_was_asked_for_is_no_emergency_unless_something_goes_on(
    reply: str, surely_a_detail: bool, grade: str
) -> None:
    """The model's grade of a few words alone is noise; words that tell of something going on are not."""
    talk = Talk()
    assert talk.say("someone nicked my bike", ["theft", 0.9, "standard"])["asks"] not in {None, "danger"}
    heard = ["robbery", 0.9, "emergency", "advise", *(["detail"] if surely_a_detail else [])]
    turn = talk.say(reply, heard, intent="inform" if surely_a_detail else "")
    assert turn["triage"]["grade"] == grade
    assert turn["triage"]["advise_999"] is (grade == "emergency")
    assert (turn["hand_over"] == "emergency") is (grade == "emergency")


def test_a_detail_after_the_last_question_is_no_emergency_either() -> None:
    talk = Talk()
    first = talk.say("i found a wallet", ["property_lost_found", 0.9, "enquiry"])
    assert (first["answer"], talk.state.pending) != (None, "")
    turn = talk.say(
        "by the bus stop on king street", ["robbery", 0.9, "emergency", "advise", "detail"], intent="inform"
    )
    assert (turn["triage"]["grade"], turn["triage"]["advise_999"]) == ("enquiry", False)
    assert turn["hand_over"] != "emergency"


def test_to_the_question_of_danger_every_emergency_counts() -> None:
    talk = Talk()
    talk.say("the lads are at it again", ["antisocial_behaviour", 0.9, "standard"])
    while talk.state.pending != "danger":
        assert talk.say("dont know", None, intent="dont_know")["asks"], "the question of danger was never put"
    turn = talk.say("on the bridge", ["assault", 0.9, "emergency", "advise", "detail"], intent="inform")
    assert turn["hand_over"] == "emergency"

"""Whole conversations with the dialogue's core, and what must hold in every turn of every one of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from actions.book import the_book
from actions.heard import listen
from actions.state import State
from actions.turn import take_turn

from contact.domain.bot_turn import read_turn
from contact.domain.sms_text import measure
from contact.domain.taxonomy import Grade
from tests.chatbot.talking import Talk, Turn, triage

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


ALARMED = ["robbery", 0.9, "emergency", "advise"]
CALM = ["theft", 0.95, "standard"]


def stolen() -> Talk:
    """A talk about a bicycle, with a question open that is not about danger."""
    talk = Talk()
    assert talk.say("someone nicked my bike", ["theft", 0.9, "standard"])["asks"] not in {None, "danger"}
    return talk


@pytest.mark.parametrize(
    ("reply", "alone", "whole", "grade"),
    [
        ("king street, by the racks", [*ALARMED, "detail"], CALM, "standard"),
        ("two lads on a moped", ALARMED, CALM, "standard"),
        ("shes bleeding", ["assault", 0.9, "emergency"], ["assault", 0.9, "emergency", "advise"], "emergency"),
        ("hes here", ["theft", 0.3, "standard", "detail"], ["burglary", 0.6, "emergency", "advise"], "emergency"),
        ("a dog has my sheep by the throat and i have a gun", [*ALARMED, "own"], CALM, "emergency"),
        (
            "my son is twelve and was with me",
            ["child_protection", 0.4, "standard"],
            ["theft", 0.8, "priority"],
            "priority",
        ),
    ],
)
def test_a_reply_is_as_grave_as_all_that_was_said(reply: str, alone: list[Any], whole: list[Any], grade: str) -> None:
    """A few words alone are noise to the model; what reads like a matter of its own is none."""
    turn = stolen().say(reply, alone, whole=whole, intent="inform")
    assert turn["triage"]["grade"] == grade
    assert turn["triage"]["advise_999"] is (grade == "emergency")
    assert (turn["hand_over"] == "emergency") is (grade == "emergency")


def test_a_reply_never_makes_it_less_grave() -> None:
    talk = stolen()
    assert talk.say("he cut me a bit", ["assault", 0.6, "priority"], whole=["robbery", 0.8, "priority"])["triage"][
        "grade"
    ] == "priority"  # fmt: skip
    assert talk.say("king street", None, whole=["theft", 0.9, "standard"])["triage"]["grade"] == "priority"


def test_the_reasons_and_chances_are_of_the_reading_that_counts() -> None:
    turn = stolen().say("king street, by the racks", [*ALARMED, "detail"], whole=CALM, intent="inform")
    assert turn["triage"]["ranking"] == []
    assert turn["triage"]["version"] == "triage-test"
    alone = {**triage([*ALARMED, "detail"]), "reasons": ["grade:emergency"], "emergency_probability": 0.9}
    whole = {**triage(CALM), "reasons": ["grade:standard"], "emergency_probability": 0.06, "version": None}
    heard = listen({"text": "king street", "triage": {**alone, "in_context": whole}})
    _, told = take_turn(State(category="theft", grade="standard", sure=0.9, pending="where"), heard, the_book())
    found = read_turn(told).triage
    assert (found.reasons, found.emergency_probability) == (("grade:standard",), 0.06)
    assert (found.version, found.data_version) == ("triage-test", "test")


def test_a_turn_tells_how_likely_an_emergency_and_advice_are_as_the_model_does() -> None:
    """The platform weighs both beside the words, in a talk as for a message alone."""
    chances = {"emergency_probability": 0.2, "advise_999_probability": 0.3}
    _, told = take_turn(State(), listen({"text": "my bike is gone", "triage": triage(CALM) | chances}), the_book())
    assert isinstance(told["triage"], dict)
    assert {name: told["triage"][name] for name in chances} == chances


def test_a_correction_changes_the_matter_by_what_all_of_it_reads_as() -> None:
    talk = stolen()
    turn = talk.say(
        "actually it was robbery, he pushed me", ["robbery", 0.97, "enquiry"], whole=["robbery", 0.77, "standard"]
    )
    assert turn["triage"]["category"] == "robbery"


def test_a_detail_changes_no_matter() -> None:
    turn = stolen().say("two lads on a moped", ALARMED, whole=CALM)
    assert turn["triage"]["category"] == "theft"


def test_what_is_sensitive_is_heard_in_the_whole_and_in_a_matter_of_its_own() -> None:
    whole = stolen().say("it was him, he does it each time", ["theft", 0.3, "standard"],
                         whole=["domestic_abuse", 0.8, "standard", "domestic_abuse"])  # fmt: skip
    own = stolen().say("my husband has been hitting me for years", ["domestic_abuse", 0.95, "standard", "own"],
                       whole=["theft", 0.7, "standard"])  # fmt: skip
    for turn in (whole, own):
        assert (turn["triage"]["category"], turn["hand_over"]) == ("domestic_abuse", "sensitive")


def test_a_few_words_about_somebody_make_no_sensitive_matter() -> None:
    talk = stolen()
    alone = ["child_protection", 0.4, "standard", "sexual", "child"]
    turn = talk.say("it was a lad in a red coat about 16", alone, whole=CALM)
    assert (turn["triage"]["flags"], turn["hand_over"]) == (["child"], None)
    turn = talk.say("i cant go on like this", ["welfare_concern", 0.6, "standard", "suicide_risk"], whole=CALM)
    assert turn["hand_over"] == "sensitive"


def test_a_first_message_that_is_a_mere_detail_tells_no_matter() -> None:
    talk = Talk()
    turn = talk.say("it was on elm road last night", ["sexual_offence", 0.45, "standard", "detail"], intent="inform")
    assert (turn["asks"], turn["hand_over"], turn["triage"]["category"]) == ("clarify", None, "general_enquiry")
    turn = talk.say("my bike got taken", ["theft", 0.9, "standard"], whole=["theft", 0.8, "standard"])
    assert (turn["triage"]["category"], turn["hand_over"]) == ("theft", None)


def test_a_detail_after_the_last_question_is_no_emergency_either() -> None:
    talk = Talk()
    first = talk.say("i found a wallet", ["property_lost_found", 0.9, "enquiry"])
    assert (first["answer"], talk.state.pending) != (None, "")
    turn = talk.say(
        "by the bus stop on king street",
        [*ALARMED, "detail"],
        whole=["property_lost_found", 0.9, "enquiry"],
        intent="inform",
    )
    assert (turn["triage"]["grade"], turn["triage"]["advise_999"]) == ("enquiry", False)
    assert turn["hand_over"] != "emergency"


def test_where_nobody_told_the_model_what_was_said_every_emergency_counts() -> None:
    assert stolen().say("on the bridge", [*ALARMED, "detail"], intent="inform")["hand_over"] == "emergency"


@pytest.mark.parametrize(
    "odd", [{}, {"category": "theft"}, {"category": "x", "grade": "emergency"}, ["theft"], "x", None]
)
def test_a_whole_that_cannot_be_read_is_none(odd: object) -> None:
    assert listen({"text": "king street", "triage": {**triage(CALM), "in_context": odd}}).in_context is None


def test_in_welsh_the_whole_is_a_guess_too() -> None:
    turn = stolen().say("mae o ar y bont rŵan", ["assault", 0.9, "emergency"], whole=["assault", 0.9, "emergency"])
    assert (turn["triage"]["grade"], turn["hand_over"]) == ("priority", "urgent")


def test_to_the_question_of_danger_every_emergency_counts() -> None:
    talk = Talk()
    talk.say("the lads are at it again", ["antisocial_behaviour", 0.9, "standard"])
    while talk.state.pending != "danger":
        assert talk.say("dont know", None, intent="dont_know")["asks"], "the question of danger was never put"
    alone, whole = ["assault", 0.9, "emergency", "advise", "detail"], ["antisocial_behaviour", 0.9, "standard"]
    assert talk.say("on the bridge", alone, whole=whole, intent="inform")["hand_over"] == "emergency"

"""What probabilities make of a message: lines drawn where the settings say, talk apart, always one category."""

import numpy as np
from components.labels import CATEGORIES, FLAGS, GRADES, TALK
from components.network import Scores
from components.proposal import intents, read

LINES = {
    "emergency_from": 0.5,
    "advise_from": 0.2,
    "flag_from": 0.4,
    "talk_from": 0.5,
    "sure_from": 0.5,
    "data_version": "data-test",
}


def scores(
    *, talk: str = "matter", category: str = "theft", grade: str = "standard", sure: float = 0.9, advice: float = 0.0
) -> Scores:
    """Answer scores that are `sure` of these, with the rest spread evenly."""

    def spread(codes: tuple[str, ...], chosen: str) -> np.ndarray:
        rest = np.full(len(codes), (1 - sure) / (len(codes) - 1))
        rest[codes.index(chosen)] = sure
        return rest

    flags = np.zeros(len(FLAGS))
    flags[FLAGS.index("weapon")] = 0.6
    return Scores(spread(TALK, talk), spread(CATEGORIES, category), spread(GRADES, grade), advice, flags)


def test_a_theft() -> None:
    found = read(scores(), LINES)
    assert (found["category"], found["grade"]) == ("theft", "standard")
    assert not found["advise_999"]
    assert not found["is_talk"]
    assert found["flags"] == [{"code": "weapon", "confidence": 0.6}]
    assert found["data_version"] == "data-test"
    assert "unsure:category" not in found["reasons"]


def test_an_emergency_is_always_advised() -> None:
    found = read(scores(grade="emergency"), LINES | {"advise_from": 2.0})
    assert (found["grade"], found["advise_999"]) == ("emergency", True)


def test_advice_is_given_long_before_the_grade_is_raised() -> None:
    found = read(scores(advice=0.3), LINES)
    assert (found["grade"], found["advise_999"]) == ("standard", True)


def test_an_emergency_line_set_low_takes_the_likely_ones_too() -> None:
    likely = scores(grade="emergency", sure=0.4)
    assert read(likely, LINES)["grade"] != "emergency"
    assert read(likely, LINES | {"emergency_from": 0.3})["grade"] == "emergency"


def test_talk_is_the_intent_yet_has_a_category() -> None:
    spoken = scores(talk="affirm")
    found = read(spoken, LINES)
    assert found["is_talk"]
    assert found["category"] in CATEGORIES
    assert intents(spoken, found["is_talk"])[0]["name"] == "affirm"


def test_the_ranking_begins_with_the_intent_and_names_each_once() -> None:
    ranking = [one["name"] for one in intents(scores(category="drugs"), is_talk=False)]
    assert ranking[0] == "drugs"
    assert len(ranking) == len(set(ranking)) == 10

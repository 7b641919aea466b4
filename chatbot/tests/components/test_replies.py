"""A reply and what was said before it: never cut for it, read in one pass, kept by no tracker, learnt from pairs."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from components.labels import CATEGORIES, FLAGS, TALK
from components.network import Scores, Target
from components.proposal import lines, read_in_context
from components.replies import MOST_EARLIER, Pair, Replies, fit, heard_before, pairs, read_reply, together
from components.triage import TriageClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

START, END, STOP = 0, 2, 9
WIDTH = 4


def pieces(text: str) -> list[int]:
    """Each word is a piece, by its number; a full stop is one too."""
    return [START, *(STOP if word == "." else int(word) for word in text.replace(".", " .").split()), END]


class FakeNetwork:
    """Takes rows of numbers and keeps them; an emergency is not likely by itself."""

    longest = 12

    def __init__(self) -> None:
        self.encoder = SimpleNamespace(numbers=lambda text, _longest: pieces(text))
        self.passes: list[list[list[int]]] = []

    def read(self, rows: list[list[int]]) -> tuple[list[Scores], np.ndarray]:
        self.passes.append(rows)
        even = np.full(len(CATEGORIES), 1 / len(CATEGORIES))
        grade = np.asarray([0.1, 0.2, 0.5, 0.2])
        one = Scores(np.full(len(TALK), 1 / len(TALK)), even, grade, 0.0, np.zeros(len(FLAGS)))
        return [one] * len(rows), np.asarray([[len(row), 0.0, 0.0, 1.0] for row in rows])

    def scores(self, text: str) -> Scores:
        return self.read([pieces(text)])[0][0]


def head(bias: float) -> Replies:
    """A head that looks at nothing."""
    return Replies(np.zeros(2 * WIDTH), bias, 1.0)


def test_what_was_said_before_stands_before_the_reply() -> None:
    assert together(pieces, ["11 12", "13."], "14 15", 20) == [START, 11, 12, STOP, 13, STOP, 14, 15, END]


def test_the_middle_of_what_was_said_before_goes_and_never_the_reply() -> None:
    found = together(pieces, ["11 12 13", "14 15 16", "17 18 19"], "21 22 23", 11)
    assert len(found) == 11
    assert found[-4:] == [21, 22, 23, END]
    assert found[:4] == [START, 11, 12, 13]
    assert found[4:-4] == [18, 19, STOP]


@pytest.mark.parametrize("longest", [5, 8, 9])
def test_a_reply_that_fills_everything_leaves_out_what_was_said_before(longest: int) -> None:
    found = together(pieces, ["11 12 13"], "21 22 23 24 25 26 27", longest)
    assert len(found) == longest
    assert (found[0], found[-1]) == (START, END)
    assert not {11, 12, 13} & set(found)
    assert {21, 27} <= set(found)


def test_earlier_words_are_taken_out_of_the_metadata() -> None:
    metadata = {"message_id": "m1", "earlier": ["my bike", " ", 7, "king street"]}
    assert heard_before(metadata) == ["my bike", "king street"]
    assert metadata == {"message_id": "m1"}


@pytest.mark.parametrize("odd", [None, "words", [], {}, {"earlier": None}, {"earlier": "words"}, {"earlier": {"a": 1}}])
def test_odd_metadata_tells_nothing(odd: object) -> None:
    assert heard_before(odd) == []


def test_of_a_long_talk_the_first_and_the_newest_are_kept() -> None:
    found = heard_before({"earlier": [f"{number} " * 2_000 for number in range(30)]})
    assert len(found) == MOST_EARLIER
    assert [text.split()[0] for text in found] == ["0", *map(str, range(30 - MOST_EARLIER + 1, 30))]
    assert max(map(len, found)) < 2_000


def test_a_reply_is_read_alone_and_with_what_was_said_in_one_pass() -> None:
    network = FakeNetwork()
    alone, whole = read_reply(network, head(2.0), ["11"], "21 22")
    assert network.passes == [[[START, 21, 22, END], [START, 11, STOP, 21, 22, END]]]
    assert alone.grade[0] == pytest.approx(0.1)
    assert whole.grade[0] == pytest.approx(1 / (1 + np.exp(-2.0)))
    assert whole.grade.sum() == pytest.approx(1.0)
    assert whole.grade[1:].argmax() == alone.grade[1:].argmax()


def test_the_proposal_in_context_has_its_own_lines_and_is_never_talk() -> None:
    drawn = lines() | {"data_version": "data-test", "in_context": {"emergency_from": 0.5, "advise_from": 0.4}}
    chance = drawn["in_context"]["emergency_from"]
    for bias, grade in ((-0.1, "standard"), (0.1, "emergency")):
        _, whole = read_reply(FakeNetwork(), head(np.log(chance / (1 - chance)) + bias), ["11"], "21")
        found = read_in_context(whole, drawn)
        assert (found["grade"], found["advise_999"]) == (grade, True)
        assert not {"is_talk", "talk_probability", "version"} & set(found)
    _, whole = read_reply(FakeNetwork(), head(-4.0), ["11"], "21")
    assert read_in_context(whole, drawn)["advise_999"] is False


def classifier() -> tuple[TriageClassifier, FakeNetwork]:
    """A classifier that is trained already."""
    made = TriageClassifier({"data_version": "data-test"}, None, None)
    network = FakeNetwork()
    made.network, made.replies = network, head(3.0)
    return made, network


def test_a_first_message_is_read_alone_as_ever() -> None:
    made, network = classifier()
    for metadata in (None, {}, {"earlier": []}):
        message = Message(data={TEXT: "21 22", "metadata": metadata})
        (read,) = made.process([message])
        assert "in_context" not in read.get("triage")
    assert [len(rows) for rows in network.passes] == [1, 1, 1]


def test_a_reply_says_both_and_what_it_is_alone_stays() -> None:
    made, _ = classifier()
    alone, reply = (Message(data={TEXT: "21 22", "metadata": each}) for each in ({}, {"earlier": ["11 12"]}))
    made.process([alone, reply])
    found = dict(reply.get("triage"))
    assert found.pop("in_context")["grade"] == "emergency"
    assert found == alone.get("triage")
    assert reply.get("intent") == alone.get("intent")
    assert reply.get("metadata") == {}


TOLD: list[tuple[str, Target]] = [
    ("king street", Target("inform")),
    ("bye", Target("goodbye")),
    ("my bike was stolen. it is blue.", Target("matter", "theft", "standard", advise_999=False, flags=())),
    ("he is in the house", Target("matter", "burglary", "emergency", advise_999=True, flags=())),
    ("somebody is here. He has a knife!", Target("matter", "weapons", "emergency", advise_999=True, flags=())),
    ("my daughter has not come home", Target("matter", "missing_person", "priority", advise_999=True, flags=())),
]


def test_pairs_are_made_of_what_is_learnt_anyway() -> None:
    texts, targets = zip(*TOLD, strict=True)
    made = list(pairs(texts, targets, 4))
    assert made == list(pairs(texts, targets, 4)), "always the same"
    calm = "my bike was stolen. it is blue."
    assert made.count(Pair(calm, "king street", emergency=False)) == 4
    assert Pair(calm, "he is in the house", emergency=True) in made
    assert Pair("my bike was stolen.", "it is blue.", emergency=False) in made
    assert Pair("somebody is here.", "He has a knife!", emergency=True) in made
    assert {pair.reply for pair in made if not pair.emergency} == {"king street", calm, "it is blue."}
    assert not [pair for pair in made if pair.reply == "bye" or "come home" in pair.earlier]


def test_nothing_urgent_to_learn_from_makes_no_pair_of_it() -> None:
    texts, targets = zip(*TOLD[:3], strict=True)
    assert not [pair for pair in pairs(texts, targets, 4) if pair.emergency]


def test_the_head_learns_what_tells_them_apart_and_is_kept(tmp_path: Path) -> None:
    class Lengths(FakeNetwork):
        """A text's vector is how often 5 stands in it."""

        def lower_rows(self, rows: list[list[int]]) -> list[list[int]]:
            return rows

        def vectors(self, rows: list[list[int]]) -> np.ndarray:
            return np.asarray([[row.count(5), 1.0, 0.0, 0.0] for row in rows])

    made = [Pair("11 12", "5 5 5", emergency=True), Pair("11", "12", emergency=False)] * 20
    said: list[str] = []
    learnt = fit(Lengths(), made, said.append)
    grave, calm = np.asarray([3.0, 1.0, 0, 0]), np.asarray([0.0, 1.0, 0, 0])
    assert learnt.chance(grave, grave) > 0.5 > learnt.chance(calm, calm)
    learnt.save(tmp_path)
    assert Replies.load(tmp_path).chance(grave, calm) == pytest.approx(learnt.chance(grave, calm))
    assert said

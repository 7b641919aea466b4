"""What the chatbot learns from: valid labels, every category, nothing twice, and nothing of the held-out sets."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from contact.domain.taxonomy import Category, Flag, Grade

CHATBOT = Path(__file__).resolve().parents[2] / "chatbot"
MESSAGES = sorted((CHATBOT / "data" / "messages").glob("*.jsonl"))
SETS = sorted((CHATBOT / "tests" / "sets").glob("*.jsonl"))
CATEGORIES = {str(one) for one in Category}
FLAGS = [str(one) for one in Flag]
ENTITY = re.compile(r"\[([^\]]*)\]\((\w+)\)")


def rows(path: Path) -> list[dict[str, Any]]:
    """Read one JSON object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def plain(text: str) -> str:
    """Answer a text's letters and digits alone, which tells copies that differ in stops and capitals."""
    return re.sub(r"\W+", "", text.casefold())


def talk() -> dict[str, list[str]]:
    """Answer the hand-written YAML examples by intent."""
    found: dict[str, list[str]] = {}
    for path in sorted((CHATBOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            found.setdefault(block["intent"], []).extend(line[2:] for line in block["examples"].splitlines())
    return found


def listed(name: str) -> list[str]:
    """Answer the codes of a tuple in the chatbot's own list, read as text: the platform imports nothing of it."""
    source = (CHATBOT / "components" / "labels.py").read_text("utf-8")
    match = re.search(rf"^{name} = \((.*?)\)", source, re.MULTILINE | re.DOTALL)
    assert match, name
    return re.findall(r'"(\w+)"', match.group(1))


@pytest.mark.parametrize("path", [*MESSAGES, *SETS], ids=lambda path: path.stem)
def test_labels_are_codes_of_the_taxonomy(path: Path) -> None:
    for row in rows(path):
        assert set(row) == {"id", "channel", "text", "category", "grade", "advise_999", "flags"}, row
        assert row["channel"] in {"chat", "sms"}, row
        assert row["text"].strip(), row
        assert row["category"] in CATEGORIES, row
        assert row["grade"] in set(Grade), row
        assert row["advise_999"] or row["grade"] != "emergency", row
        assert row["flags"] == [flag for flag in FLAGS if flag in row["flags"]], row


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_a_file_holds_its_own_category(path: Path) -> None:
    assert {row["category"] for row in rows(path)} == {path.stem}


def test_every_category_is_learnt_from_many_messages_and_each_message_stands_once() -> None:
    everything = [row for path in MESSAGES for row in rows(path)]
    assert {path.stem for path in MESSAGES} == CATEGORIES
    assert len(everything) >= 5000
    for kind in ("id", "text"):
        seen = [row[kind] for row in everything]
        assert len(seen) == len(set(seen)), [one for one in set(seen) if seen.count(one) > 1][:5]


def test_nothing_of_the_held_out_sets_is_learnt() -> None:
    learnt = {plain(row["text"]) for path in MESSAGES for row in rows(path)}
    learnt |= {plain(ENTITY.sub(r"\1", text)) for texts in talk().values() for text in texts if len(text.split()) > 3}
    held_out = [row for path in SETS for row in rows(path) if len(row["text"].split()) > 3]
    assert held_out
    assert [row["id"] for row in held_out if plain(row["text"]) in learnt] == []


def test_the_chatbot_speaks_the_platforms_codes() -> None:
    assert listed("CATEGORIES") == [str(one) for one in Category]
    assert listed("GRADES") == [str(one) for one in Grade]
    assert listed("FLAGS") == FLAGS


def test_talk_has_fifty_examples_of_each_kind_and_marks_known_entities() -> None:
    examples = talk()
    kinds = set(listed("TALK"))
    for kind in kinds:
        assert len(set(examples[kind])) >= 50, kind
    assert set(examples) - CATEGORIES <= kinds
    marked = {entity for texts in examples.values() for text in texts for _, entity in ENTITY.findall(text)}
    assert marked <= set(listed("ENTITIES"))


def test_no_example_of_talk_is_taught_as_two_things() -> None:
    taught: dict[str, set[str]] = {}
    for intent, texts in talk().items():
        for text in texts:
            taught.setdefault(ENTITY.sub(r"\1", text), set()).add(intent)
    assert {text: intents for text, intents in taught.items() if len(intents) > 1} == {}


def test_the_lock_names_no_host_and_pins_every_file() -> None:
    for name in ("requirements.lock", "weights.lock"):
        lock = (CHATBOT / name).read_text("utf-8")
        assert "://" not in lock
        pinned = re.findall(r"^[a-z0-9][^\n]*", lock, re.MULTILINE)
        assert pinned
        assert all("==" in line and line.endswith("\\") for line in pinned)
    assert "rasa==3.6.21" in (CHATBOT / "requirements.lock").read_text("utf-8")

"""`contact triage label` and `evaluate` without a model: what goes to standard output, and what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from contact.cli import main
from contact.run.chatbot_preparation import Made, NotMade

GIVEN = [
    {"id": "a", "channel": "sms", "text": "he has a knife and he is here"},
    {"id": "b", "channel": "chat", "text": "what time do you open on Monday? ŵŷ"},
]


def test_label_answers_each_line_in_order_with_its_labels_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in GIVEN) + "\n\n", encoding="utf-8")
    ran = CliRunner().invoke(main, ["triage", "label", "--without-model", str(file)])
    assert ran.exit_code == 0, ran.stderr
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [line["id"] for line in found] == ["a", "b"]
    assert [line["text"] for line in found] == [line["text"] for line in GIVEN]
    assert found[0]["grade"] == "emergency"
    assert found[0]["advise_999"] is True
    assert set(found[1]) == {
        *GIVEN[1], "category", "grade", "advise_999", "flags", "confidence", "reasons", "version",
    }  # fmt: skip


def test_a_line_that_cannot_be_read_is_named_and_the_others_are_labelled(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text('{"id": "a", "text": "hello"}\nrubbish\n{"id": "c", "text": 3}\n', encoding="utf-8")
    ran = CliRunner().invoke(main, ["triage", "label", "--without-model", str(file)])
    assert ran.exit_code == 1
    assert len(ran.stdout.splitlines()) == 1
    assert "Line 2" in ran.stderr
    assert "Line 3" in ran.stderr


def test_evaluate_prints_the_figures_and_writes_the_report(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    labelled = {**GIVEN[0], "category": "weapons", "grade": "emergency", "flags": ["weapon"]}
    file.write_text(json.dumps(labelled) + "\n", encoding="utf-8")
    asked = ["triage", "evaluate", "--without-model", "--report", str(tmp_path / "report"), str(file)]
    ran = CliRunner().invoke(main, asked)
    assert ran.exit_code == 0, ran.stderr
    assert "999 advised for emergencies             1.000" in ran.stdout
    assert "How well messages are read" in (tmp_path / "report" / "index.html").read_text("utf-8")
    ran = CliRunner().invoke(main, [*asked, "--json"])
    assert json.loads(ran.stdout)["emergency_recall"]["value"] == 1.0


@pytest.mark.parametrize("command", ["label", "evaluate"])
def test_where_no_model_can_be_made_one_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """No traceback, nothing on standard output, and an exit code of its own."""

    def not_made(*_: object, **__: object) -> Made:
        raise NotMade("its programs could not be installed")

    monkeypatch.setattr("contact.run.chatbot.prepare", not_made)
    monkeypatch.setattr("contact.run.chatbot.address_of_running", lambda _home: None)
    monkeypatch.delenv("RASA_URL", raising=False)
    file = tmp_path / "messages.jsonl"
    labelled = {**GIVEN[0], "category": "weapons", "grade": "emergency", "flags": ["weapon"]}
    file.write_text(json.dumps(labelled) + "\n", encoding="utf-8")
    ran = CliRunner().invoke(main, ["triage", command, str(file)])
    assert ran.exit_code == 3
    assert ran.stdout == ""
    assert ran.stderr.splitlines() == [
        "Error: There is no model to read with: its programs could not be installed. --without-model reads without one."
    ]


def test_a_file_without_labels_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text(json.dumps(GIVEN[0]) + "\n", encoding="utf-8")
    ran = CliRunner().invoke(main, ["triage", "evaluate", "--without-model", str(file)])
    assert ran.exit_code == 1
    assert "Not every line is labelled" in ran.stderr

"""Every kind of question draws itself with what was typed, what is wrong with it, and an anchor for the summary."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask, render_template

from contact.web.citizen.fields.registry import KINDS, draw, kept, read
from forms import Option, Question, QuestionType, T, raw_from_value
from forms.parts import CHOOSING
from tests.support.html_checks import parse, text_of

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
VALUES = {
    QuestionType.TEXT: "A line",
    QuestionType.LONG_TEXT: "Two\nlines",
    QuestionType.CHOICE: "b",
    QuestionType.CHOICES: ["a", "b"],
    QuestionType.YES_NO: "a",
    QuestionType.YES_NO_NOT_SURE: "b",
    QuestionType.DATE: "1990-04-03",
    QuestionType.WHEN: {"kind": "between", "date": "2026-11-02", "time": "09:30", "end_date": "2026-11-03"},
    QuestionType.NAME: {"given": "Sam", "surname": "Okafor"},
    QuestionType.PHONE: "+447700900982",
    QuestionType.EMAIL: "sam@example.org",
    QuestionType.PLACE: {"postcode": "DT1 1AA", "address": "1 Long Lane", "description": ""},
    QuestionType.SAFE_CONTACT: {"how": "text", "value": "+447700900982", "when": "mornings", "safe_word": "plum"},
    QuestionType.ITEMS: [{"what": "Bicycle", "value_pence": 25000, "serial": "X1"}],
}


def _question(kind: QuestionType) -> Question:
    options = (Option("a", T("First")), Option("b", T("Second"), hint=T("A hint"))) if kind in CHOOSING else ()
    return Question("thing", kind, T("What is it?"), hint=T("Look"), options=options, limit=50, safe_word=True)


def _html(app: Flask, question: Question, raw: dict[str, list[str]], messages: list[tuple[str, str]]) -> str:
    with app.test_request_context("/"):
        row = draw(
            [question],
            answers={},
            raws={"thing": raw},
            messages=messages,
            heading_in_question=True,
            language="en",
            now=NOW,
        )[0]
        body = render_template(f"citizen/answers/{row.template}.html", row=row)
        return f"<!DOCTYPE html><html lang='en'><head><title>t</title></head><body>{body}</body></html>"


def test_every_kind_is_registered() -> None:
    assert set(KINDS) == set(QuestionType)


@pytest.mark.parametrize("kind", list(QuestionType))
def test_a_kept_answer_is_shown_and_read_again(app: Flask, kind: QuestionType) -> None:
    question, value = _question(kind), VALUES[kind]
    raw = kept(question, value)
    html = _html(app, question, raw, [])
    tree, complaints = parse(html)
    assert not complaints
    assert text_of(tree.find(".//h1")).startswith("What is it?")
    fields = {(field.get("name"), field.get("value")) for field in tree.iter("input")}
    texts = {"".join(area.itertext()).strip() for area in tree.iter("textarea")}
    for name, values in raw.items():
        assert all((name, each) in fields or each in texts for each in values), (name, values)
    with app.test_request_context("/"):
        answer = read(question, raw, language="en", now=NOW).answer
    assert not answer.errors
    assert raw_from_value(question, answer.value) == raw_from_value(question, value)


@pytest.mark.parametrize("kind", list(QuestionType))
def test_what_is_wrong_is_said_beside_it_with_an_anchor(app: Flask, kind: QuestionType) -> None:
    question = _question(kind)
    with app.test_request_context("/"):
        result = read(question, {}, language="en", now=NOW)
    assert result.messages
    html = _html(app, question, {}, result.messages)
    tree, complaints = parse(html)
    assert not complaints
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for name, message in result.messages:
        assert name in ids
        assert message in text_of(tree)

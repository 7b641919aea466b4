"""Every kind of question draws itself with what was typed, what is wrong with it, and an anchor for the summary."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, render_template

from contact.web.citizen.fields.registry import KINDS, draw, kept, read
from forms import Question, QuestionType, raw_from_value
from forms.parse_question import parse_question
from forms.parts import IN_ROWS
from tests.support.answers import a_row
from tests.support.html_checks import parse, text_of

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
VALUES = {
    QuestionType.TEXT: "A line",
    QuestionType.LONG_TEXT: "Two\nlines",
    QuestionType.CHOICE: "b",
    QuestionType.CHOICES: ["a", "b"],
    QuestionType.YES_NO: "yes",
    QuestionType.YES_NO_NOT_SURE: "not_sure",
    QuestionType.DATE: "1990-04-03",
    QuestionType.WHEN: {"kind": "between", "date": "2026-11-02", "time": "09:30", "end_date": "2026-11-03"},
    QuestionType.NAME: {"given": "Sam", "surname": "Okafor"},
    QuestionType.PHONE: "+447700900982",
    QuestionType.EMAIL: "sam@example.org",
    QuestionType.PLACE: {"postcode": "DT1 1AA", "address": "1 Long Lane", "description": ""},
    QuestionType.SAFE_CONTACT: {"how": "text", "value": "+447700900982", "when": "mornings", "safe_word": "plum"},
    QuestionType.ADDRESS: {"line1": "1 Long Lane", "line2": "", "town": "Dorchester", "postcode": "DT1 1AA"},
    QuestionType.NUMBER: 12,
    QuestionType.WHAT3WORDS: "filled.count.soap",
    QuestionType.POINT: {"lat": 50.71511, "lon": -2.43722},
}
COLUMNS = [
    {"id": "name", "type": "text", "label": "Name"},
    {"id": "born", "type": "date", "label": "Born"},
    {"id": "count", "type": "number", "label": "Count"},
    {
        "id": "kind",
        "type": "choice",
        "label": "Kind",
        "options": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}],
    },
    {"id": "about", "type": "long_text", "label": "About", "hint": "In your words"},
]
KEPT = [kind for kind in QuestionType if kind is not QuestionType.FILES]


def _question(kind: QuestionType) -> Question:
    raw: dict[str, Any] = {"id": "thing", "type": str(kind), "label": "What is it?", "hint": "Look", "limit": 50}
    if kind in (QuestionType.CHOICE, QuestionType.CHOICES):
        raw["options"] = [{"code": "a", "label": "First"}, {"code": "b", "label": "Second", "hint": "A hint"}]
    if kind is QuestionType.ROWS:
        raw["columns"] = COLUMNS
    return parse_question({**raw, "safe_word": True}, "thing")


def _value(question: Question) -> Any:  # noqa: ANN401 - any JSON answer
    return [a_row(question, now=NOW), a_row(question, now=NOW)] if question.type in IN_ROWS else VALUES[question.type]


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
        body = render_template(
            f"citizen/answers/{row.template}.html", row=row, page_url="/here", map={"source": "", "tiles": None}
        )
        return f"<!DOCTYPE html><html lang='en'><head><title>t</title></head><body>{body}</body></html>"


def test_every_kind_is_registered() -> None:
    assert set(KINDS) == set(QuestionType)


@pytest.mark.parametrize("kind", KEPT)
def test_a_kept_answer_is_shown_and_read_again(app: Flask, kind: QuestionType) -> None:
    question = _question(kind)
    value = _value(question)
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


@pytest.mark.parametrize("kind", KEPT)
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


@pytest.mark.parametrize("kind", ["exact", "between", "ongoing"])
def test_an_impossible_day_is_told_beside_the_boxes_that_were_chosen(app: Flask, kind: str) -> None:
    question = _question(QuestionType.WHEN)
    day = {"day": "31", "month": "2", "year": "2026"}
    raw = {"thing-kind": [kind], **{f"thing-{kind}-{part}": [text] for part, text in day.items()}}
    if kind == "between":
        raw |= {f"thing-between-end-{part}": [text] for part, text in {**day, "day": "1"}.items()}
    with app.test_request_context("/"):
        result = read(question, raw, language="en", now=NOW)
    [(name, message)] = result.messages
    assert name == f"thing-{kind}-day"
    html = _html(app, question, raw, result.messages)
    assert f'id="thing-{kind}-date-error"' in html
    assert message in html
    assert 'value="31"' in html

"""A form that keeps its source apart: what is the matter, and what tells who told us (practice 17)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from forms import compile_form
from forms.source import source_questions, split
from tests.support.answers import complete

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
GIVEN: dict[str, Any] = {
    "infoAbout": "drugs",
    "anonymous": "no",
    "under18": "no",
    "infoSource": ["work", "told_by_them"],
    "reporterName": {"given": "Wren", "surname": "Calloway"},
    "contactPreference": {"how": "phone", "value": "+447700900811", "when": "after ten", "safe_word": ""},
    "communicationNeeds": ["interpreter"],
    "communicationNeedsDetails": "Cornish",
}


def test_who_told_us_is_no_part_of_the_matter() -> None:
    form = compile_form("information").form
    answers = form.submitted(complete(form, GIVEN, now=NOW), NOW)
    matter, apart = split(form, answers)
    assert {"infoAbout", "incidentLocation", "incidentDescription"} <= set(matter)
    assert matter["contactPreference"] == {"how": "phone"}
    for word in ("Wren", "Calloway", "900811", "after ten", "Cornish", "interpreter", "told_by_them"):
        assert word not in str(matter)
        assert word in str(apart)


def test_the_matter_reads_whole_without_its_source() -> None:
    """The handler's page asks the form anew with what is left: nothing of the matter is lost with the source."""
    form = compile_form("information").form
    answers = form.submitted(complete(form, GIVEN, now=NOW), NOW)
    matter, _apart = split(form, answers)
    apart = {question.id for question in source_questions(form)}
    before = {row.question_id: row.value for each in form.summary(answers, "en", NOW) for row in each.rows}
    after = {row.question_id: row.value for each in form.summary(matter, "en", NOW) for row in each.rows}
    assert {key: words for key, words in before.items() if key not in apart} == {
        key: words for key, words in after.items() if key not in apart
    }
    assert form.is_complete(matter, NOW)


def test_any_other_form_keeps_everything_together() -> None:
    form = compile_form("theft").form
    answers = form.submitted(complete(form, {}, now=NOW), NOW)
    assert split(form, answers) == (answers, {})

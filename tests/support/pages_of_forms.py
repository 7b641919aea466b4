"""For every page of a form, answers by which it is reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import forms
from forms import QuestionType
from tests.support.answers import complete

Answers = Mapping[str, Any]


def ways_to_pages(form: forms.Form, *, now: dt.datetime) -> dict[str, Answers]:
    """Page id to answers; tries each option of each question that comes up. Pages left out cannot be reached."""
    found: dict[str, Answers] = {}
    tried: set[tuple[str, str]] = set()
    waiting: list[Answers] = [{}]
    while waiting:
        given = waiting.pop(0)
        try:
            answers = complete(form, given, now=now)
        except AssertionError:  # the form ends on a page that says stop
            answers = dict(given)
        path = [page.id for page in form.path(answers, now)]
        if given and set(path) <= set(found):
            continue
        for page_id in path:
            found.setdefault(page_id, answers)
            for question in form.page(page_id).questions:
                for option in question.options:
                    if (question.id, option.code) not in tried:
                        tried.add((question.id, option.code))
                        chosen = [option.code] if question.type is QuestionType.CHOICES else option.code
                        waiting.append({**answers, question.id: chosen})
    return found

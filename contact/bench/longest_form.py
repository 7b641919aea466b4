"""What the breadth of the forms costs: a page of the longest one, and reading them all in a process that just began."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from statistics import median
from typing import Any
from uuid import UUID

import forms
from contact.bench.browsers import Browser, open_browser
from contact.bench.load import Request, send_all
from contact.bench.row import Row
from contact.bench.stack import Stack
from contact.services import drafts
from contact.store.engine import make_engine, make_sessions
from contact.web.shared.cookies import Audience
from forms import ColumnType, Form, Question, QuestionType
from forms.parts import IN_ROWS
from forms.validation.checking import check_faults

_READS = 12
"""Of each page."""
_TIMES = 5
_LOAD = """
import time
import forms
began = time.perf_counter()
forms.load_all()
print(time.perf_counter() - began)
"""
_LONG_AGO = "1960-01-01"
_WORDS = "Two people took it from the yard while we were out."
_ANSWERS: dict[QuestionType, Any] = {
    QuestionType.DATE: "1980-02-03",
    QuestionType.WHEN: {"kind": "not_sure"},
    QuestionType.NAME: {"given": "Sam", "surname": "Example"},
    QuestionType.PHONE: "+447700900123",
    QuestionType.EMAIL: "sam@example.org",
    QuestionType.PLACE: {"postcode": "ME14 1XX", "address": "1 High Street", "description": ""},
    QuestionType.SAFE_CONTACT: {"how": "online", "value": "", "when": "", "safe_word": ""},
    QuestionType.ADDRESS: {"line1": "1 High Street", "line2": "", "town": "Maidstone", "postcode": "ME14 1XX"},
    QuestionType.WHAT3WORDS: "filled.count.soap",
    QuestionType.POINT: {"lat": 51.27235, "lon": 0.52291},
}


def rows(stack: Stack) -> list[Row]:
    """Each page on the way of whoever is asked the most, all questions answered; and all definitions read cold."""
    form = max(forms.load_all().values(), key=lambda each: len(each.pages))
    draft_id, browser, pages = _filled(stack, form)
    with stack.web(2) as port:
        requests = [
            Request("GET", f"/report/{form.id}/{draft_id}/{page}", {"Cookie": browser.cookie, "Accept-Encoding": "br"})
            for page in pages
        ]
        send_all(port, [requests * 2])
        page_ms = median(send_all(port, [requests * _READS]).times_ms)
    loaded = median(_load() for _ in range(_TIMES))
    name = f"a page of {form.id}, {len(form.pages)} pages, median"
    return [
        Row(name, page_ms, "ms", None, None, "<= 15 ms", page_ms <= 15),
        Row(f"read {len(forms.form_ids())} definitions, cold", loaded, "s", None, None, "<= 0.5 s", loaded <= 0.5),
    ]


def _load() -> float:
    """Seconds until a process that just began has every form."""
    done = subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, text=True, check=True, timeout=60)
    return float(done.stdout)


def _filled(stack: Stack, form: Form) -> tuple[UUID, Browser, list[str]]:
    """A draft with an answer to everything that it asks, its browser, and its pages."""
    now = dt.datetime.now(dt.UTC)
    answers = _longest(form, now)
    engine = make_engine(stack.settings.database_url, pool_size=1)
    with make_sessions(engine)() as session:
        view = drafts.start(session, form_id=form.id, force_id=None, language="en", now=now)
        drafts.save(session, draft_id=view.id, page_id="bench", answers=answers, now=now)
        data = {"drafts": {str(view.id): str(view.id)}}
        browser = open_browser(session, stack.settings, audience=Audience.CITIZEN, data=data)
        session.commit()
    engine.dispose()
    return view.id, browser, [page.id for page in form.path(answers, now)]


def _longest(form: Form, now: dt.datetime) -> dict[str, Any]:
    """Answers each of which opens at least as many pages as the question's others."""
    answers: dict[str, Any] = {}
    page = form.first_page()
    while True:
        for question in form.asked_on(page.id, answers, now):
            counting = form.submitted(answers, now)
            fitting = [each for each in _values(question, now) if not check_faults(question, each, counting, now)]
            choices = [{**answers, question.id: value} for value in fitting]
            if choices:
                answers = max(choices, key=lambda each: len(form.walk(each, now).steps))
        following = form.next_page(page.id, answers, now)
        if following is None or following is page:
            break
        page = following
    if not form.is_complete(answers, now):
        raise RuntimeError(f"no way through {form.id}")
    return answers


def _values(question: Question, now: dt.datetime) -> list[Any]:
    """What could be answered; of files nothing is."""
    later = (now + dt.timedelta(days=100)).date().isoformat()
    if question.type is QuestionType.FILES:
        return []
    if question.type is QuestionType.DATE:
        return [_ANSWERS[QuestionType.DATE], later]
    if question.type in IN_ROWS:
        return [[_row(question, number, later) for number in range(max(question.at_least, 1))]]
    if question.type is QuestionType.CHOICES:
        codes = [option.code for option in question.options]
        return [*([code] for code in codes), codes]
    if question.options:
        return [option.code for option in question.options]
    if question.type is QuestionType.NUMBER:
        return [max(1, question.minimum)]
    if question.type is QuestionType.TEXT:
        return [_WORDS, " ".join(_ANSWERS[QuestionType.NAME].values())]
    return [_ANSWERS.get(question.type, _WORDS)]


def _row(question: Question, number: int, later: str) -> dict[str, Any]:
    """Words of its own in each row, and a stay that lasts for good."""
    words = {column.key: f"{number} {_WORDS[:20]}" for column in question.columns if column.type is ColumnType.TEXT}
    days = {column.key: later for column in question.columns if column.type is ColumnType.DATE}
    return {**words, **days, **({"from": _LONG_AGO} if "from" in days else {})}

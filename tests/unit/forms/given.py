"""Answers of every type for hypothesis to choose from, shaped as they are stored."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forms import Question, QuestionType
from forms.parts import IN_ROWS, ONE_OF_SEVERAL, SafeWay
from tests.support.answers import EXAMPLES, example
from tests.unit.forms.tiny import NOW

# Words and numbers lead nowhere else than other words do: nothing is drawn for them, which is most of a run.
WORDS = "One line, <b>'; --\nand another: Ŵyth 👩\u200d👧"
# Around the days that rules count from: today, a week, a month, eighteen years.
DAYS = ["1900-02-28", "2008-11-21", "2008-11-22", "2026-10-22", "2026-11-13", "2026-11-20", "2026-11-21", "2027-01-01"]


def values(question: Question) -> st.SearchStrategy[Any]:
    """Answers that the question may hold, and now and then none."""
    if question.checks:
        # What holds one answer against others is tried by its own tests; here it lets everybody through.
        return st.just(example(question, now=NOW))
    codes = [option.code for option in question.options]
    moment = {"date": "2026-11-20", "time": "10:00", "end_date": "2026-11-21"}
    of_type: dict[QuestionType, st.SearchStrategy[Any]] = {
        QuestionType.DATE: st.sampled_from(DAYS),
        QuestionType.WHEN: st.sampled_from(["exact", "between", "ongoing", "not_sure"]).map(
            lambda kind: {"kind": kind, **moment}
        ),
        QuestionType.NAME: st.just(EXAMPLES[QuestionType.NAME]),
        QuestionType.PHONE: st.just("+447700900123"),
        QuestionType.EMAIL: st.just("ceri@example.org"),
        QuestionType.PLACE: st.just({"postcode": "SW1A 2AA", "address": "", "description": "by the park"}),
        QuestionType.SAFE_CONTACT: st.sampled_from(list(SafeWay)).map(
            lambda way: {"how": str(way), "value": "", "when": "", "safe_word": ""}
        ),
        QuestionType.ADDRESS: st.just({"line1": "1 High Street", "line2": "", "town": "Town", "postcode": "SW1A 2AA"}),
        QuestionType.NUMBER: st.just(question.minimum),
        QuestionType.WHAT3WORDS: st.just("filled.count.soap"),
        QuestionType.POINT: st.just({"lat": 51.50135, "lon": -0.14189}),
        # Files are kept elsewhere: their question never has a value.
        QuestionType.FILES: st.none(),
    }
    if question.type in IN_ROWS:
        return st.just(example(question, now=NOW))
    if question.type in ONE_OF_SEVERAL:
        return st.sampled_from(codes)
    if question.type is QuestionType.CHOICES:
        return st.lists(st.sampled_from(codes), min_size=1, unique=True)
    return of_type.get(question.type, st.just(WORDS))

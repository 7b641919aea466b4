"""The figures of an evaluation, counted by hand on few messages."""

from __future__ import annotations

import pytest

from contact.bench.triage_evaluation import Pair, Share, evaluate, in_words
from contact.bench.triage_report import page


def pair(known: tuple[str, str], ours: tuple[str, str], *, advised: bool = False, sure: float = 0.95) -> Pair:
    """(category, grade) as careful people and as we say it."""
    theirs = {"text": "…", "category": known[0], "grade": known[1], "flags": ["weapon"]}
    return theirs, {
        "category": ours[0], "grade": ours[1], "advise_999": advised, "flags": ["weapon"], "confidence": sure,
        "version": "m-1",
    }  # fmt: skip


PAIRS = [
    pair(("theft", "standard"), ("theft", "standard")),
    pair(("theft", "standard"), ("robbery", "emergency"), advised=True, sure=0.15),
    pair(("assault", "emergency"), ("assault", "emergency"), advised=True),
    pair(("assault", "emergency"), ("assault", "priority"), advised=True),
    pair(("not_police", "enquiry"), ("not_police", "enquiry")),
]


def test_what_is_counted() -> None:
    found = evaluate(PAIRS)
    assert (found.category.hits, found.category.of) == (4, 5)
    assert (found.grade.hits, found.grade.of) == (3, 5)
    assert (found.emergency_recall.hits, found.emergency_recall.of) == (1, 2)
    assert (found.false_emergencies.hits, found.false_emergencies.of) == (1, 3)
    assert (found.advised_emergencies.hits, found.advised_emergencies.of) == (2, 2)
    assert (found.emergency_precision.hits, found.emergency_precision.of) == (1, 2)
    assert found.confusions == [("theft", "robbery", 1)]
    assert found.grades["emergency"]["priority"] == 1


def test_precision_at_a_live_share_is_what_bayes_says() -> None:
    found = evaluate(PAIRS)  # recall a half, a third of the others raised
    assert found.precision_live[0.01] == pytest.approx(0.01 * 0.5 / (0.01 * 0.5 + 0.99 / 3))


def test_confidence_is_compared_with_truth() -> None:
    found = evaluate(PAIRS)
    assert [(each.low, each.count, each.right) for each in found.bins] == [(0.1, 1, 0.0), (0.9, 4, 1.0)]
    assert found.calibration_error == pytest.approx((0.15 + 4 * 0.05) / 5)


def test_an_interval_holds_the_share_and_narrows_with_more() -> None:
    few, many = Share(9, 10), Share(900, 1000)
    assert few.interval()[0] < 0.9 < few.interval()[1]
    assert many.interval()[1] - many.interval()[0] < few.interval()[1] - few.interval()[0]
    assert Share(0, 0).interval() == (0.0, 1.0)


def test_both_reports_tell_the_figures_and_no_message() -> None:
    found = evaluate(PAIRS)
    assert "emergencies graded emergency            0.500  (1 of 2" in in_words(found)
    html = page(found)
    assert "1 of 2" in html
    assert html.count("<svg") == 2
    assert "…" not in html


def test_a_line_without_its_label_is_refused() -> None:
    with pytest.raises(KeyError):
        evaluate([({"text": "…"}, PAIRS[0][1])])

"""What counts as "no way is safe", and what names one."""

from __future__ import annotations

import pytest

from contact.domain.safe_reply import answer_of, says_no_contact


@pytest.mark.parametrize(
    "words",
    [
        "Do not contact me",
        "don't call",
        "pls dont text me",
        "No contact please",
        "peidiwch â chysylltu â mi",
        "Don't contact me, he checks my phone after work",
        "Do not ring me. He is home before six",
        "never call me because he reads everything until ten",
        "do not contact me after what he did",
        "peidiwch â chysylltu â mi, mae'n gweld fy ffôn ar ôl gwaith",
    ],
)
def test_no_way_is_safe(words: str) -> None:
    assert says_no_contact(words)


@pytest.mark.parametrize(
    "words",
    [
        "by email",
        "after six",
        "don't ring, but text me after ten",
        "do not call before noon",
        "don't ring after 6pm",
        "peidiwch â chysylltu â mi ar ôl chwech",
        "never text me until ten",
        "he does not know",
        "",
    ],
)
def test_a_way_is_named(words: str) -> None:
    assert not says_no_contact(words)


def test_the_fact_is_the_persons_own_words_where_they_stand() -> None:
    said = "  text me \n" + "x" * 400
    fact = answer_of(said)
    assert len(fact.words) == 300
    assert said[fact.start : fact.end] == fact.words

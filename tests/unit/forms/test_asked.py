"""The sets of questions that belong to no report: sound, in both languages, and on the list of what nobody has read."""

from __future__ import annotations

import pytest

from contact.domain.licensing.eligibility import Length
from contact.domain.licensing.kinds import Licence, Nation
from forms.asked import asked_names, load_asked
from forms.check import all_unreviewed


@pytest.mark.parametrize("name", asked_names())
def test_each_has_both_languages_and_an_owner(name: str) -> None:
    asked = load_asked(name)
    for question in asked.questions:
        for text in (question.label, question.hint, *(option.label for option in question.options)):
            assert text is None or (text.in_("en") and text.in_("cy") != ""), question.id
    assert asked.review.owner
    assert any(line.startswith(f"the questions of {name}") for line in all_unreviewed())


def test_the_codes_of_the_checker_are_those_of_the_law() -> None:
    asked = load_asked("firearms-eligible")
    codes = {each.id: {option.code for option in each.options} for each in asked.questions}
    assert codes["sentence"] == {length.value for length in Length} | {"none"}
    assert codes["licence"] <= {licence.value for licence in Licence}
    assert codes["nation"] == {nation.value for nation in Nation} | {"elsewhere"}

"""What rules draw from a person's words where no model read them: their own words, each fact where it stands."""

from __future__ import annotations

from contact.domain.by_rule import LONGEST_LINE, facts_in, two_lines

SAID = "blue van AB12 CDE outside cb7 4ab, ring 07700 900123 or sam@example.org, they took £1,200"


def test_facts_stand_where_they_were_said() -> None:
    found = facts_in(SAID)
    assert [(each.kind, each.value) for each in found] == [
        ("registration", "AB12 CDE"),
        ("postcode", "CB7 4AB"),
        ("phone", "07700 900123"),
        ("email", "sam@example.org"),
        ("money", "£1,200"),
    ]
    assert all(SAID[each.start : each.end] == each.words for each in found)
    assert facts_in("he will not stop shouting at me") == ()


def test_two_lines_are_the_persons_own_words() -> None:
    assert two_lines([]) == ()
    assert two_lines(["mae rhywun wedi torri i mewn"]) == ("mae rhywun wedi torri i mewn",)
    assert two_lines(["my van was taken", "from CB7 4AB", "please hurry"]) == (
        "my van was taken",
        "where CB7 4AB; last: please hurry",
    )
    assert all(len(line) <= LONGEST_LINE for line in two_lines(["x" * 999, "y" * 999]))

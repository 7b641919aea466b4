"""The codes are the taxonomy's own; several categories give one winner."""

import pytest

from contact.domain.taxonomy import (
    WARNINGS,
    Category,
    Channel,
    Flag,
    FlagKind,
    Grade,
    Response,
    first_category,
    graver,
    in_order,
)

C = Category


def test_the_numbers_of_codes_are_fixed_and_each_has_a_label() -> None:
    assert (len(Category), len(Grade), len(Flag), len(WARNINGS), len(Response)) == (29, 4, 25, 7, 6)
    for code in (*Category, *Grade, *Flag, *Response):
        assert code.label[0].isupper()
        assert code.value == code.value.lower()
    assert {channel.value for channel in Channel} >= {"web", "sms", "chat"}


@pytest.mark.parametrize(
    ("several", "life_at_risk", "winner"),
    [
        ([], False, C.GENERAL_ENQUIRY),
        ([C.THEFT], False, C.THEFT),
        ([C.THEFT, C.ROBBERY], False, C.ROBBERY),
        ([C.SEXUAL_OFFENCE, C.DOMESTIC_ABUSE], False, C.SEXUAL_OFFENCE),
        ([C.SEXUAL_OFFENCE, C.CHILD_PROTECTION], False, C.CHILD_PROTECTION),
        ([C.CHILD_PROTECTION, C.TERRORISM], False, C.TERRORISM),
        ([C.HATE_CRIME, C.WELFARE_CONCERN], True, C.WELFARE_CONCERN),
        ([C.HATE_CRIME, C.WELFARE_CONCERN], False, C.HATE_CRIME),
        ([C.WEAPONS, C.WELFARE_CONCERN], False, C.WEAPONS),
        ([C.THEFT, C.WELFARE_CONCERN], False, C.WELFARE_CONCERN),
        ([C.NOT_POLICE, C.ANTISOCIAL_BEHAVIOUR], False, C.ANTISOCIAL_BEHAVIOUR),
        ([C.GENERAL_ENQUIRY, C.NOT_POLICE], False, C.NOT_POLICE),
    ],
)
def test_the_first_category_wins(several: list[Category], life_at_risk: bool, winner: Category) -> None:
    assert first_category(several, life_at_risk=life_at_risk) is winner
    assert first_category(reversed(several), life_at_risk=life_at_risk) is winner


def test_every_category_has_a_place() -> None:
    assert {first_category([category]) for category in Category} == set(Category)


def test_grades_compare_and_warnings_come_first() -> None:
    assert graver(Grade.ENQUIRY, Grade.EMERGENCY, Grade.STANDARD) is Grade.EMERGENCY
    assert in_order([Flag.CHILD, Flag.WEAPON, Flag.CHILD]) == (Flag.WEAPON, Flag.CHILD)
    assert Flag.WEAPON.kind is FlagKind.WARNING
    assert Flag.HONOUR_BASED.kind is FlagKind.VULNERABILITY

"""Places become forces, offline, and a border is never guessed over."""

from __future__ import annotations

import pytest

from contact.gateways.gazetteer import force_for_postcode, force_in_words, reference_forces


@pytest.mark.parametrize(
    ("typed", "forces"),
    [
        ("ME14 1XX", ("kent",)),
        ("me141xx", ("kent",)),
        ("  me14  ", ("kent",)),
        ("SW1A 2AA", ("metropolitan",)),
        ("W1T 4AA", ("metropolitan",)),
        ("BT1 5GS", ("northern-ireland",)),
        ("AB10 1AB", ("scotland",)),
        ("M1 1AE", ("greater-manchester",)),
        ("EC2M 7PY", ("city-of-london", "metropolitan")),
        ("BR8 8AA", ("kent", "metropolitan")),
        ("OL14 5AA", ("west-yorkshire", "greater-manchester", "lancashire")),
        ("TD15 1AA", ("northumbria", "scotland")),
        ("ZZ99 9ZZ", ()),
        ("", ()),
        ("'; --", ()),
        ("\x00", ()),
        ("14", ()),
    ],
)
def test_a_postcode_names_its_forces(typed: str, forces: tuple[str, ...]) -> None:
    """Whole or half, in any layout; the likeliest first, a border with all of its forces."""
    located = force_for_postcode(typed)
    assert located.candidates == forces
    assert located.certain == (len(forces) == 1)
    assert located.force_id == (forces[0] if forces else None)


def test_letters_alone_give_every_force_of_the_area() -> None:
    """Half a postcode is still of use: the person chooses."""
    assert force_for_postcode("ME").candidates[0] == "kent"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("I am at 1 High Street, ME14 1XX", "kent"),
        ("near the station in Maidstone", "kent"),
        ("Berwick-upon-Tweed bridge", "northumbria"),
        ("somewhere", None),
    ],
)
def test_words_point_to_a_force(words: str, first: str | None) -> None:
    """For the emergency door, where only a free text says where."""
    assert force_in_words(words).force_id == first


def test_every_district_belongs_to_a_known_force() -> None:
    """45 territorial forces and British Transport Police; four of them Welsh, with their Welsh names."""
    from contact.gateways.gazetteer import _districts

    forces = {str(force["id"]): force for force in reference_forces()}
    assert len(forces) == 46
    assert sum(bool(force["territorial"]) for force in forces.values()) == 45
    assert {name for name, force in forces.items() if force["welsh"]} == {
        "dyfed-powys",
        "gwent",
        "north-wales",
        "south-wales",
    }
    assert all(force["name_cy"] for force in forces.values() if force["welsh"])
    held = {district.force_id for district in _districts().values()}
    assert held == {name for name, force in forces.items() if force["territorial"]}
    assert {name for district in _districts().values() for name in district.also} <= set(forces)

"""Points on a map: whose ground they may be, what is near them, and what a map is drawn from."""

from __future__ import annotations

import json

import brotli
import pytest

from contact.gateways import force_areas, gazetteer


@pytest.mark.parametrize(
    ("latitude", "longitude", "forces"),
    [
        (51.5074, -0.1278, ("metropolitan",)),
        (51.5140, -0.0900, ("city-of-london",)),
        (51.2800, 0.5200, ("kent",)),
        (57.3000, -4.5000, ("scotland",)),
        (54.5973, -5.9301, ("northern-ireland",)),
        (50.8100, -0.1400, ("sussex",)),
        (48.8500, 2.3500, ()),
        (53.3500, -6.2600, ()),
    ],
    ids=["Westminster", "the City", "Maidstone", "a loch", "Belfast", "a beach", "Paris", "Dublin"],
)
def test_a_point_belongs_to_the_force_whose_ground_it_is(
    latitude: float, longitude: float, forces: tuple[str, ...]
) -> None:
    assert force_areas.forces_about(latitude, longitude) == forces


def test_a_point_near_a_border_leaves_a_choice() -> None:
    """The City's area lies upon the Metropolitan one; Gretna is a mile from England."""
    assert force_areas.forces_about(51.5180, -0.1110) == ("city-of-london", "metropolitan")
    assert force_areas.forces_about(55.0000, -3.0500) == ("scotland", "cumbria")


def test_every_district_s_own_force_is_among_those_of_its_middle() -> None:
    """Both come from the same areas, so a sample says whether the two ways to ask agree."""
    wrong = [
        name
        for name, latitude, longitude in gazetteer.district_centres()[::40]
        if (about := force_areas.forces_about(latitude, longitude))
        and not set(gazetteer.force_for_postcode(name).candidates) & set(about)
    ]
    assert wrong == []


def test_a_postcode_leads_to_the_middle_of_its_district() -> None:
    assert gazetteer.centre_of("sw1a 2aa") == gazetteer.centre_of("SW1A") == (51.5027, -0.1311)
    assert gazetteer.centre_of("") is None
    assert gazetteer.centre_of("nowhere at all") is None


def test_the_nearest_district_names_a_point_and_none_names_the_open_sea() -> None:
    assert gazetteer.district_near(51.5030, -0.1310) == "SW1A"
    assert gazetteer.district_near(48.85, 2.35) is None


def test_outlines_are_closed_and_small() -> None:
    outlines = force_areas.outlines()
    assert len(outlines) == 45
    assert all(rings for rings in outlines.values())
    for rings in outlines.values():
        for (east, north), *steps in rings:
            assert (abs(sum(step[0] for step in steps)), abs(sum(step[1] for step in steps))) == (0, 0)
            assert -90_000 < east < 30_000
            assert 490_000 < north < 620_000
    assert len(brotli.compress(json.dumps(outlines, separators=(",", ":")).encode(), quality=4)) < 80_000


def test_towns_stand_on_the_map_once() -> None:
    towns = gazetteer.map_towns()
    assert len({town.name for town in towns}) == len(towns) > 100
    assert all(49.9 < town.latitude < 61 and -8.2 < town.longitude < 1.8 for town in towns)
    assert [town.rank for town in towns] == sorted(town.rank for town in towns)

"""Places become forces, offline, and a border is never guessed over."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from contact.gateways.force_areas import Centre, force_at, near_forces
from contact.gateways.gazetteer import force_for_postcode, force_in_words, railway_in_words, reference_forces


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
        ("CF10 1", ("south-wales",)),
        ("CFIO IAA", ("south-wales",)),
        ("cf1o 1aa", ("south-wales",)),
        ("MEl4 1XX", ("kent",)),
        ("E1 7AA", ("metropolitan", "city-of-london")),
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


@pytest.mark.parametrize(
    ("words", "railway"),
    [
        ("on the train to Reading", True),
        ("platform 4 at Leeds", True),
        ("at the railway station", True),
        ("on a tram in Croydon", True),
        ("ar y trên i Gaerdydd", True),
        ("outside the police station", False),
        ("at the petrol station", False),
        ("in the trainers shop", False),
        ("personal training", False),
        ("", False),
    ],
)
def test_trains_trams_and_stations_offer_the_transport_police(words: str, railway: bool) -> None:
    """Practice 3: other stations do not."""
    assert railway_in_words(words) is railway


def test_borders_are_those_that_the_areas_give() -> None:
    """The `also` column is what the force areas and the district centres say, worked out again."""
    rows = list(
        csv.DictReader((files("contact.gateways") / "data" / "postcode_districts.csv").read_text().splitlines())
    )
    centres = [
        Centre(row["district"], (float(row["longitude"]), float(row["latitude"])), row["force_id"]) for row in rows
    ]
    assert {row["district"]: tuple(row["also"].split()) for row in rows} == near_forces(centres)


def test_a_point_lies_in_its_force() -> None:
    """A point decides where a district only guesses."""
    assert force_at(51.2720, 0.5290) == "kent"
    assert force_at(51.4816, -3.1791) == "south-wales"
    assert force_at(51.5155, -0.0922) == "city-of-london"
    assert force_at(54.5973, -5.9301) == "northern-ireland"
    assert force_at(55.9533, -3.1883) == "scotland"
    assert force_at(48.8566, 2.3522) is None


@pytest.mark.parametrize(
    ("words", "force_id"),
    [
        ("1 High Street", None),
        ("He fell over in the bath", None),
        ("I am in town, in the march", None),
        ("Bath", "avon-and-somerset"),
        ("outside the abbey in Bath", "avon-and-somerset"),
        ("12 High Street, Street", "avon-and-somerset"),
        ("14 Chester Road", None),
        ("14 Chester Road, Leeds", "west-yorkshire"),
        ("the library, Chester", "cheshire"),
        ("Leeds", "west-yorkshire"),  # not the village in Kent
        ("newcastle upon tyne", "northumbria"),
        ("I was reading a book", None),
        ("by the bus stop in Birmingham", "west-midlands"),
    ],
)
def test_a_word_that_only_looks_like_a_town_decides_nothing(words: str, force_id: str | None) -> None:
    """An emergency sent to the wrong end of the country is worse than a question."""
    assert force_in_words(words).force_id == force_id


def test_every_city_belongs_to_a_force_that_there_is() -> None:
    """As the reference list has them."""
    known = {force["id"] for force in reference_forces()}
    rows = (files("contact.gateways") / "data" / "cities.csv").read_text(encoding="utf-8").splitlines()
    assert {force for row in csv.DictReader(rows) for force in row["forces"].split()} <= known

"""Whose ground is it: postcode districts to forces, offline, and honest about borders."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from contact.gateways.force_areas import KM_PER_DEGREE

_FULL = re.compile(r"\b([A-Z]{1,2}[0-9][0-9A-Z]?)\s*[0-9][A-Z]{2}\b")
_OUTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]?\b")
_ALLOWED = re.compile(r"[^0-9A-Z]")
_SHORTEST_TOWN = 4
_NEAR_KM = 30.0
_ROADS = frozenset(
    {
        "road",
        "rd",
        "street",
        "st",
        "lane",
        "ln",
        "avenue",
        "ave",
        "drive",
        "close",
        "way",
        "gardens",
        "terrace",
        "place",
        "crescent",
        "court",
        "grove",
        "square",
        "row",
        "hill",
        "park",
        "walk",
        "rise",
        "mews",
        "house",
        "arms",
    }
)
"""After a town's name: `Chester Road` may be anywhere."""
_NO_TOWNS = frozenset({"over", "sound", "town", "valley"})
_EVERYDAY = frozenset(
    {
        "barking",
        "bath",
        "battle",
        "croft",
        "fleet",
        "flint",
        "hook",
        "lakes",
        "leek",
        "march",
        "poplar",
        "reading",
        "rugby",
        "sandwich",
        "shaw",
        "stone",
        "street",
        "thorn",
        "ware",
    }
)
"""Towns whose names people also write without meaning the town: only with a capital, after `in`, `near`, a comma."""
_BEFORE_A_TOWN = re.compile(r"(?:^|[,;:\n(]|\b(?:in|near|at|from|to|outside))\s*$", re.IGNORECASE)
_SHAPES = ("A9", "A99", "AA9", "AA99", "A9A", "AA9A")
_INWARD = ("9AA", "9", "")
_TO_DIGIT = str.maketrans("OIL", "011")
_TO_LETTER = str.maketrans("01", "OI")
_RAILWAY = re.compile(
    r"\b(?:trains?|trams?|railways?|platform \d+|(?:train|railway|tube|underground|metro|metrolink) stations?|tube|dlr|"
    r"overground|underground|level crossing|carriage|tr[eê]n(?:au)?|rheilffordd|gorsaf dr[eê]n(?:au)?)\b"
)


@dataclass(frozen=True, slots=True)
class Located:
    """The likeliest force first among `candidates`; `certain` when there is no other. Empty when nothing was found."""

    candidates: tuple[str, ...]

    @property
    def force_id(self) -> str | None:
        """The likeliest force."""
        return self.candidates[0] if self.candidates else None

    @property
    def certain(self) -> bool:
        """Whether nobody need be asked."""
        return len(self.candidates) == 1


NOWHERE = Located(())


@dataclass(frozen=True, slots=True)
class _District:
    force_id: str
    also: tuple[str, ...]
    town: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class MapTown:
    """A town that gives a map its bearings. `rank`: 1 the largest, 3 seen from near only."""

    name: str
    name_cy: str
    latitude: float
    longitude: float
    rank: int


@lru_cache(maxsize=1)
def _districts() -> Mapping[str, _District]:
    text = (files("contact.gateways") / "data" / "postcode_districts.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["district"]: _District(
            row["force_id"],
            tuple(row["also"].split()),
            row["town"],
            float(row["latitude"]),
            float(row["longitude"]),
        )
        for row in rows
    }


@lru_cache(maxsize=1)
def _towns() -> Mapping[str, tuple[str, ...]]:
    """Each town's forces, likeliest first; a name that several share keeps them all, but a city's is the city's."""
    found: dict[str, dict[str, None]] = {}
    for district in _districts().values():
        if len(district.town) >= _SHORTEST_TOWN:
            forces = found.setdefault(district.town.casefold(), {})
            forces.update(dict.fromkeys((district.force_id, *district.also)))
    cities = (files("contact.gateways") / "data" / "cities.csv").read_text(encoding="utf-8")
    known = {row["name"]: tuple(row["forces"].split()) for row in csv.DictReader(cities.splitlines())}
    return {town: tuple(forces) for town, forces in found.items()} | known


@lru_cache(maxsize=1)
def reference_forces() -> tuple[Mapping[str, Any], ...]:
    """The forces as the reference list has them: id, name, name_cy, ons_code, territorial, welsh, nation."""
    return tuple(json.loads((files("contact.gateways") / "data" / "forces.json").read_text(encoding="utf-8")))


def force_for_postcode(text: str) -> Located:
    """The forces that a whole postcode, its first half, or its letters alone may belong to."""
    plain = _ALLOWED.sub("", text[:40].upper())
    if not plain:
        return NOWHERE
    for outcode in _outcodes(plain):
        found = _for_outcode(outcode)
        if found.candidates:
            return found
    return _for_area(plain) if plain.isalpha() else NOWHERE


def centre_of(postcode: str) -> tuple[float, float] | None:
    """(latitude, longitude) of the middle of a postcode's district, None where the postcode says nothing."""
    plain = _ALLOWED.sub("", postcode[:40].upper())
    for outcode in _outcodes(plain) if plain else ():
        district = _district(outcode)
        if district is not None:
            return district.latitude, district.longitude
    return None


def district_near(latitude: float, longitude: float) -> str | None:
    """The postcode district whose middle is nearest, None where none is within `_NEAR_KM`."""
    shrink = math.cos(math.radians(latitude))
    name, away = min(
        (
            (name, math.hypot(each.latitude - latitude, (each.longitude - longitude) * shrink))
            for name, each in _districts().items()
        ),
        key=lambda found: found[1],
    )
    return name if away * KM_PER_DEGREE <= _NEAR_KM else None


def district_centres() -> tuple[tuple[str, float, float], ...]:
    """Every postcode district with the latitude and longitude of its middle."""
    return tuple((name, each.latitude, each.longitude) for name, each in _districts().items())


@lru_cache(maxsize=1)
def map_towns() -> tuple[MapTown, ...]:
    """The towns that a map names, the largest first."""
    text = (files("contact.gateways") / "data" / "map_towns.csv").read_text(encoding="utf-8")
    found = [
        MapTown(row["name"], row["name_cy"], float(row["latitude"]), float(row["longitude"]), int(row["rank"]))
        for row in csv.DictReader(text.splitlines())
    ]
    return tuple(sorted(found, key=lambda town: town.rank))


def _outcodes(plain: str) -> Iterator[str]:
    """The first halves that may be meant, likeliest first: as typed, then with O for 0 and I for 1, then cut short."""
    yield plain[:-3] if len(plain) > 4 else plain
    yield plain
    for shape in _SHAPES:
        for inward in _INWARD:
            if len(shape) + len(inward) == len(plain):
                outcode, rest = _shaped(plain[: len(shape)], shape), _shaped(plain[len(shape) :], inward)
                if outcode is not None and rest is not None:
                    yield outcode


def _shaped(text: str, shape: str) -> str | None:
    """Read `text` as letters (A) and digits (9) where the shape says so, None where it cannot be."""
    pairs = list(zip(text, shape, strict=True))
    read = "".join(letter.translate(_TO_DIGIT if kind == "9" else _TO_LETTER) for letter, kind in pairs)
    fits = all(letter.isdigit() == (kind == "9") for letter, kind in zip(read, shape, strict=True))
    return read if fits else None


def _district(outcode: str) -> _District | None:
    """A district, or the one it was cut from: EC2M is listed, W1T stands under W1."""
    return _districts().get(outcode) or _districts().get(outcode[:-1] if outcode[-1:].isalpha() else outcode)


def _for_outcode(outcode: str) -> Located:
    district = _district(outcode)
    return Located((district.force_id, *district.also)) if district is not None else NOWHERE


def _for_area(letters: str) -> Located:
    held: dict[str, int] = {}
    for name, district in _districts().items():
        if name.rstrip("0123456789").startswith(letters) and name[len(letters) : len(letters) + 1].isdigit():
            held[district.force_id] = held.get(district.force_id, 0) + 1
    return Located(tuple(sorted(held, key=lambda force: -held[force])))


def force_in_words(text: str) -> Located:
    """The forces a free text points to: a postcode in it, else the first half of one, else a town's name."""
    upper = text[:4000].upper()
    for pattern in (_FULL, _OUTCODE):
        for match in pattern.finditer(upper):
            found = _for_outcode(match.group(1) if pattern is _FULL else match.group())
            if found.candidates:
                return found
    words = list(re.finditer(r"[A-Za-z]+", text[:4000]))
    for size in (4, 3, 2, 1):
        for start in range(len(words) - size + 1):
            after = words[start + size].group().casefold() if start + size < len(words) else ""
            if after not in _ROADS and (forces := _town_at(text, words[start : start + size])):
                return Located(forces)
    return NOWHERE


def _town_at(text: str, words: Sequence[re.Match[str]]) -> tuple[str, ...]:
    """The forces of the town that these words name; none where they more likely mean something else."""
    name = " ".join(word.group().casefold() for word in words)
    if name in _NO_TOWNS:
        return ()
    if name in _EVERYDAY:
        first = words[0]
        if not first.group()[0].isupper() or not _BEFORE_A_TOWN.search(text[: first.start()]):
            return ()
    return _towns().get(name) or _towns().get(name.replace(" ", "-")) or ()


def railway_in_words(text: str) -> bool:
    """Whether words tell of a train, tram, platform or railway station: then British Transport Police is offered."""
    return _RAILWAY.search(text[:4000].casefold()) is not None

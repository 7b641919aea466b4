"""Which force's area a point lies in, and which other forces are so near that a postcode district may reach into them.

The areas are simplified to about 400 m (see data/README.md), so near a border the answer is a first guess. Distances
are worked out on a flat map around each point, true to about one part in a thousand at these lengths.
"""

import itertools
import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

KM_PER_DEGREE = 111.2
SIMPLIFIED_KM = 0.4
OFFSHORE_KM = 12.0
"""How far from the shore a point is still the nearest force's: a beach at low tide, a boat, a pier; about six miles."""
_ROCK = 5
_LEAST_KM, _MOST_KM = 0.7, 17.0
_OF_SECOND, _OF_FOUR = 0.75, 0.6

_CELL = 0.05

Point = tuple[float, float]
"""Longitude, latitude (WGS 84), as in GeoJSON."""
Ring = Sequence[Point]
Segment = tuple[Point, Point]


@dataclass(frozen=True)
class Centre:
    """The middle of a postcode district."""

    district: str
    point: Point
    force_id: str


def force_at(latitude: float, longitude: float) -> str | None:
    """Answer the force whose area holds the point, None at sea or abroad."""
    point = (longitude, latitude)
    for force_id, polygons in _areas().items():
        if any(_inside(point, polygon) for polygon in polygons):
            return force_id
    return None


def forces_about(latitude: float, longitude: float) -> tuple[str, ...]:
    """Answer the forces that a point may belong to, likeliest first; one alone means that no border is near.

    The areas are true to about 400 m, so a border nearer than that leaves a choice. A point just off the shore or in a
    gap between the areas belongs to whoever is nearest; farther out than `OFFSHORE_KM` to nobody.
    """
    point = (longitude, latitude)
    held = [force_id for force_id, polygons in _areas().items() if any(_in_ring(point, each[0]) for each in polygons)]
    reach = SIMPLIFIED_KM if held else OFFSHORE_KM
    near = _km_to_forces(point, reach)
    if held:
        # The City of London's area lies upon the Metropolitan one: what holds both is the City's, except at its edge.
        others = [each for each in (*held[1:], *near) if each in near or near.get(held[0], reach) < SIMPLIFIED_KM]
        return tuple(dict.fromkeys([held[0], *(each for each in others if each != held[0])]))
    nearest = min(near.values(), default=0.0)
    return tuple(each for each, distance in near.items() if distance <= nearest + SIMPLIFIED_KM)


def _km_to_forces(point: Point, reach: float) -> dict[str, float]:
    """How far each force's border or shore is, where that is within `reach`, nearest first."""
    found: dict[str, float] = {}
    north = reach / KM_PER_DEGREE
    east = north / math.cos(math.radians(point[1]))
    west, low, right, high = point[0] - east, point[1] - north, point[0] + east, point[1] + north
    for force_id, ring in ((force_id, each[0]) for force_id, polygons in _areas().items() for each in polygons):
        for (x1, y1), (x2, y2) in itertools.pairwise(ring):
            if max(x1, x2) < west or min(x1, x2) > right or max(y1, y2) < low or min(y1, y2) > high:
                continue
            distance = _km_to_segment(point, ((x1, y1), (x2, y2)))
            if distance <= min(reach, found.get(force_id, reach)):
                found[force_id] = distance
    return dict(sorted(found.items(), key=lambda each: each[1]))


@lru_cache(maxsize=1)
def outlines() -> dict[str, list[list[list[int]]]]:
    """Answer each force's area to draw: rings of whole ten-thousandths of a degree, [longitude, latitude] in turn, the
    first point whole and each next one as its way from the last. Slivers within an area and rocks are left out."""
    return {
        force_id: [_steps(each[0]) for each in polygons if len(each[0]) > _ROCK or len(polygons) == 1]
        for force_id, polygons in _areas().items()
    }


def _steps(ring: Ring) -> list[list[int]]:
    whole = [(round(x * 10_000), round(y * 10_000)) for x, y in ring]
    steps = [[x2 - x1, y2 - y1] for (x1, y1), (x2, y2) in itertools.pairwise(whole)]
    return [list(whole[0]), *(step for step in steps if any(step))]


def near_forces(centres: Sequence[Centre]) -> dict[str, tuple[str, ...]]:
    """Answer, for every district, the *other* forces whose area begins within its reach, nearest first.

    Half a second for the whole country: the answer is kept in the `also` column of data/postcode_districts.csv, and a
    test works it out again.
    """
    edges = _edges_by_cell()
    reaches = reaches_km(centres)
    return {centre.district: _others(centre, reaches[centre.district], edges) for centre in centres}


def reaches_km(centres: Sequence[Centre]) -> dict[str, float]:
    """Answer how far each district is taken to stretch from its centre.

    Three quarters of the way to the second nearest other centre, or 0.6 of the mean way to the four nearest, whichever
    is more: asking once too often is better than a report in the wrong force.
    """
    by_cell: Mapping[tuple[int, int], list[Centre]] = _grouped(centres)
    answer = {}
    for centre in centres:
        distances: list[float] = []
        rings = 1
        while len(distances) < 4 and rings < 40:
            around = _cells_around(centre.point, rings * _CELL * 2)
            distances = sorted(
                _km(centre.point, other.point)
                for cell in around
                for other in by_cell.get(cell, ())
                if other.point != centre.point
            )
            rings *= 2
        near = [*distances[:4], *[_MOST_KM] * 4][:4]
        reach = max(near[1] * _OF_SECOND + SIMPLIFIED_KM, sum(near) / 4 * _OF_FOUR)
        answer[centre.district] = min(max(reach, _LEAST_KM), _MOST_KM)
    return answer


def _others(
    centre: Centre, reach: float, edges: Mapping[tuple[int, int], list[tuple[str, Segment]]]
) -> tuple[str, ...]:
    nearest: dict[str, float] = {}
    for cell in _cells_around(centre.point, reach / KM_PER_DEGREE * 1.8):
        for force_id, segment in edges.get(cell, ()):
            if force_id == centre.force_id:
                continue
            distance = _km_to_segment(centre.point, segment)
            if distance <= min(reach, nearest.get(force_id, reach)):
                nearest[force_id] = distance
    return tuple(sorted(nearest, key=lambda force_id: (nearest[force_id], force_id)))


@lru_cache(maxsize=1)
def _areas() -> dict[str, list[list[Ring]]]:
    """Each force's polygons; a polygon is its outer ring and then its holes."""
    raw = files("contact.gateways").joinpath("data/force_areas.geojson").read_text("utf-8")
    answer: dict[str, list[list[Ring]]] = {}
    for feature in json.loads(raw)["features"]:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        answer[feature["properties"]["id"]] = [
            [[(float(x), float(y)) for x, y in ring] for ring in polygon] for polygon in polygons
        ]
    return answer


def _edges_by_cell() -> dict[tuple[int, int], list[tuple[str, Segment]]]:
    edges: dict[tuple[int, int], list[tuple[str, Segment]]] = defaultdict(list)
    for force_id, polygons in _areas().items():
        for polygon in polygons:
            for ring in polygon:
                for start, end in itertools.pairwise(ring):
                    for cell in _cells_between(start, end):
                        edges[cell].append((force_id, (start, end)))
    return edges


def _grouped(centres: Sequence[Centre]) -> dict[tuple[int, int], list[Centre]]:
    cells: dict[tuple[int, int], list[Centre]] = defaultdict(list)
    for centre in centres:
        cells[_cell(centre.point)].append(centre)
    return cells


def _cell(point: Point) -> tuple[int, int]:
    return math.floor(point[0] / _CELL), math.floor(point[1] / _CELL)


def _cells_around(point: Point, degrees: float) -> Iterator[tuple[int, int]]:
    return _cells_between((point[0] - degrees, point[1] - degrees), (point[0] + degrees, point[1] + degrees))


def _cells_between(start: Point, end: Point) -> Iterator[tuple[int, int]]:
    (x1, y1), (x2, y2) = _cell(start), _cell(end)
    for x in range(min(x1, x2), max(x1, x2) + 1):
        for y in range(min(y1, y2), max(y1, y2) + 1):
            yield x, y


def _inside(point: Point, polygon: Sequence[Ring]) -> bool:
    """Ray casting: inside the outer ring and in none of its holes."""
    return _in_ring(point, polygon[0]) and not any(_in_ring(point, hole) for hole in polygon[1:])


def _in_ring(point: Point, ring: Ring) -> bool:
    x, y = point
    odd = False
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def _flat(origin: Point, point: Point) -> tuple[float, float]:
    """Kilometres east and north of `origin`."""
    shrink = math.cos(math.radians(origin[1]))
    return (point[0] - origin[0]) * KM_PER_DEGREE * shrink, (point[1] - origin[1]) * KM_PER_DEGREE


def _km(one: Point, other: Point) -> float:
    return math.hypot(*_flat(one, other))


def _km_to_segment(point: Point, segment: Segment) -> float:
    (x1, y1), (x2, y2) = _flat(point, segment[0]), _flat(point, segment[1])
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = 0.0 if not length else max(0.0, min(1.0, -(x1 * dx + y1 * dy) / length))
    return math.hypot(x1 + along * dx, y1 + along * dy)

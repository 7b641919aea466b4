"""A file of NFLMS fills the register: all or nothing, and once."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from contact.services.licensing import importing
from contact.services.licensing.importing import Loaded
from contact.store import models
from tests.support.cases import NOW, Cases
from tests.support.register import rows

GOOD = {
    "kind": "shotgun", "number": "SG 77", "given_name": "Rowan", "surname": "Tregear", "born": "1974-05-02",
    "address": "4 Mill Lane, Cambourne", "postcode": "cb23 6dw", "phone": "07700 900414", "issued": "2022-03-01",
    "expires": "2027-03-01", "conditions": "Club use only|Kept at home",
}  # fmt: skip
GUN = {
    "gun_type": "shotgun",
    "gun_action": "side by side",
    "gun_calibre": "12",
    "gun_make": "AYA",
    "gun_serial": "5 1 1",
}


def as_csv(*lines: dict[str, Any]) -> io.StringIO:
    file = io.StringIO()
    writer = csv.DictWriter(file, [*importing.COLUMNS, *importing.GUN_COLUMNS])
    writer.writeheader()
    writer.writerows(lines)
    file.seek(0)
    return file


def take(cases: Cases, file: io.StringIO, *, json_lines: bool = False) -> Loaded:
    lines, bad = importing.read(file, json_lines=json_lines)
    assert bad == []
    with cases.system.begin() as session:
        assert importing.unknown_forces(session, lines) == []
        return importing.load(session, lines, now=NOW)


def test_a_csv_twice_leaves_no_doubles(cases: Cases) -> None:
    one = GOOD | {"force": cases.north}
    lines = [one | GUN, one | GUN | {"gun_serial": "512"}, one | {"number": "SG 78"}]
    first = take(cases, as_csv(*lines))
    assert (first.added, first.changed, first.guns) == (2, 0, 2)
    again = take(cases, as_csv(*lines))
    assert (again.added, again.changed, again.same, again.guns) == (0, 0, 2, 0)
    moved = take(cases, as_csv(lines[0] | {"postcode": "CB7 4AA"}))
    assert (moved.changed, moved.guns) == (1, 0)
    with cases.system() as session:
        row = session.query(models.Certificate).filter_by(force_id=cases.north, number="SG 77").one()
    assert (row.postcode, row.conditions, row.household_key) == (
        "CB74AA",
        ["Club use only", "Kept at home"],
        "tregear CB74AA",
    )
    assert [gun.serial for gun in rows(cases, models.Firearm, row.id)] == ["511", "512"]


def test_json_lines_carry_their_guns(cases: Cases) -> None:
    guns = [{"type": "rifle", "action": "bolt", "calibre": ".308", "make": "Tikka", "serial": f"T{cases.north[-6:]}"}]
    line = GOOD | {"force": cases.north, "kind": "firearm", "guns": guns}
    done = take(cases, io.StringIO(json.dumps(line) + "\n\n"), json_lines=True)
    assert (done.added, done.guns, done.flagged) == (1, 1, [])
    other = line | {"force": cases.south, "number": "F 9"}
    assert take(cases, io.StringIO(json.dumps(other)), json_lines=True).flagged == [1]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"number": ""}, "number is missing"),
        ({"expires": "01/03/2027"}, "expires is no date like 2027-03-01"),
        ({"expires": "2022-03-01"}, "expires is not after issued"),
        ({"kind": "cannon"}, "kind is none of"),
        ({"state": "fine"}, "state is none of"),
        ({"postcode": "nowhere"}, "postcode is none"),
        ({"phone": "12"}, "phone is no telephone number"),
        ({"gun_make": "AYA"}, "a gun has no type"),
    ],
)
def test_a_bad_line_is_named_by_its_number(change: dict[str, str], what: str) -> None:
    lines, bad = importing.read(as_csv(GOOD | {"force": "kent"}, GOOD | {"force": "kent"} | change), json_lines=False)
    assert [(each.number, each.what.startswith(what)) for each in bad] == [(3, True)]
    assert len(lines) == 1


def test_what_is_no_table_is_said(cases: Cases) -> None:
    assert importing.read(io.StringIO("a,b\n1,2\n"), json_lines=False)[1][0].number == 1
    assert [each.what for each in importing.read(io.StringIO("{\n[]\n"), json_lines=True)[1]] == [
        "not JSON",
        "not an object",
    ]
    lines, _ = importing.read(as_csv(GOOD | {"force": "atlantis"}), json_lines=False)
    with cases.system() as session:
        assert [each.number for each in importing.unknown_forces(session, lines)] == [2]

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
        ({"gun_type": "shot\x00gun"}, "a gun has a character that is none"),
        ({"surname": "Tre\x00gear"}, "surname has a character that is none"),
        ({"surname": "\ud800"}, "surname has a character that is none"),
        ({"conditions": "x" * 2001}, "conditions is longer than"),
        ({"number": "???"}, "number has no letter and no figure"),
        ({"issued": "0001-01-01", "expires": "0001-01-02"}, "issued is no date"),
        ({"expires": "9999-12-31"}, "expires is no date"),
        ({"born": "2022-03-02"}, "born is not before issued"),
        ({"surname": "Penhale"}, "the certificate of line 2 again, and not the same"),
    ],
)
def test_a_bad_line_is_named_by_its_number(change: dict[str, str], what: str) -> None:
    lines, bad = importing.read(as_csv(GOOD | {"force": "kent"}, GOOD | {"force": "kent"} | change), json_lines=False)
    assert {(each.number, each.what.startswith(what)) for each in bad} >= {(3, True)}
    assert {each.number for each in bad} == {3}
    assert lines[0].number == 2


def test_what_is_no_table_is_said(cases: Cases) -> None:
    assert importing.read(io.StringIO("a,b\n1,2\n"), json_lines=False)[1][0].number == 1
    assert [each.what for each in importing.read(io.StringIO("{\n[]\n"), json_lines=True)[1]] == [
        "not JSON",
        "not an object",
    ]
    lines, _ = importing.read(as_csv(GOOD | {"force": "atlantis"}), json_lines=False)
    with cases.system() as session:
        assert [each.number for each in importing.unknown_forces(session, lines)] == [2]


def test_a_pair_is_of_one_person_and_one_force() -> None:
    pair = {"force": "kent", "pair": "0198c5f0-0000-7000-8000-000000000001"}
    mine, theirs = GOOD | pair, GOOD | pair | {"kind": "firearm", "given_name": "Jo", "born": "1976-01-01"}
    assert [each.what for each in importing.read(as_csv(mine, theirs), json_lines=False)[1]] == [
        "pair is that of line 2, of another force or person"
    ]
    assert importing.read(as_csv(mine, mine | {"kind": "firearm"}), json_lines=False)[1] == []


def test_json_that_is_no_text_is_not_taken_for_it() -> None:
    for change in ({"surname": {"a": 1}}, {"conditions": ["Kept at home\x00"]}, {"guns": [{"type": "rifle\x00"}]}):
        line = json.dumps(GOOD | {"force": "kent", **change})
        assert len(importing.read(io.StringIO(line), json_lines=True)[1]) == 1


def test_what_a_file_does_not_say_stays_as_it_is(cases: Cases) -> None:
    """A file without a state brings no revoked certificate back, nor makes it safe to write to a home that is not."""
    line = {**GOOD, "force": cases.north, "email": "rowan.tregear@mail.example", "reach": "email"}
    short = {name: line[name] for name in line if name not in ("phone", "email", "reach", "conditions", "born")}
    take(cases, io.StringIO(json.dumps(line)), json_lines=True)
    with cases.system.begin() as session:
        row = session.query(models.Certificate).filter_by(force_id=cases.north).one()
        row.state, row.reach, row.language, row.clock_runs = "revoked", "none", "cy", False
    assert take(cases, io.StringIO(json.dumps(short)), json_lines=True).same == 1
    assert take(cases, as_csv(line | {"reach": ""})).same == 1
    with cases.system() as session:
        row = session.query(models.Certificate).filter_by(force_id=cases.north).one()
    assert (row.state, row.reach, row.language, row.phone_e164) == ("revoked", "none", "cy", "+447700900414")
    assert (row.conditions, str(row.born)) == (["Club use only", "Kept at home"], "1974-05-02")


def test_what_ran_out_here_is_not_live_again_by_the_same_line(cases: Cases) -> None:
    line = {**GOOD, "force": cases.north, "state": "live"}
    take(cases, as_csv(line))
    with cases.system.begin() as session:
        row = session.query(models.Certificate).filter_by(force_id=cases.north).one()
        row.state, row.clock_runs = "expired", False
    assert take(cases, as_csv(line)).same == 1
    take(cases, as_csv(line | {"expires": "2032-03-01"}))
    with cases.system() as session:
        assert session.query(models.Certificate).filter_by(force_id=cases.north).one().state == "live"

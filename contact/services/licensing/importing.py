"""The register is filled from a file of NFLMS: all or nothing, and a second time changes nothing (practice 27)."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.events import Event
from contact.domain.licensing import matching
from contact.domain.licensing.certificate_states import CertificateState
from contact.services.licensing import certificates as register
from contact.services.licensing import guns
from contact.services.licensing.guns import Gun
from contact.store import audit, certificates, forces
from contact.store.certificates import KINDS, REACH, Certificate
from forms.phone import to_e164

COLUMNS = (
    "force", "kind", "number", "given_name", "surname", "born", "address", "postcode", "phone", "email", "language",
    "reach", "issued", "expires", "state", "pair", "nflms_number", "nflms_date", "conditions",
)  # fmt: skip
GUN_COLUMNS = ("gun_type", "gun_action", "gun_calibre", "gun_make", "gun_serial")
_NEEDED = ("force", "kind", "number", "given_name", "surname", "address", "postcode", "issued", "expires")
_OURS = frozenset({CertificateState.EXTENDED_S28B, CertificateState.TEMPORARY_PERMIT_S7, CertificateState.EXPIRED})
_DEFAULTS: Mapping[str, Any] = {
    "state": CertificateState.LIVE.value, "language": "en", "reach": "post", "born": None, "phone_e164": None,
    "email": None, "nflms_number": None, "nflms_date": None, "conditions": [],
}  # fmt: skip
"""What a new certificate has where the file does not say. One that we hold keeps what it has: a file without a state
brings no revoked certificate back, and one that does not say how the holder may be written to makes no letter safe."""
_COLUMN = {"phone_e164": "phone"}
_ALWAYS_SAID = ("state", "language", "reach")
_EARLIEST, _LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One certificate as a line tells it, with the guns on that line."""

    number: int
    values: Mapping[str, Any]
    guns: tuple[Gun, ...]


@dataclass(frozen=True, slots=True)
class Bad:
    """What is wrong with a line, in English; never what stands in it."""

    number: int
    what: str


@dataclass(slots=True)
class Loaded:
    """What a file did. `flagged`: lines with a gun whose number stands on another certificate too."""

    added: int = 0
    changed: int = 0
    same: int = 0
    guns: int = 0
    flagged: list[int] = field(default_factory=list)


def read(file: TextIO, *, json_lines: bool) -> tuple[list[Line], list[Bad]]:
    """Every line, and what is wrong with those that cannot be taken; numbers count from 1, a CSV's header too."""
    lines: list[Line] = []
    bad: list[Bad] = []
    for number, row in _json_rows(file) if json_lines else _csv_rows(file):
        if isinstance(row, str):
            bad.append(Bad(number, row))
            continue
        values, wrong = _values(row)
        held, wrong_guns = _guns(row)
        bad += [Bad(number, what) for what in (*wrong, *wrong_guns)]
        if not wrong and not wrong_guns:
            lines.append(Line(number, values, held))
    return lines, sorted([*bad, *_at_odds(lines)], key=lambda each: each.number)


def _at_odds(lines: Iterable[Line]) -> Iterable[Bad]:
    """Lines that cannot stand beside an earlier one: one certificate told in two ways, and a pair of two people."""
    told: dict[tuple[str, str, str], Line] = {}
    pairs: dict[object, Line] = {}
    for line in lines:
        said = line.values
        first = told.setdefault((said["force_id"], said["kind"], certificates.number_key(said["number"])), line)
        if first.values != said:
            yield Bad(line.number, f"the certificate of line {first.number} again, and not the same")
        if said.get("pair_id") is None:
            continue
        other = pairs.setdefault(said["pair_id"], line)
        if _person(other) != _person(line):
            yield Bad(line.number, f"pair is that of line {other.number}, of another force or person")


def _person(line: Line) -> tuple[object, ...]:
    return line.values["force_id"], line.values.get("born"), certificates.surname_key(line.values["surname"])


def unknown_forces(session: Session, lines: Iterable[Line]) -> list[Bad]:
    """Lines of forces that we do not know."""
    known = {force.id for force in forces.list_all(session)}
    return [Bad(line.number, "force is not one we know") for line in lines if line.values["force_id"] not in known]


def load(session: Session, lines: Iterable[Line], *, now: dt.datetime) -> Loaded:
    """Write lines that were found good, for the worker, in the caller's one transaction."""
    done = Loaded()
    seen: set[tuple[str, str, str]] = set()
    touched: set[str] = set()
    for line in lines:
        touched.add(line.values["force_id"])
        certificate, how = _certificate(session, line, now)
        key = (certificate.force_id, certificate.kind, certificate.number_key)
        if key not in seen:
            setattr(done, how, getattr(done, how) + 1)
        seen.add(key)
        before = len(certificates.list_firearms(session, certificate_id=certificate.id)) if line.guns else 0
        flags = [guns.add(session, certificate=certificate, gun=each, now=now)[1] for each in line.guns]
        if line.guns:
            done.guns += len(certificates.list_firearms(session, certificate_id=certificate.id)) - before
        if any(flags):
            done.flagged.append(line.number)
    for force_id in sorted(touched):
        audit.record(
            session, Event.CERTIFICATES_IMPORTED, force_id=force_id, at=now, added=done.added, changed=done.changed,
            guns=done.guns, flagged=len(done.flagged),
        )  # fmt: skip
    return done


def _certificate(session: Session, line: Line, now: dt.datetime) -> tuple[Certificate, str]:
    values = dict(line.values)
    found = certificates.find_by_number(
        session, force_id=values["force_id"], number=values["number"], kind=values["kind"]
    )
    if found is None:
        row = Certificate(**{**_DEFAULTS, **values}, state_since=now, copied_at=now)
        certificates.set_keys(row)
        certificates.add(session, row)
        register.note(session, certificate=row, event="import", now=now)
        return row, "added"
    row = certificates.lock(session, certificate_id=found.id)
    if CertificateState(row.state) in _OURS and values.get("state") == "live" and values["expires"] == row.expires:
        values["state"] = row.state  # our clock extended it, or it ran out, which NFLMS does not say
    was = row.state
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return row, "same"
    for name in changed:
        setattr(row, name, values[name])
    if row.state != was:
        row.state_since = now
    row.copied_at = now
    certificates.set_keys(row)
    register.note(session, certificate=row, event="import", now=now, was=was, reason=", ".join(sorted(changed)))
    return row, "changed"


def _json_rows(file: TextIO) -> Iterable[tuple[int, Mapping[str, Any] | str]]:
    for number, text in enumerate(file, start=1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except ValueError:
            yield number, "not JSON"
            continue
        yield number, row if isinstance(row, dict) else "not an object"


def _csv_rows(file: TextIO) -> Iterable[tuple[int, Mapping[str, Any] | str]]:
    reader = csv.DictReader(file)
    missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        yield 1, f"the header lacks {', '.join(missing)}"
        return
    for row in reader:
        if None in row or None in row.values():
            yield reader.line_num, "more or fewer columns than the header"
            continue
        yield reader.line_num, row


def _values(row: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    said = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    wrong = [f"{name} is missing" for name in _NEEDED if not said[name]]
    wrong += [f"{name} {what}" for name in COLUMNS if (what := _not_kept(row.get(name)))]
    days, wrong_days = _days(said)
    wrong += wrong_days
    if said["number"] and not certificates.number_key(said["number"]):
        wrong.append("number has no letter and no figure")
    for name, allowed in (
        ("kind", KINDS),
        ("state", [each.value for each in CertificateState]),
        ("reach", REACH),
        ("language", ("en", "cy")),
    ):
        if said[name] and said[name] not in allowed:
            wrong.append(f"{name} is none of {', '.join(allowed)}")
    if said["postcode"] and matching.postcode_key(said["postcode"]) is None:
        wrong.append("postcode is none")
    phone = to_e164(said["phone"]) if said["phone"] else None
    if said["phone"] and phone is None:
        wrong.append("phone is no telephone number")
    given = row.get("conditions")
    conditions = [str(each) for each in given] if isinstance(given, list) else said["conditions"].split("|")
    values: dict[str, Any] = {
        "force_id": said["force"], "kind": said["kind"], "number": said["number"], "given_name": said["given_name"],
        "surname": said["surname"], "born": days["born"], "address": said["address"],
        "postcode": matching.postcode_key(said["postcode"]) or "", "phone_e164": phone,
        "email": said["email"].casefold() or None, "language": said["language"],
        "reach": said["reach"], "issued": days["issued"], "expires": days["expires"], "state": said["state"],
        "nflms_number": said["nflms_number"] or None, "nflms_date": days["nflms_date"],
        "conditions": [each.strip() for each in conditions if each.strip()],
    }  # fmt: skip
    if said["pair"]:
        try:
            values["pair_id"] = UUID(said["pair"])
        except ValueError:
            wrong.append("pair is no UUID")
    return {name: value for name, value in values.items() if _is_said(name, value, row)}, wrong


def _is_said(name: str, value: object, row: Mapping[str, Any]) -> bool:
    """Whether the file says it: its columns tell, but for what is never simply empty."""
    return bool(value) if name in _ALWAYS_SAID else name not in _DEFAULTS or _COLUMN.get(name, name) in row


def _days(said: Mapping[str, str]) -> tuple[dict[str, dt.date | None], list[str]]:
    """The days of a line, and what is wrong with them; a day of no living person's time is none."""
    days = {name: _day(said[name]) for name in ("born", "issued", "expires", "nflms_date")}
    wrong = [f"{name} is no date like 2027-03-01" for name, day in days.items() if said[name] and day is None]
    if days["issued"] and days["expires"] and days["issued"] >= days["expires"]:
        wrong.append("expires is not after issued")
    if days["born"] and days["issued"] and days["born"] >= days["issued"]:
        wrong.append("born is not before issued")
    return days, wrong


def _not_kept(said: object) -> str:
    """What no column can hold: what is no text, characters that are none, and words without end."""
    if isinstance(said, list):
        return next((what for each in said if (what := _not_kept(each))), "")
    if isinstance(said, Mapping):
        return "is no text"
    text = str(said)
    if "\x00" in text or any("\ud800" <= each <= "\udfff" for each in text):
        return "has a character that is none"
    return f"is longer than {_LONGEST} characters" if len(text) > _LONGEST else ""


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if _EARLIEST <= day <= _LATEST else None


def _guns(row: Mapping[str, Any]) -> tuple[tuple[Gun, ...], list[str]]:
    given = row.get("guns")
    if given is None:
        one = {name.removeprefix("gun_"): str(row.get(name) or "").strip() for name in GUN_COLUMNS}
        given = [one] if any(one.values()) else []
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        return (), ["guns is no list of objects"]
    found = [
        Gun(**{name: str(each.get(name) or "").strip() for name in ("type", "action", "calibre", "make", "serial")})
        for each in given
    ]
    wrong = ["a gun has no type"] if any(not each.type for each in found) else []
    what = _not_kept([said for each in given for said in each.values()])
    return tuple(found), [*wrong, *([f"a gun {what}"] if what else [])]

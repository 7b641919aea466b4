"""Holders leave the register as a file by two people's deed alone: with a reason, marked with who and when.

The only way out: no other page, command or job writes holders or guns into a file (practice 27).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, Permission, may
from contact.domain.errors import Forbidden, MoveNotAllowed
from contact.domain.events import Event
from contact.domain.licensing.certificate_states import CertificateState
from contact.domain.licensing.holder_exports import LONGEST_REASON, ExportState, What, may_take
from contact.services.typed import typed_words
from contact.store import audit, forces, holder_exports, triage
from contact.store.certificates import Certificate, Firearm
from contact.store.holder_exports import HolderExport
from contact.store.identifiers import new_id

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HOLDER = (
    "number", "kind", "state", "given_name", "surname", "born", "address", "postcode", "phone", "email", "issued",
    "expires",
)  # fmt: skip
_GUN = ("gun_type", "gun_action", "gun_calibre", "gun_make", "gun_serial", "gun_state")


@dataclass(frozen=True, slots=True)
class Own:
    """Whose own record stays out of the file: the name and address of who takes it (practice 8)."""

    name: str
    email: str


def ask(session: Session, *, force_id: str, what: What, reason: str, actor: Actor, now: dt.datetime) -> UUID:
    """Ask for the holders of a force; another officer releases or declines it. Raises Forbidden, ReasonNeeded."""
    agent_id = _officer(actor, force_id)
    words = typed_words(reason, "export")[:LONGEST_REASON]
    row = HolderExport(id=new_id(), force_id=force_id, what=what.value, reason=words, state=ExportState.ASKED.value)
    row.asked_by_id, row.asked_at = agent_id, now
    holder_exports.add(session, row)
    audit.record(session, Event.HOLDERS_EXPORT_ASKED, force_id=force_id, at=now, export_id=row.id, what=what)
    return row.id


def decide(session: Session, *, export_id: UUID, release: bool, actor: Actor, now: dt.datetime) -> None:
    """The second person releases it or not. Raises NotFound, Forbidden (who asked), MoveNotAllowed (decided before).

    A namesake is taken for who asked, with another account: nobody can tell.
    """
    row = holder_exports.get(session, export_id=export_id)
    agent_id = _officer(actor, row.force_id)
    names = triage.names_of(session, agent_ids={row.asked_by_id, agent_id})
    if row.asked_by_id == agent_id or len({each.casefold() for each in names.values()}) < 2:
        raise Forbidden(permission=Permission.LICENSING.value, force_id=row.force_id)
    row = holder_exports.get(session, export_id=export_id, lock=True)
    if row.state != ExportState.ASKED:
        raise MoveNotAllowed(state=row.state, move="decide")
    row.state = (ExportState.RELEASED if release else ExportState.DECLINED).value
    row.decided_by_id, row.decided_at = agent_id, now
    session.flush()
    audit.record(
        session, Event.HOLDERS_EXPORT_DECIDED, force_id=row.force_id, at=now, export_id=row.id, state=row.state
    )


def take(session: Session, *, export_id: UUID, own: Own, actor: Actor, now: dt.datetime) -> str:
    """The file as CSV, for who asked and within a day of its release; each taking stands in the log.

    The first line and the last cell of every line say who took it, when, and who released it. Raises NotFound,
    Forbidden (somebody else), MoveNotAllowed (not released, or too long ago).
    """
    row = holder_exports.get(session, export_id=export_id)
    if row.asked_by_id != _officer(actor, row.force_id):
        raise Forbidden(permission=Permission.LICENSING.value, force_id=row.force_id)
    if not may_take(ExportState(row.state), row.decided_at, now=now):
        raise MoveNotAllowed(state=row.state, move="take")
    what = What(row.what)
    found = holder_exports.list_rows(session, force_id=row.force_id, with_guns=what is What.HOLDERS_AND_GUNS)
    kept = [(held, gun) for held, gun in found if not _is_own(held, own)]
    left_out = len({held.id for held, _gun in found}) - len({held.id for held, _gun in kept})
    audit.record(
        session, Event.HOLDERS_EXPORTED, force_id=row.force_id, at=now, export_id=row.id, what=what,
        certificates=len({held.id for held, _gun in kept}), left_out=left_out,
    )  # fmt: skip
    return _file(kept, what, _mark(session, row, now), left_out)


def _mark(session: Session, row: HolderExport, now: dt.datetime) -> str:
    """The watermark: who took it and when, who released it, and the request it is."""
    people = {each for each in (row.asked_by_id, row.decided_by_id) if each is not None}
    names = triage.names_of(session, agent_ids=people)
    force = forces.get(session, force_id=row.force_id).name
    taken_by, released_by = names.get(row.asked_by_id, "?"), names.get(row.decided_by_id or row.asked_by_id, "?")
    return (
        f"{force}: taken by {taken_by} at {now.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}, released by {released_by}, "
        f"export {row.id}"
    )


def _file(rows: Sequence[tuple[Certificate, Firearm | None]], what: What, mark: str, left_out: int) -> str:
    out = io.StringIO()
    lines = csv.writer(out)
    warning = (
        "Working copy: NFLMS is the master register. Give it to nobody else, and destroy it when it has been used."
    )
    left = f" {left_out} of the name of who took it left out." if left_out else ""
    lines.writerow([_plain(f"{mark}. {warning}{left}")])
    with_guns = what is What.HOLDERS_AND_GUNS
    lines.writerow([*_HOLDER, *(_GUN if with_guns else ()), "watermark"])
    for held, gun in rows:
        guns = _gun(gun) if with_guns else ()
        lines.writerow([_plain(each) for each in (*_holder(held), *guns, mark)])
    return out.getvalue()


def _holder(held: Certificate) -> tuple[str, ...]:
    address = ", ".join(line.strip() for line in held.address.splitlines() if line.strip())
    return (
        held.number, held.kind, CertificateState(held.state).value, held.given_name, held.surname,
        held.born.isoformat() if held.born else "", address, held.postcode, held.phone_e164 or "", held.email or "",
        held.issued.isoformat(), held.expires.isoformat(),
    )  # fmt: skip


def _gun(gun: Firearm | None) -> tuple[str, ...]:
    if gun is None:
        return ("",) * len(_GUN)
    return (gun.type, gun.action, gun.calibre, gun.make, gun.serial or "", gun.state)


def _plain(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets a quote in front."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _is_own(held: Certificate, own: Own) -> bool:
    same_name = f"{held.given_name} {held.surname}".casefold() == own.name.casefold()
    return same_name or (held.email or "") == own.email.casefold()


def _officer(actor: Actor, force_id: str) -> UUID:
    if actor.agent_id is None or not may(actor, Permission.LICENSING, force_id):
        raise Forbidden(permission=Permission.LICENSING.value, force_id=force_id)
    return actor.agent_id

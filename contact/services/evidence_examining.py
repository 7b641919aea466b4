"""A file is examined: its digest, what it really is, malware, a picture made anew; never by whoever receives it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from contact.domain.events import Event
from contact.domain.evidence import Family, Kind, Original, Refusal, Scan, State
from contact.domain.licensing import photo
from contact.domain.licensing.photo import Fault
from contact.domain.taxonomy import Desk
from contact.gateways.antivirus import Scanner, Verdict
from contact.gateways.evidence import documents, pictures
from contact.gateways.evidence.kinds import HEAD_BYTES, TAIL_BYTES, hidden, is_text, sniffed
from contact.gateways.evidence.sealing import FRAME
from contact.gateways.evidence.vault import FileKey, Stretch, Vault
from contact.gateways.failures import TryLater
from contact.services import evidence as files
from contact.services import photo_checking
from contact.services.evidence import LATER
from contact.services.keys import Keys
from contact.store import audit, contacts, evidence
from contact.store.evidence import Evidence

_SCANS = {Verdict.CLEAN: Scan.CLEAN, Verdict.INFECTED: Scan.INFECTED, Verdict.TOO_LONG: Scan.NOT_SCANNED}


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done with a file. `look`: it was not examined yet; `cut`: its copy becomes 35 × 45."""

    id: UUID
    kind: Kind
    key: FileKey
    pieces: tuple[Stretch, ...]
    look: bool
    preview: bool
    strip: bool
    photo: bool
    cut: bool


@dataclass(slots=True)
class _Found:
    """What the examination found. `whole`: the stripped picture that takes the original's place."""

    sha256: bytes
    scan: Scan | None = None
    refused: Refusal | None = None
    also: str | None = None
    preview: bytes | None = None
    whole: bytes | None = None
    not_decoded: bool = False
    photo: tuple[Fault, ...] | None = None


def examine(
    sessions: sessionmaker[Session],
    vault: Vault,
    scanner: Scanner | None,
    *,
    evidence_id: UUID,
    keys: Keys,
    now: dt.datetime,
) -> bool:
    """Do what is still to do for a file; run twice, the second finds less. False: the scanner must be asked again.

    No database connection is held while the file is read, scanned or decoded. For the worker. Raises StoreAway,
    EvidenceDamaged (what the store gave back is not what was put there: nothing is changed, somebody must look).
    """
    with sessions.begin() as session:
        plan = _plan(session, vault, evidence_id)
    if plan is None:
        return True
    found = _look(vault, scanner, plan)
    new_preview = vault.put_preview(plan.key, found.preview) if found.preview else None
    stripped = _put_whole(vault, plan, found.whole) if found.whole else None
    with sessions.begin() as session:
        row = evidence.find_locked(session, evidence_id=evidence_id)
        if row is None:
            return True  # taken back meanwhile: the sweep takes what was written just now
        if new_preview is not None and not row.sealed_reason:
            row.preview_key, row.preview_size = new_preview, len(found.preview or b"")
        _settle(session, row, plan, found, keys, now)
        if found.photo is not None and row.sha256 is not None:
            row.photo = [each.value for each in found.photo]
        if stripped is not None:
            _replace(session, row, stripped, found, keys, now)
        elif plan.strip and found.not_decoded:
            row.original = Original.NOT_STRIPPABLE.value
    return found.scan is not Scan.FAILED


def _plan(session: Session, vault: Vault, evidence_id: UUID) -> _Plan | None:
    row = evidence.find_locked(session, evidence_id=evidence_id)
    if row is None or row.kind is None or row.state in (State.RECEIVING, State.REFUSED):
        return None
    if row.state == State.RECEIVED:
        evidence.move(row, State.EXAMINING)
    kind = Kind(row.kind)
    may_decode = kind.family is Family.PICTURE and not row.sealed_reason
    may_decode = may_decode and (not row.sensitive or row.marked_safe_at is not None)
    plan = _Plan(
        id=row.id,
        kind=kind,
        key=vault.file_key(row.id, row.wrapped_key),
        pieces=tuple(
            Stretch(each.start, each.size, each.key) for each in evidence.segments(session, evidence_id=row.id)
        ),
        look=row.state == State.EXAMINING,
        preview=may_decode and row.preview_key is None,
        strip=may_decode and row.original == Original.TO_STRIP,
        photo=row.question_id == photo.QUESTION or (kind.family is Family.PICTURE and _sent_later(session, row)),
        cut=row.question_id == photo.QUESTION,
    )
    return plan if plan.look or plan.preview or plan.strip else None


def _sent_later(session: Session, row: Evidence) -> bool:
    """Whether it came after an application: it may be the better photo that was asked for, so it is measured too."""
    if row.question_id != LATER or row.contact_id is None:
        return False
    contact = contacts.find(session, contact_id=row.contact_id)
    return contact is not None and contact.desk == Desk.LICENSING


def _look(vault: Vault, scanner: Scanner | None, plan: _Plan) -> _Found:
    """Read it once for digest and kind, once more for the scanner; decode it last, and only when it is clean."""
    data, found = _read(vault, plan)
    if plan.look:
        found.refused = None if found.refused is None else found.refused
        if found.refused is None:
            found.scan = _scan(scanner, vault, plan)
        if found.scan is Scan.INFECTED:
            found.refused = Refusal.INFECTED
    if found.refused is not None or found.scan is Scan.FAILED:
        return found
    try:
        _draw(data, plan, found)
    except pictures.NoPicture:
        found.not_decoded = True
        found.refused = Refusal.DAMAGED if plan.look else None
    return found


def _draw(data: bytes, plan: _Plan, found: _Found) -> None:
    """The pictures made anew; of the photo for a certificate what an officer sees is cut, and it is measured."""
    wanted = [name for name, asked in ((pictures.PREVIEW, plan.preview), (pictures.WHOLE, plan.strip)) if asked]
    if wanted:
        made = dict(zip(wanted, pictures.made_anew(data, plan.kind, wanted=wanted), strict=True))
        found.preview, found.whole = made.get(pictures.PREVIEW), made.get(pictures.WHOLE)
    if not plan.photo:
        return
    if plan.kind.family is not Family.PICTURE:
        found.photo = (Fault.NOT_A_PICTURE,)
    elif plan.preview:
        checked = photo_checking.check(data, plan.kind)
        found.photo = checked.faults
        found.preview = checked.shown if plan.cut else found.preview  # any other picture stays as it is


def _read(vault: Vault, plan: _Plan) -> tuple[bytes, _Found]:
    """The whole file where its kind must be seen whole (pictures, texts, zipped documents), else nothing of it."""
    total, gathered, head, tail = hashlib.sha256(), bytearray(), b"", b""
    in_whole = plan.kind.family is Family.PICTURE or plan.kind in (Kind.DOCX, Kind.ODT, Kind.TXT)
    for frame in vault.read(plan.key, plan.pieces):
        total.update(frame)
        head = head if len(head) >= HEAD_BYTES else (head + frame)[:HEAD_BYTES]
        tail = (tail + frame)[-TAIL_BYTES:]
        if in_whole:
            gathered += frame
    data, found = bytes(gathered), _Found(sha256=total.digest())
    if plan.look:
        found.also = hidden(plan.kind, head, tail)
        found.refused = _unfit(plan.kind, head, data, also=found.also)
    return data, found


def _unfit(kind: Kind, head: bytes, data: bytes, *, also: str | None) -> Refusal | None:
    """Only a picture made anew takes a second face away: anything else with one is not taken."""
    if sniffed(head) is not kind or (also is not None and kind.family is not Family.PICTURE):
        return Refusal.WRONG_TYPE
    if kind is Kind.TXT and not is_text(data):
        return Refusal.WRONG_TYPE
    if kind in (Kind.DOCX, Kind.ODT) and not documents.is_sound(kind, io.BytesIO(data)):
        return Refusal.DAMAGED
    return None


def _scan(scanner: Scanner | None, vault: Vault, plan: _Plan) -> Scan:
    if scanner is None:
        return Scan.NOT_SCANNED
    try:
        return _SCANS[scanner.scan(vault.read(plan.key, plan.pieces))]
    except TryLater:
        return Scan.FAILED


def _put_whole(vault: Vault, plan: _Plan, picture: bytes) -> Stretch:
    sealing = vault.begin_stretch(plan.key, start=0)
    try:
        for at in range(0, len(picture), FRAME):
            sealing.add(picture[at : at + FRAME])
        return Stretch(0, sealing.finish(), sealing.key)
    finally:
        sealing.abandon()


def _settle(session: Session, row: Evidence, plan: _Plan, found: _Found, keys: Keys, now: dt.datetime) -> None:
    """Write down what was found, once."""
    if not plan.look or row.state != State.EXAMINING:
        return
    row.sha256, row.also = found.sha256, found.also
    row.scan = (found.scan or Scan.PENDING).value
    if found.refused is not None:
        evidence.move(row, State.REFUSED)
        row.refused, row.preview_key, row.preview_size = found.refused.value, None, None
        evidence.drop_segments(session, evidence_id=row.id)
    elif found.scan is not Scan.FAILED:
        evidence.move(row, State.READY)
    session.flush()
    force_id, digest = _keyed(session, row, keys)
    files.record_digest(session, row, force_id=force_id, contact_id=row.contact_id, digest=digest, now=now)


def _replace(session: Session, row: Evidence, stripped: Stretch, found: _Found, keys: Keys, now: dt.datetime) -> None:
    """The picture made anew is the original from now on; the old name goes too, since it may name somebody."""
    evidence.replace_segments(session, evidence_id=row.id, size=stripped.size, key=stripped.key)
    row.sha256 = hashlib.sha256(found.whole or b"").digest()
    row.declared_size = row.received_size = stripped.size
    row.kind, row.also, row.original = Kind.JPEG.value, None, Original.STRIPPED.value
    row.name = f"photo-{row.position}.jpg"
    session.flush()
    force_id, digest = _keyed(session, row, keys)
    audit.record(
        session,
        Event.EVIDENCE_STRIPPED,
        force_id=force_id,
        contact_id=row.contact_id,
        at=now,
        evidence_id=row.id,
        kind=row.kind,
        size=row.received_size,
        digest=digest(row.sha256.hex()) if digest else None,
    )


def _keyed(session: Session, row: Evidence, keys: Keys) -> tuple[str | None, Callable[[str], str] | None]:
    """The force of the file's contact, and how a detail is keyed to it; nothing of both while it hangs on a draft."""
    if row.contact_id is None:
        return None, None
    contact_id = row.contact_id
    wrapped = contacts.find_key(session, contact_id=contact_id)
    force_id = contacts.get(session, contact_id=contact_id).force_id
    return force_id, None if wrapped is None else lambda value: keys.digest(contact_id, wrapped, value)

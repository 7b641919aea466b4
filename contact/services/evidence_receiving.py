"""The bytes of a file arrive: streamed, sealed, resumable, and no connection held meanwhile (engineering 14)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from contact.domain.errors import NotFound, OffsetMismatch, TooBig, UploadRefused
from contact.domain.events import Event
from contact.domain.evidence import MAX_BYTES, MAX_STRETCHES, Kind, Refusal, State
from contact.gateways.evidence.kinds import HEAD_BYTES, sniffed
from contact.gateways.evidence.sealing import FRAME
from contact.gateways.evidence.store import StoreAway
from contact.gateways.evidence.vault import FileKey, Sealing, Vault
from contact.services import evidence as files
from contact.services import evidence_jobs
from contact.services.apart import apart
from contact.services.evidence import Owner, UploadView
from contact.store import audit, contacts, evidence
from contact.store.evidence import Evidence


def receive(
    sessions: sessionmaker[Session],
    vault: Vault,
    *,
    owner: Owner,
    upload_id: UUID,
    offset: int,
    chunks: Iterable[bytes],
    now: dt.datetime,
) -> UploadView:
    """Take the stretch of a file that begins at `offset`, as it comes; durable when this returns.

    `sessions` speak for the request's actor and are used for two short transactions, before and after: the caller must
    hold no connection meanwhile (commit and close the request's own session first). `chunks` may be of any size. Where
    the iteration raises (the connection was lost), what came before is kept and the exception goes on to the caller.
    Without a declared size the orderly end of `chunks` is the end of the file.

    Answers the file as it stands: RECEIVED when it is whole, RECEIVING when more is to come, REFUSED (wrong_type at
    once, from the first bytes; empty). Raises NotFound, LinkExpired, OffsetMismatch (go on from `current`), TooBig (it
    is refused), UploadRefused (`not_receiving`, `too_many_pieces`), StoreAway.
    """
    with sessions.begin() as session:
        plan = _plan(session, vault, owner, upload_id, offset, now)
    intake = _Intake(vault, plan)
    lost: BaseException | None = None
    try:
        try:
            intake.take(chunks)
        except _Enough as reason:
            return _refuse(sessions, owner, plan, reason, now)
        except StoreAway:
            raise
        except Exception as error:  # whatever the connection raised: what came before it is kept
            lost = error
        try:
            intake.settle(ended=lost is None)
        except _Enough as reason:
            return _refuse(sessions, owner, plan, reason, now)
        if intake.size:
            apart(intake.finish, blocks=vault.store.blocks)
        with sessions.begin() as session:
            answer = _keep(session, owner, plan, intake, ended=lost is None, now=now)
    finally:
        apart(intake.abandon, blocks=vault.store.blocks)
    if lost is not None:
        raise lost
    return answer


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is known of a file before its next stretch is read."""

    id: UUID
    key: FileKey
    offset: int
    room: int
    declared: bool
    kind: Kind | None


class _Enough(Exception):
    """Nothing more of the file is wanted."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


class _Intake:
    """One stretch on its way into the vault: gathered into frames, sealed and written in a thread."""

    def __init__(self, vault: Vault, plan: _Plan) -> None:
        self.size = 0
        self.kind = plan.kind
        self.blocks = vault.store.blocks
        self._vault = vault
        self._plan = plan
        self._sealing: Sealing | None = None
        self._gathered = bytearray()

    def take(self, chunks: Iterable[bytes]) -> None:
        """Read to the end. Raises _Enough, and whatever `chunks` raises."""
        for chunk in chunks:
            self.size += len(chunk)
            if self.size > self._plan.room:
                raise _Enough(Refusal.TOO_BIG)
            self._gathered += chunk
            if self._plan.offset == 0 and self.kind is None and self.size >= HEAD_BYTES:
                self._look(self._gathered[:HEAD_BYTES])
            while len(self._gathered) >= FRAME:
                frame = bytes(self._gathered[:FRAME])
                del self._gathered[:FRAME]
                apart(lambda frame=frame: self._add(frame), blocks=self.blocks)  # type: ignore[misc]

    def settle(self, *, ended: bool) -> None:
        """Look at a file shorter than its head; of a longer one too little came to tell what it is: begin again.

        Raises _Enough.
        """
        if self._plan.offset or self.kind is not None or not self.size:
            return
        if ended and (not self._plan.declared or self.size == self._plan.room):
            self._look(self._gathered)
            return
        self.size = 0
        self._gathered.clear()

    def finish(self) -> None:
        """Make what came durable. Blocks."""
        if self._gathered:
            self._add(bytes(self._gathered))
            self._gathered.clear()
        if self._sealing is not None:
            self._sealing.finish()

    def abandon(self) -> None:
        """Leave nothing half-written. Blocks."""
        if self._sealing is not None:
            self._sealing.abandon()

    def throw_away(self) -> None:
        """Remove the whole object: its row was not to be. Blocks."""
        if self._sealing is not None:
            self._vault.store.delete(self._sealing.key)

    @property
    def object_key(self) -> str:
        """Where the stretch lies."""
        return self._sealing.key if self._sealing else ""

    def _add(self, frame: bytes) -> None:
        if self._sealing is None:
            self._sealing = self._vault.begin_stretch(self._plan.key, start=self._plan.offset)
        self._sealing.add(frame)

    def _look(self, head: bytes | bytearray) -> None:
        self.kind = sniffed(bytes(head))
        if self.kind is None:
            raise _Enough(Refusal.WRONG_TYPE)


def _plan(session: Session, vault: Vault, owner: Owner, upload_id: UUID, offset: int, now: dt.datetime) -> _Plan:
    row = _own(session, owner, upload_id, now)
    if row.state != State.RECEIVING.value:
        raise UploadRefused(reason="not_receiving")
    if offset != row.received_size:
        raise OffsetMismatch(current=row.received_size)
    if len(evidence.segments(session, evidence_id=upload_id)) >= MAX_STRETCHES:
        raise UploadRefused(reason="too_many_pieces")
    most = MAX_BYTES if row.declared_size is None else row.declared_size
    return _Plan(
        id=upload_id,
        key=vault.file_key(row.id, row.wrapped_key),
        offset=offset,
        room=most - offset,
        declared=row.declared_size is not None,
        kind=Kind(row.kind) if row.kind else None,
    )


def _keep(session: Session, owner: Owner, plan: _Plan, intake: _Intake, *, ended: bool, now: dt.datetime) -> UploadView:
    """Name the stretch in the database, and see whether the file is whole now."""
    _own(session, owner, plan.id, now)
    row = evidence.find_locked(session, evidence_id=plan.id)
    if row is None or row.state != State.RECEIVING.value or row.received_size != plan.offset:
        apart(
            intake.throw_away, blocks=intake.blocks
        )  # another request of this file was quicker, or it was taken back meanwhile
        if row is None:
            raise NotFound(kind="evidence", key=str(plan.id))
        raise OffsetMismatch(current=row.received_size)
    row.kind = intake.kind.value if intake.kind else None
    if intake.size:
        evidence.add_segment(session, evidence_id=row.id, start=plan.offset, size=intake.size, key=intake.object_key)
        row.received_size = plan.offset + intake.size
    if row.declared_size is None and ended:
        row.declared_size = row.received_size
    if row.received_size == row.declared_size:
        _complete(session, row, now)
    session.flush()
    return files.view(row)


def _complete(session: Session, row: Evidence, now: dt.datetime) -> None:
    row.completed_at = now
    if not row.received_size:
        evidence.move(row, State.REFUSED)
        row.refused = Refusal.EMPTY.value
        return
    evidence.move(row, State.RECEIVED)
    contact = contacts.get(session, contact_id=row.contact_id) if row.contact_id else None
    if contact is not None and contact.anonymous:
        files.leave_no_details(row)
    audit.record(
        session,
        Event.EVIDENCE_RECEIVED,
        force_id=contact.force_id if contact else None,
        contact_id=row.contact_id,
        at=now,
        evidence_id=row.id,
        kind=row.kind,
        size=row.received_size,
    )
    evidence_jobs.examine(session, evidence_id=row.id)


def _refuse(
    sessions: sessionmaker[Session], owner: Owner, plan: _Plan, reason: _Enough, now: dt.datetime
) -> UploadView:
    """Write down that the file is not taken. Raises TooBig for one that is too big."""
    with sessions.begin() as session:
        _own(session, owner, plan.id, now)
        row = evidence.find_locked(session, evidence_id=plan.id)
        if row is None:
            raise NotFound(kind="evidence", key=str(plan.id))
        if row.state == State.RECEIVING.value:
            evidence.move(row, State.REFUSED)
            row.refused = reason.refusal.value
            session.flush()
            evidence.drop_segments(session, evidence_id=row.id)
        answer = files.view(row)
    if reason.refusal is Refusal.TOO_BIG:
        raise TooBig
    return answer


def _own(session: Session, owner: Owner, upload_id: UUID, now: dt.datetime) -> Evidence:
    draft_id, contact_id, link_id = files.speak_for(session, owner, now=now)
    row = evidence.get(session, evidence_id=upload_id)
    if (row.draft_id, row.contact_id) != (draft_id, contact_id) or (link_id and row.upload_link_id != link_id):
        raise NotFound(kind="evidence", key=str(upload_id))
    return row

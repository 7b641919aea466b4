"""Agents and evidence: what there is, opening it with a custody line, marking it safe, sealing it (practice 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, Permission, may
from contact.domain.errors import EvidenceNotOpen, Forbidden, MoveNotAllowed, NotFound
from contact.domain.events import Event
from contact.domain.evidence import (
    Family,
    Kind,
    Original,
    Refusal,
    Scan,
    Sealing,
    State,
    WhyOpened,
    neutral_name,
)
from contact.domain.licensing.photo import Fault, known
from contact.domain.taxonomy import Desk
from contact.gateways.evidence.vault import Stretch, Vault
from contact.services import evidence_jobs
from contact.services.apart import apart
from contact.store import audit, contacts, evidence, triage
from contact.store.contacts import Contact
from contact.store.engine import actor_of
from contact.store.evidence import Evidence

SAME_OPENING = dt.timedelta(minutes=10)
"""A player asks for a video piece by piece: within this time that is one opening, and one line."""
_PREVIEW_NAME, _PREVIEW_TYPE = "preview", Kind.JPEG.media_type


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A file as an agent sees it in the list; nothing of its content.

    `preview`: there is a picture made anew to show. `sealed`: kept to evidence reviewers, and why. `unmarked`: of a
    sensitive report, and nobody has marked it safe yet. `also`: it can be read as another kind too (`zip`, `pdf`,
    `html`): show the preview, warn before the original. `sha256` in hexadecimal once examined.
    """

    id: UUID
    contact_id: UUID
    question_id: str
    position: int
    name: str
    size: int
    kind: Kind | None
    state: State
    scan: Scan
    refused: Refusal | None
    original: Original
    preview: bool
    unmarked: bool
    sealed: Sealing | None
    also: str | None
    sha256: str | None
    by_link: bool
    added_by: UUID | None
    received_at: dt.datetime | None
    photo: tuple[Fault, ...] | None

    @property
    def family(self) -> Family | None:
        """Picture, video, sound or document."""
        return self.kind.family if self.kind else None


@dataclass(frozen=True, slots=True)
class Content:
    """Something to send to a browser. The event about it stands in the session: commit before the first byte leaves.

    `read(offset, length)` gives plain bytes and holds no database connection; call it as often as a Range asks.
    `may_copy` False: never with a download's headers.
    """

    name: str
    media_type: str
    size: int
    may_copy: bool
    read: Callable[[int, int | None], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """One thing that happened to a file: the event's name, when, who, and its codes. `agent` is None for the system."""

    name: str
    at: dt.datetime
    agent_id: UUID | None
    agent: str | None
    data: Mapping[str, Any]


def list_for_contact(session: Session, *, contact_id: UUID) -> list[EvidenceView]:
    """A contact's files in the order they were sent, as far as this actor may see the contact."""
    return [_view(each) for each in evidence.list_for_contact(session, contact_id=contact_id)]


def get(session: Session, *, evidence_id: UUID) -> EvidenceView:
    """One file. Raises NotFound, also for one that still hangs on a draft."""
    return _view(_sent(session, evidence_id))


def open_preview(
    session: Session,
    *,
    vault: Vault,
    evidence_id: UUID,
    actor: Actor,
    why: WhyOpened,
    now: dt.datetime,
) -> Content:
    """The picture made anew, at most 2,048 pixels wide, without hidden details; writes the custody line.

    Raises NotFound, Forbidden, EvidenceNotOpen (`no_preview`, `sealed`, `refused`, `not_scanned_yet`).
    """
    row, contact = _opening(session, evidence_id, actor)
    if row.sealed_reason:
        raise EvidenceNotOpen(why="sealed")
    if row.state == State.REFUSED:
        raise EvidenceNotOpen(why="refused")
    if row.preview_key is None or row.preview_size is None or _unmarked(row):
        raise EvidenceNotOpen(why="no_preview")
    _note(session, row, contact, what="preview", why=why, copied=False, now=now)
    key, object_key, size = vault.file_key(row.id, row.wrapped_key), row.preview_key, row.preview_size

    def read(offset: int, length: int | None) -> Iterator[bytes]:
        frames = vault.read_preview(key, object_key=object_key, size=size)
        whole = b"".join(apart(lambda: list(frames), blocks=vault.store.blocks))
        yield whole[offset : None if length is None else offset + length]

    return Content(f"{_PREVIEW_NAME}-{row.position}.jpg", _PREVIEW_TYPE, size, True, read)


def open_original(
    session: Session,
    *,
    vault: Vault,
    evidence_id: UUID,
    actor: Actor,
    why: WhyOpened,
    copy: bool,
    now: dt.datetime,
) -> Content:
    """The file as it was sent, to play or show (`copy` False) or to save; writes the custody line.

    A sealed one opens for Permission.OPEN_SEALED alone, and is never copied. Raises NotFound, Forbidden,
    EvidenceNotOpen (`not_here_yet`, `refused`, `not_scanned_yet`, `to_strip`, `sealed`: may not be copied).
    """
    row, contact = _opening(session, evidence_id, actor)
    if row.sealed_reason:
        if not _may_on(actor, Permission.OPEN_SEALED, contact):
            raise Forbidden(permission=Permission.OPEN_SEALED.value, force_id=contact.force_id)
        if copy:
            raise EvidenceNotOpen(why="sealed")
    _must_be_here(row)
    _note(session, row, contact, what="original", why=why, copied=copy, now=now)
    pieces = [Stretch(each.start, each.size, each.key) for each in evidence.segments(session, evidence_id=row.id)]
    key, kind = vault.file_key(row.id, row.wrapped_key), Kind(row.kind or Kind.TXT)

    def read(offset: int, length: int | None) -> Iterator[bytes]:
        frames = vault.read(key, pieces, offset=offset, length=length)
        while (frame := apart(lambda: next(frames, None), blocks=vault.store.blocks)) is not None:
            yield frame

    may_copy = row.sealed_reason is None
    return Content(neutral_name(row.position, kind), kind.media_type, row.received_size, may_copy, read)


def mark_safe(session: Session, *, evidence_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """A person looked: no intimate picture. The worker may make a preview from now on. Twice does no harm.

    Raises NotFound, Forbidden, MoveNotAllowed for a sealed one.
    """
    row, contact = _marking(session, evidence_id, actor)
    if row.sealed_reason:
        raise MoveNotAllowed(state="sealed", move="mark_safe")
    if row.marked_safe_at is not None:
        return
    row.marked_safe_at, row.marked_by = now, actor.agent_id
    session.flush()
    _note_mark(session, row, contact, mark="safe", reason=None, now=now)
    evidence_jobs.examine(session, evidence_id=row.id)


def mark_indecent(session: Session, *, evidence_id: UUID, actor: Actor, reason: Sealing, now: dt.datetime) -> None:
    """Seal a file to the people who may open sealed evidence; its preview ends. Only forward: nothing unseals it.

    Raises NotFound, Forbidden, MoveNotAllowed where it is sealed already.
    """
    row, contact = _marking(session, evidence_id, actor)
    if row.sealed_reason:
        raise MoveNotAllowed(state="sealed", move="mark_indecent")
    row.sealed_reason, row.marked_by, row.marked_safe_at = reason.value, actor.agent_id, None
    row.preview_key = row.preview_size = None
    session.flush()
    _note_mark(session, row, contact, mark="indecent", reason=reason, now=now)


def custody(session: Session, *, evidence_id: UUID) -> list[CustodyLine]:
    """Everything that happened to a file since it came with its contact, oldest first. Raises NotFound."""
    row = _sent(session, evidence_id)
    wanted = str(evidence_id)
    happened = audit.list_for_contact(session, contact_id=row.contact_id or UUID(int=0))
    lines = [each for each in happened if each.data.get("evidence_id") == wanted]
    names = triage.names_of(session, agent_ids={each.agent_id for each in lines if each.agent_id is not None})
    return [
        CustodyLine(
            each.name, each.at, each.agent_id, names.get(each.agent_id) if each.agent_id else None, dict(each.data)
        )
        for each in lines
    ]


def _sent(session: Session, evidence_id: UUID) -> Evidence:
    row = evidence.get(session, evidence_id=evidence_id)
    if row.contact_id is None:
        raise NotFound(kind="evidence", key=str(evidence_id))
    return row


def _opening(session: Session, evidence_id: UUID, actor: Actor) -> tuple[Evidence, Contact]:
    row = _sent(session, evidence_id)
    contact = contacts.get(session, contact_id=row.contact_id or UUID(int=0))
    needed = Permission.LICENSING if contact.desk == Desk.LICENSING else Permission.SEE_QUEUE
    if not _may_on(actor, needed, contact):
        raise Forbidden(permission=needed.value)
    return row, contact


def _marking(session: Session, evidence_id: UUID, actor: Actor) -> tuple[Evidence, Contact]:
    """The contact locked first, then the file read anew."""
    contact = contacts.lock(session, contact_id=_sent(session, evidence_id).contact_id or UUID(int=0))
    row = evidence.find_locked(session, evidence_id=evidence_id)
    if row is None:
        raise NotFound(kind="evidence", key=str(evidence_id))
    needed = Permission.LICENSING if contact.desk == Desk.LICENSING else Permission.WORK_CONTACTS
    if not _may_on(actor, needed, contact):
        raise Forbidden(permission=needed.value)
    if row.state == State.REFUSED:
        raise MoveNotAllowed(state=row.state, move="mark")
    return row, contact


def _may_on(actor: Actor, permission: Permission, contact: Contact) -> bool:
    return any(may(actor, permission, force_id) for force_id in contact.force_ids)


def _must_be_here(row: Evidence) -> None:
    """Ready, or arrived while the scanner does not answer: the page says so, and evidence does not wait for it."""
    if row.state == State.REFUSED:
        raise EvidenceNotOpen(why="refused")
    if row.state == State.RECEIVING:
        raise EvidenceNotOpen(why="not_here_yet")
    if row.state != State.READY and row.scan != Scan.FAILED:
        raise EvidenceNotOpen(why="not_scanned_yet")
    if row.original == Original.TO_STRIP and not _unmarked(row):
        raise EvidenceNotOpen(why="to_strip")


def _unmarked(row: Evidence) -> bool:
    return row.sensitive and row.marked_safe_at is None


def _note(
    session: Session, row: Evidence, contact: Contact, *, what: str, why: WhyOpened, copied: bool, now: dt.datetime
) -> None:
    agent_id = None if (found := actor_of(session)) is None else found.agent_id
    since = now - SAME_OPENING
    if not copied and evidence.opened_since(session, row.id, contact.id, agent_id=agent_id, what=what, since=since):
        return
    audit.record(
        session,
        Event.EVIDENCE_OPENED,
        force_id=contact.force_id,
        contact_id=contact.id,
        at=now,
        evidence_id=row.id,
        what=what,
        justification=why,
        copied=copied,
        sealed=row.sealed_reason is not None,
        scan=row.scan,
    )


def _note_mark(
    session: Session, row: Evidence, contact: Contact, *, mark: str, reason: Sealing | None, now: dt.datetime
) -> None:
    audit.record(
        session,
        Event.EVIDENCE_MARKED,
        force_id=contact.force_id,
        contact_id=contact.id,
        at=now,
        evidence_id=row.id,
        mark=mark,
        reason=reason,
    )


def _view(row: Evidence) -> EvidenceView:
    return EvidenceView(
        id=row.id,
        contact_id=row.contact_id or UUID(int=0),
        question_id=row.question_id,
        position=row.position,
        name=row.name,
        size=row.received_size,
        kind=Kind(row.kind) if row.kind else None,
        state=State(row.state),
        scan=Scan(row.scan),
        refused=Refusal(row.refused) if row.refused else None,
        original=Original(row.original),
        preview=row.preview_key is not None and not _unmarked(row),
        unmarked=_unmarked(row),
        sealed=Sealing(row.sealed_reason) if row.sealed_reason else None,
        also=row.also,
        sha256=row.sha256.hex() if row.sha256 else None,
        by_link=row.upload_link_id is not None,
        added_by=row.added_by,
        received_at=row.completed_at,
        photo=known(row.photo),
    )

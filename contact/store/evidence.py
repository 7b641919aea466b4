"""Evidence rows: adding, reading and moving files, the pieces they lie in, and one-time upload links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.errors import MoveNotAllowed, NotFound
from contact.domain.events import Event
from contact.domain.evidence import ARRIVED, MAX_FILES, Scan, State, may_move
from contact.store import models
from contact.store.models import Evidence, EvidenceSegment

__all__ = [
    "Evidence",
    "EvidenceSegment",
    "OpenedLink",
    "add",
    "add_link",
    "add_segment",
    "delete",
    "delete_unfinished",
    "drop_segments",
    "find_locked",
    "get",
    "hand_over",
    "keys_of_contact",
    "link_contact",
    "link_question",
    "list_for_contact",
    "list_for_draft",
    "list_stuck",
    "move",
    "named_keys",
    "next_position",
    "open_link",
    "opened_since",
    "replace_segments",
    "segments",
]


def add(session: Session, row: Evidence) -> None:
    """A new file; its id was made by the caller."""
    session.add(row)
    session.flush()


def get(session: Session, *, evidence_id: UUID) -> Evidence:
    """The file, where this actor may see it. Raises NotFound."""
    found = session.scalar(sa.select(Evidence).where(Evidence.id == evidence_id))
    if found is None:
        raise NotFound(kind="evidence", key=str(evidence_id))
    return found


def find_locked(session: Session, *, evidence_id: UUID) -> Evidence | None:
    """The file with its row locked and read anew, or None."""
    query = sa.select(Evidence).where(Evidence.id == evidence_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def move(row: Evidence, to: State) -> None:
    """Move a file on. Raises MoveNotAllowed for a move that the table does not have."""
    if not may_move(State(row.state), to):
        raise MoveNotAllowed(state=row.state, move=to.value)
    row.state = to.value


def any_for_draft(session: Session, *, draft_id: UUID) -> bool:
    """Whether a draft has files at all: most have none, and sending one must not wait to learn it."""
    query = "SELECT 1 FROM evidence WHERE draft_id = %s LIMIT 1"
    return session.connection().exec_driver_sql(query, (draft_id,)).first() is not None


def list_for_draft(session: Session, *, draft_id: UUID, lock: bool = False) -> Sequence[Evidence]:
    """A draft's files, in the order they were sent; `lock` waits for those just ending, and reads anew."""
    query = _in_order(Evidence.draft_id == draft_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).all()


def list_for_contact(session: Session, *, contact_id: UUID) -> Sequence[Evidence]:
    """A contact's files, in the order they were sent."""
    return session.scalars(_in_order(Evidence.contact_id == contact_id)).all()


def _in_order(owned: sa.ColumnElement[bool]) -> sa.Select[Evidence]:
    return sa.select(Evidence).where(owned).order_by(Evidence.position, Evidence.id)


def next_position(
    session: Session, *, draft_id: UUID | None, contact_id: UUID | None, by_officers: bool = False
) -> int | None:
    """The next file's place among its owner's, or None when twenty are there. The caller has the owner locked.

    What officers add is counted apart from what its owner sent.
    """
    owned = Evidence.draft_id == draft_id if draft_id else Evidence.contact_id == contact_id
    apart = Evidence.added_by.is_not(None) if by_officers else Evidence.added_by.is_(None)
    counted = sa.func.count().filter(Evidence.state != State.REFUSED.value, apart)
    count, last = session.execute(sa.select(counted, sa.func.max(Evidence.position)).where(owned)).one()
    return None if count >= MAX_FILES else (last or 0) + 1


def segments(session: Session, *, evidence_id: UUID) -> Sequence[EvidenceSegment]:
    """The pieces of a file, in order."""
    query = sa.select(EvidenceSegment).where(EvidenceSegment.evidence_id == evidence_id)
    return session.scalars(query.order_by(EvidenceSegment.start)).all()


def add_segment(session: Session, *, evidence_id: UUID, start: int, size: int, key: str) -> None:
    """One more piece; its bytes are durable in the store already."""
    session.add(EvidenceSegment(evidence_id=evidence_id, start=start, size=size, key=key))
    session.flush()


def opened_since(
    session: Session, evidence_id: UUID, contact_id: UUID, *, agent_id: UUID | None, what: str, since: dt.datetime
) -> bool:
    """Whether the log has a line already that this agent opened this file in this way since then, not to copy it."""
    seen = models.Event
    query = sa.select(seen.id).where(
        seen.contact_id == contact_id,
        seen.name == Event.EVIDENCE_OPENED.value,
        seen.agent_id == agent_id,
        seen.at > since,
        seen.data["evidence_id"].astext == str(evidence_id),
        seen.data["what"].astext == what,
        seen.data["copied"].astext == "false",
    )
    return session.scalar(query.limit(1)) is not None


def drop_segments(session: Session, *, evidence_id: UUID) -> None:
    """Forget where a refused file lies; the sweep takes its bytes."""
    session.connection().exec_driver_sql("DELETE FROM evidence_segments WHERE evidence_id = %s", (evidence_id,))


def replace_segments(session: Session, *, evidence_id: UUID, size: int, key: str) -> None:
    """From now on the file lies in one other piece; the sweep takes the former ones. Worker only."""
    session.execute(sa.delete(EvidenceSegment).where(EvidenceSegment.evidence_id == evidence_id))
    add_segment(session, evidence_id=evidence_id, start=0, size=size, key=key)


def delete(session: Session, *, evidence_id: UUID) -> bool:
    """Delete a file's row and with it its key; False where this actor may not, or it is gone."""
    gone = session.connection().exec_driver_sql("DELETE FROM evidence WHERE id = %s", (evidence_id,))
    session.expire_all()
    return gone.rowcount > 0


def hand_over(session: Session, *, draft_id: UUID, contact_id: UUID, evidence_ids: Collection[UUID]) -> None:
    """These files of a draft are the contact's from now on, and no longer the draft's: its end takes nothing along."""
    session.execute(
        sa.update(Evidence)
        .where(Evidence.draft_id == draft_id, Evidence.id.in_(list(evidence_ids)))
        .values(draft_id=None, contact_id=contact_id)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def delete_unfinished(session: Session, *, before: dt.datetime, limit: int = 500) -> list[Evidence]:
    """Delete files that stopped arriving (worker only); answers what they were, for their events."""
    query = sa.select(Evidence).where(Evidence.state == State.RECEIVING.value, Evidence.created_at < before)
    doomed = session.scalars(query.limit(limit).with_for_update(skip_locked=True)).all()
    for each in doomed:
        session.expunge(each)
        session.execute(sa.delete(Evidence).where(Evidence.id == each.id))
    return list(doomed)


def list_stuck(session: Session, *, before: dt.datetime, limit: int = 100) -> list[UUID]:
    """Files that arrived before then and are still not examined, or whose scan failed (worker only)."""
    waiting = sa.or_(
        Evidence.state.in_([State.RECEIVED.value, State.EXAMINING.value]), Evidence.scan == Scan.FAILED.value
    )
    query = sa.select(Evidence.id).where(
        waiting, Evidence.state.in_([each.value for each in ARRIVED]), Evidence.completed_at < before
    )
    return list(session.scalars(query.order_by(Evidence.completed_at).limit(limit)))


def named_keys(session: Session, *, keys: Collection[str]) -> set[str]:
    """Which of these objects some row names (worker only: every other role would miss rows)."""
    asked = list(keys)
    pieces = sa.select(EvidenceSegment.key).where(EvidenceSegment.key.in_(asked))
    previews = sa.select(Evidence.preview_key).where(Evidence.preview_key.in_(asked))
    return {key for key in session.scalars(sa.union_all(pieces, previews)) if key is not None}


def keys_of_contact(session: Session, *, contact_id: UUID) -> list[str]:
    """Every object a contact's files lie in, before its rows are deleted (worker only)."""
    pieces = (
        sa.select(EvidenceSegment.key)
        .join(Evidence, Evidence.id == EvidenceSegment.evidence_id)
        .where(Evidence.contact_id == contact_id)
    )
    previews = sa.select(Evidence.preview_key).where(Evidence.contact_id == contact_id)
    return sorted(key for key in session.scalars(sa.union_all(pieces, previews)) if key is not None)


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """An upload link that was opened just now."""

    id: UUID
    contact_id: UUID
    force_id: str


def add_link(
    session: Session,
    *,
    link_id: UUID,
    contact_id: UUID,
    token_hash: bytes,
    made_by: UUID,
    now: dt.datetime,
    expires_at: dt.datetime,
    question_id: str = "later",
) -> None:
    """A new upload link; what comes by it belongs to that question."""
    session.add(
        models.UploadLink(
            id=link_id,
            contact_id=contact_id,
            token_hash=token_hash,
            made_by=made_by,
            created_at=now,
            expires_at=expires_at,
            question_id=question_id,
        )
    )
    session.flush()


def open_link(session: Session, *, token_hash: bytes, now: dt.datetime) -> OpenedLink | None:
    """The link of a token, opened for good by this call; None where it was opened, ended or never made."""
    query = sa.text("SELECT upload_link_id, contact_id, force_id FROM open_upload_link(:hash, :now)")
    row = session.execute(query, {"hash": token_hash, "now": now}).one_or_none()
    return None if row is None else OpenedLink(row.upload_link_id, row.contact_id, row.force_id)


def link_question(session: Session, *, link_id: UUID) -> str:
    """The question that files sent by a link belong to."""
    return str(session.scalar(sa.text("SELECT upload_link_question(:link)"), {"link": link_id}))


def link_contact(session: Session, *, link_id: UUID, now: dt.datetime, opened_after: dt.datetime) -> UUID | None:
    """The contact an opened link still leads to, or None."""
    query = sa.text("SELECT upload_link_contact(:link, :now, :after)")
    found = session.execute(query, {"link": link_id, "now": now, "after": opened_after}).scalar()
    return found if isinstance(found, UUID) else None

"""The one way a file's examination is put before the worker."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.jobs import JobName
from contact.store import outbox


def examine(session: Session, *, evidence_id: UUID) -> None:
    """Examine the file once this session has committed; two examinations of one file never overlap."""
    outbox.defer(session, JobName.EXAMINE_EVIDENCE, lock=f"evidence-{evidence_id}", evidence_id=evidence_id)

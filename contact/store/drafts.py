"""Drafts and the form versions they were begun with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.store import models
from contact.store.identifiers import new_id
from contact.store.models import Draft

__all__ = [
    "Draft",
    "add",
    "delete_expired",
    "find",
    "find_by_code",
    "form_definition",
    "get",
    "keep_form_version",
    "send",
]


def keep_form_version(session: Session, *, sha256: str, form_id: str, definition: Mapping[str, Any]) -> None:
    """Keep a compiled form once, when first served."""
    row = {"sha256": sha256, "form_id": form_id, "definition": dict(definition)}
    session.execute(insert(models.FormVersion).values(row).on_conflict_do_nothing())


def form_definition(session: Session, *, sha256: str) -> Mapping[str, Any]:
    """The definition a draft or submission points to. Raises NotFound."""
    query = sa.select(models.FormVersion.definition).where(models.FormVersion.sha256 == sha256)
    found: Mapping[str, Any] | None = session.scalar(query)
    if found is None:
        raise NotFound(kind="form_version", key=sha256)
    return found


def add(
    session: Session,
    *,
    draft_id: UUID | None = None,
    form_id: str,
    form_sha256: str,
    force_id: str | None,
    language: str,
    now: dt.datetime,
    expires_at: dt.datetime,
) -> Draft:
    """A new, empty draft."""
    draft = Draft(
        id=draft_id or new_id(),
        form_id=form_id,
        form_sha256=form_sha256,
        force_id=force_id,
        answers={},
        language=language,
        created_at=now,
        updated_at=now,
        expires_at=expires_at,
    )
    session.add(draft)
    return draft


def get(session: Session, *, draft_id: UUID, lock: bool = False) -> Draft:
    """The draft, if this citizen has proven it; `lock` makes a second submit of it wait. Raises NotFound."""
    query = sa.select(Draft).where(Draft.id == draft_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(kind="draft", key=str(draft_id))
    return found


def find(session: Session, *, draft_id: UUID, lock: bool = False) -> Draft | None:
    """The draft, if this citizen has proven it and it is still kept; `lock` as for `get`."""
    try:
        return get(session, draft_id=draft_id, lock=lock)
    except NotFound:
        return None


def send(session: Session, *, draft: Draft, contact_id: UUID, force_id: str) -> None:
    """The draft has become a contact: its words stand in the submission alone now. The caller has it locked."""
    session.connection().exec_driver_sql(
        "UPDATE drafts SET contact_id = %s, force_id = %s, answers = '{}' WHERE id = %s",
        (contact_id, force_id, draft.id),
    )
    session.expire(draft)


def find_by_code(session: Session, *, code_hash: bytes) -> UUID | None:
    """The living draft that a return code opens, or None; words of it never leave before it is proven."""
    found = session.execute(sa.text("SELECT draft_for_code(:hash)"), {"hash": code_hash}).scalar()
    return found if isinstance(found, UUID) else None


def delete_expired(session: Session, *, now: dt.datetime, limit: int = 500) -> list[UUID]:
    """Delete drafts that nobody came back for (worker only); answers their ids."""
    gone = sa.select(Draft.id).where(Draft.expires_at < now).limit(limit)
    return list(session.scalars(sa.delete(Draft).where(Draft.id.in_(gone)).returning(Draft.id)))

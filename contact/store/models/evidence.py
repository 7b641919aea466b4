"""Files sent with a report: what is known of each, the sealed pieces it lies in, and one-time links to send more by."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from contact.domain.evidence import Kind, Original, Refusal, Scan, Sealing, State
from contact.store.base import Base, Id, one_of


class Evidence(Base):
    """One file. It hangs on the draft it was sent with until that is submitted, on the contact from then on.

    `wrapped_key` is the file's own key under EVIDENCE_KEY: without this row nobody can read what lies in the store.
    `photo`: what the worker found wrong with the photo for a certificate; None where it is none, or not examined yet.
    `added_by`: the officer who added it to an application; the applicant never sees it.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        one_of("state", [each.value for each in State]),
        one_of("scan", [each.value for each in Scan]),
        one_of("kind", [each.value for each in Kind]),
        one_of("refused", [each.value for each in Refusal]),
        one_of("original", [each.value for each in Original]),
        one_of("sealed_reason", [each.value for each in Sealing]),
        sa.CheckConstraint("num_nonnulls(draft_id, contact_id) = 1", name="has_one_owner"),
        sa.CheckConstraint("state <> 'ready' OR sha256 IS NOT NULL", name="ready_has_digest"),
        sa.CheckConstraint("photo IS NULL OR sha256 IS NOT NULL", name="photo_was_examined"),
        sa.Index("ix_evidence_draft_id", "draft_id", postgresql_where=sa.text("draft_id IS NOT NULL")),
        sa.Index("ix_evidence_contact_id", "contact_id", postgresql_where=sa.text("contact_id IS NOT NULL")),
        sa.Index("ix_evidence_unfinished", "created_at", postgresql_where=sa.text("state NOT IN ('ready', 'refused')")),
        sa.Index("ix_evidence_preview_key", "preview_key", postgresql_where=sa.text("preview_key IS NOT NULL")),
    )

    id: Mapped[Id]
    draft_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("drafts.id", ondelete="CASCADE"))
    contact_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    upload_link_id: Mapped[UUID | None]
    question_id: Mapped[str]
    position: Mapped[int]
    name: Mapped[str]
    declared_size: Mapped[int | None]
    received_size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[bytes | None]
    kind: Mapped[str | None]
    also: Mapped[str | None]
    state: Mapped[str]
    scan: Mapped[str]
    refused: Mapped[str | None]
    original: Mapped[str]
    sensitive: Mapped[bool] = mapped_column(default=False)
    marked_safe_at: Mapped[dt.datetime | None]
    marked_by: Mapped[UUID | None]
    sealed_reason: Mapped[str | None]
    wrapped_key: Mapped[bytes]
    preview_key: Mapped[str | None]
    preview_size: Mapped[int | None]
    photo: Mapped[list[str] | None] = mapped_column(ARRAY(sa.Text))
    created_at: Mapped[dt.datetime]
    completed_at: Mapped[dt.datetime | None]
    added_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))


class EvidenceSegment(Base):
    """One stretch of a file as it arrived: `size` plain bytes from `start`, sealed in the store under `key`."""

    __tablename__ = "evidence_segments"

    evidence_id: Mapped[UUID] = mapped_column(sa.ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int]
    key: Mapped[str] = mapped_column(unique=True)


class UploadLink(Base):
    """A link that an agent sends so that more files can follow; opened once, then a browser holds its proof."""

    __tablename__ = "upload_links"
    __table_args__ = (sa.Index("ix_upload_links_contact_id", "contact_id"),)

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    made_by: Mapped[UUID]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    opened_at: Mapped[dt.datetime | None]
    question_id: Mapped[str] = mapped_column(default="later", server_default="later")

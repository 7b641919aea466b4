"""The queue entry: a contact's place with one force. The queue is the entries an agent may see (engineering 4)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.domain.states import EntryState
from contact.store.base import Base, Id, one_of


class QueueEntry(Base):
    """`due_at` is look-by until someone has looked, then answer-by; band 0 is emergency, 1 the rest."""

    __tablename__ = "queue_entries"
    __table_args__ = (
        sa.UniqueConstraint("contact_id", "force_id"),
        one_of("state", [s.value for s in EntryState]),
        sa.CheckConstraint("band IN (0, 1)", name="band_is_known"),
        sa.CheckConstraint("(state = 'held') = (holder_id IS NOT NULL)", name="held_has_holder"),
        sa.CheckConstraint("(state = 'held') = (lease_ends_at IS NOT NULL)", name="held_has_lease"),
        sa.Index(
            "ix_queue_entries_waiting",
            "force_id",
            "band",
            "due_at",
            "id",
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.Index(
            "ix_queue_entries_with_bot",
            "force_id",
            "band",
            "due_at",
            "id",
            postgresql_where=sa.text("state = 'with_bot'"),
        ),
        sa.Index("ix_queue_entries_lease", "lease_ends_at", postgresql_where=sa.text("state = 'held'")),
        sa.Index("ix_queue_entries_holder", "holder_id", postgresql_where=sa.text("state = 'held'")),
        sa.Index(
            "ix_queue_entries_unread",
            "force_id",
            "band",
            "due_at",
            "id",
            postgresql_where=sa.text("unread AND state <> 'closed'"),
        ),
        sa.Index("ix_queue_entries_snoozed", "snoozed_until", postgresql_where=sa.text("state = 'snoozed'")),
        sa.Index(
            "ix_queue_entries_unseen_emergency",
            "received_at",
            postgresql_where=sa.text("band = 0 AND looked_at IS NULL AND state <> 'closed'"),
        ),
    )

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    band: Mapped[int] = mapped_column(sa.SmallInteger)
    due_at: Mapped[dt.datetime]
    look_by: Mapped[dt.datetime]
    answer_by: Mapped[dt.datetime]
    looked_at: Mapped[dt.datetime | None]
    answered_at: Mapped[dt.datetime | None]
    state: Mapped[str]
    holder_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    lease_kind: Mapped[str | None]
    lease_ends_at: Mapped[dt.datetime | None]
    snoozed_until: Mapped[dt.datetime | None]
    reason: Mapped[str | None]
    restricted: Mapped[bool] = mapped_column(default=False)
    reference: Mapped[str]
    category: Mapped[str]
    grade: Mapped[str]
    flags: Mapped[list[str]] = mapped_column(default=list)
    channel: Mapped[str]
    received_at: Mapped[dt.datetime]
    unread: Mapped[bool] = mapped_column(default=False)


def in_state(state: EntryState) -> sa.ColumnElement[bool]:
    """Whether an entry is in a state, with the state in the text of the query and not as its parameter.

    Only so can a prepared plan use an index over the entries of that state alone; a parameter reads the whole table.
    """
    return QueueEntry.state == sa.literal(state.value, literal_execute=True)


class Transfer(Base):
    """A contact offered to another force; the sender's clock runs until the receiver accepts (practice 3)."""

    __tablename__ = "transfers"
    __table_args__ = (
        sa.Index("ix_transfers_contact_id", "contact_id"),
        sa.Index(
            "uq_transfers_open",
            "contact_id",
            "to_force_id",
            unique=True,
            postgresql_where=sa.text("accepted_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contacts.id", ondelete="CASCADE"))
    from_force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    to_force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    reason: Mapped[str]
    asked_by: Mapped[UUID] = mapped_column(sa.ForeignKey("agents.id"))
    asked_at: Mapped[dt.datetime]
    accepted_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agents.id"))
    accepted_at: Mapped[dt.datetime | None]

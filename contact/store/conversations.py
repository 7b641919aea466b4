"""Conversations by chat and text: who talks, which messages the bot has not dealt with, and what it took from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.bot_turn import Fact
from contact.store.identifiers import new_id
from contact.store.models import ContactFact, Conversation, Message, Proposal

__all__ = ["ContactFact", "Conversation"]

_ONE = sa.select(Conversation).where(Conversation.contact_id == sa.bindparam("contact", type_=sa.Uuid()))
_LOCKED = _ONE.with_for_update().execution_options(populate_existing=True)


def add(session: Session, *, contact_id: UUID, channel: str, bot: bool, now: dt.datetime) -> Conversation:
    """Begin one; nothing is read back, since a citizen may write it before they may read it."""
    row = Conversation(
        contact_id=contact_id, channel=channel, bot=bot, epoch=0, answered_position=0, turns=0, last_inbound_at=now
    )
    session.add(row)
    session.flush()
    return row


def find(session: Session, *, contact_id: UUID, lock: bool = False) -> Conversation | None:
    """The conversation of a contact; `lock` only under the contact's own row lock."""
    return session.scalar(_LOCKED if lock else _ONE, {"contact": contact_id})


@dataclass(frozen=True, slots=True)
class Unanswered:
    """One message of the person that the bot has not dealt with."""

    id: UUID
    position: int
    body: str


def list_unanswered(session: Session, *, contact_id: UUID, after: int) -> list[Unanswered]:
    """What the person said after that position, in order."""
    query = sa.select(Message.id, Message.position, Message.body).where(
        Message.contact_id == contact_id, Message.kind == "inbound", Message.position > after
    )
    return [Unanswered(*row) for row in session.execute(query.order_by(Message.position))]


def list_answered(session: Session, *, contact_id: UUID, until: int) -> list[str]:
    """The person's own words up to that position, oldest first; nobody else's."""
    query = sa.select(Message.body).where(
        Message.contact_id == contact_id, Message.kind == "inbound", Message.position <= until
    )
    return list(session.scalars(query.order_by(Message.position)))


def list_overdue(
    session: Session, *, silent_since: dt.datetime, unanswered_since: dt.datetime, limit: int
) -> list[tuple[UUID, bool]]:
    """(contact, whether the bot owes an answer) where the bot talks and nothing has happened for too long.

    Owed is what was said before `unanswered_since`, also where the person has written on since.
    """
    owed = sa.exists().where(
        Message.contact_id == Conversation.contact_id,
        Message.kind == "inbound",
        Message.position > Conversation.answered_position,
        Message.created_at < unanswered_since,
    )
    query = (
        sa.select(Conversation.contact_id, owed)
        .where(
            Conversation.bot,
            sa.or_(Conversation.last_inbound_at < silent_since, owed),
        )
        .order_by(Conversation.last_inbound_at)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def add_facts(
    session: Session, *, contact_id: UUID, message_id: UUID | None, facts: Iterable[Fact], now: dt.datetime
) -> None:
    """Keep what was taken from the words; the same fact of the same words is kept once."""
    found = tuple(facts)
    if not found:
        return
    with session.no_autoflush:  # the turn is written as one
        kept = session.scalars(sa.select(ContactFact).where(ContactFact.contact_id == contact_id)).all()
    known = {(each.kind, each.value, each.words) for each in kept}
    for fact in found:
        if (fact.kind, fact.value, fact.words) not in known:
            known.add((fact.kind, fact.value, fact.words))
            session.add(
                ContactFact(
                    id=new_id(), contact_id=contact_id, message_id=message_id, kind=fact.kind, value=fact.value,
                    words=fact.words, starts=fact.start, ends=fact.end, at=now,
                )
            )  # fmt: skip


def add_answer(session: Session, *, contact_id: UUID, message_id: UUID, fact: Fact, now: dt.datetime) -> None:
    """Keep one fact of a message that came after the machine fell silent; reads nothing, as citizens may not."""
    session.add(
        ContactFact(
            id=new_id(), contact_id=contact_id, message_id=message_id, kind=fact.kind, value=fact.value,
            words=fact.words, starts=fact.start, ends=fact.end, at=now,
        )
    )  # fmt: skip


def list_facts(session: Session, *, contact_id: UUID) -> list[ContactFact]:
    """What was taken from the person's words, oldest first: for agents only."""
    query = sa.select(ContactFact).where(ContactFact.contact_id == contact_id)
    return list(session.scalars(query.order_by(ContactFact.at, ContactFact.id)))


def add_proposal(
    session: Session,
    *,
    contact_id: UUID,
    category: str,
    grade: str,
    advise_999: bool,
    flags: list[str],
    reasons: list[dict[str, object]],
    confidence: float,
    version: str,
    data_version: str | None,
    summary: str | None,
    now: dt.datetime,
) -> UUID:
    """Add what the machine proposes now; a former proposal stays as it was."""
    row = Proposal(
        id=new_id(), contact_id=contact_id, at=now, version=version, category=category, grade=grade,
        advise_999=advise_999, flags=flags, reasons=reasons, confidence=confidence, summary=summary,
        data_version=data_version,
    )  # fmt: skip
    session.add(row)
    return row.id

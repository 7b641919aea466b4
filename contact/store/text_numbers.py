"""Numbers: which force answers at ours, whose contact theirs belongs to, and who wants no more texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from contact.domain.queueing import REOPENS_WITHIN
from contact.domain.states import ContactState
from contact.domain.taxonomy import Channel
from contact.store.models import Contact, Force, Message, OptOut, Reporter, SmsNumber

__all__ = ["OptOut", "SmsNumber"]


_SPOKEN_WITH = (Channel.SMS.value, Channel.TELEPHONE.value, Channel.COUNTER.value)
"""Where a number is the person's own by more than their word: they texted from it, or an agent took it down."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What a force's texts leave from: a messaging service where it has one, else the number."""

    number: str
    messaging_service_sid: str | None


def set_number(session: Session, *, number: str, force_id: str, messaging_service_sid: str | None) -> None:
    """Let a force answer at a number of ours, from now on."""
    row = {"number": number, "force_id": force_id, "messaging_service_sid": messaging_service_sid}
    changed = {"force_id": force_id, "messaging_service_sid": messaging_service_sid}
    session.execute(insert(SmsNumber).values(row).on_conflict_do_update(index_elements=["number"], set_=changed))


def remove_number(session: Session, *, number: str) -> bool:
    """Nobody answers there any more; False where nobody did."""
    gone = session.execute(sa.delete(SmsNumber).where(SmsNumber.number == number).returning(SmsNumber.number))
    return gone.first() is not None


def list_numbers(session: Session, *, force_id: str | None = None) -> Sequence[SmsNumber]:
    """Numbers in order, of one force or all."""
    query = sa.select(SmsNumber).order_by(SmsNumber.force_id, SmsNumber.number)
    return session.scalars(query if force_id is None else query.where(SmsNumber.force_id == force_id)).all()


def named_numbers(session: Session) -> list[tuple[str, str]]:
    """(number, name of the force that answers there), in order of the names: what may be published."""
    query = sa.select(SmsNumber.number, Force.name).join(Force, Force.id == SmsNumber.force_id)
    return [(number, name) for number, name in session.execute(query.order_by(Force.name, SmsNumber.number))]


def force_at(session: Session, *, number: str, messaging_service_sid: str = "") -> str | None:
    """The force that answers at a number of ours, or whose messaging service took the text; None: nobody said."""
    at = sa.select(SmsNumber.force_id).where(SmsNumber.number == number)
    found = session.scalar(at)
    if found is None and messaging_service_sid:
        by = sa.select(SmsNumber.force_id).where(SmsNumber.messaging_service_sid == messaging_service_sid)
        found = session.scalar(by.order_by(SmsNumber.number).limit(1))
    return found


def sender_of(session: Session, *, force_id: str) -> Sender | None:
    """What a force's texts leave from; None where it has no number of its own."""
    row = session.scalar(sa.select(SmsNumber).where(SmsNumber.force_id == force_id).order_by(SmsNumber.number).limit(1))
    return None if row is None else Sender(row.number, row.messaging_service_sid)


def lock_pair(session: Session, *, ours: str, theirs: str) -> None:
    """Let texts of one person to one number pass one after the other, whoever works on them."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(7004, hashtext(:pair))"), {"pair": f"{ours}|{theirs}"})


def find_contact(session: Session, *, force_id: str, number: str, now: dt.datetime) -> UUID | None:
    """The contact that a text from this number belongs to: an open one, else one closed less than 28 days ago.

    Also one that this force has passed on, or is asked to take: it goes on where it now is. A conversation by text
    before any other, the latest first. Not one whose online access the person ended, and never a source that stands
    apart: that row holds no number. Never an application either: its applicant may text about anything, danger too, and
    the control room would not see it there (practice 2). Nor one that nobody has texted into and whose number was only
    typed into a form or a letter: whoever typed it may be another, and would read there what its owner texts.
    """
    has_texted = sa.exists().where(
        Message.contact_id == Contact.id, Message.kind == "inbound", Message.channel == Channel.SMS.value
    )
    is_open = Contact.state != ContactState.CLOSED.value
    query = (
        sa.select(Contact.id)
        .join(Reporter, Reporter.contact_id == Contact.id)
        .where(
            Reporter.phone_e164 == number,
            Contact.desk == "control_room",
            Contact.force_ids.contains([force_id]),
            Contact.online_access_stopped_at.is_(None),
            Contact.disposed_at.is_(None),
            sa.or_(is_open, Contact.closed_at >= now - REOPENS_WITHIN),
            sa.or_(Contact.channel.in_(_SPOKEN_WITH), has_texted),
        )
        .order_by(is_open.desc(), (Contact.channel == Channel.SMS.value).desc(), Contact.received_at.desc(), Contact.id)
    )
    return session.scalar(query.limit(1))


def find_closed_long_ago(session: Session, *, force_id: str, number: str) -> UUID | None:
    """The last conversation by text of this number with this force that no message reopens any more, or None."""
    query = (
        sa.select(Contact.id)
        .join(Reporter, Reporter.contact_id == Contact.id)
        .where(
            Reporter.phone_e164 == number,
            Contact.channel == Channel.SMS.value,
            Contact.state == ContactState.CLOSED.value,
            Contact.force_ids.contains([force_id]),
            Contact.online_access_stopped_at.is_(None),
            Contact.disposed_at.is_(None),
        )
        .order_by(Contact.received_at.desc())
    )
    return session.scalar(query.limit(1))


def give_number(session: Session, *, contact_id: UUID, number: str) -> None:
    """Who texted into a contact that was begun another way is reached at that number; one that is known stays."""
    made = insert(Reporter).values(contact_id=contact_id, phone_e164=number)
    changed = {"phone_e164": sa.func.coalesce(sa.func.nullif(Reporter.phone_e164, ""), number)}
    session.execute(made.on_conflict_do_update(index_elements=["contact_id"], set_=changed))
    session.expire_all()


def find_opt_out(session: Session, *, force_id: str, number: str) -> OptOut | None:
    """That this person wants no texts of this force, or None."""
    return session.get(OptOut, (force_id, number), populate_existing=True)


def opt_out(session: Session, *, force_id: str, number: str, now: dt.datetime) -> None:
    """No more texts of this force to this number."""
    row = {"force_id": force_id, "number": number, "at": now, "texted_again_at": None}
    changed = {"at": now, "texted_again_at": None}
    made = insert(OptOut).values(row)
    session.execute(made.on_conflict_do_update(index_elements=["force_id", "number"], set_=changed))


def opt_in(session: Session, *, force_id: str, number: str) -> bool:
    """Texts again; False where nothing had been said against them."""
    gone = sa.delete(OptOut).where(OptOut.force_id == force_id, OptOut.number == number).returning(OptOut.number)
    return session.execute(gone).first() is not None


def forget_opt_outs(session: Session, *, force_ids: Sequence[str], number: str, but: UUID) -> int:
    """A contact of this number goes: so does its STOP, unless another contact with one of the forces has the number."""
    others = sa.exists().where(
        Reporter.phone_e164 == number,
        Reporter.contact_id != but,
        Contact.id == Reporter.contact_id,
        OptOut.force_id == sa.any_(Contact.force_ids),
    )
    gone = sa.delete(OptOut).where(OptOut.number == number, OptOut.force_id.in_(force_ids), ~others)
    return len(session.execute(gone.returning(OptOut.number)).all())


def expire_opt_outs(session: Session, *, before: dt.datetime) -> int:
    """Delete every STOP said before then by a number that no contact has; answers how many."""
    held = sa.exists().where(Reporter.phone_e164 == OptOut.number)
    gone = sa.delete(OptOut).where(OptOut.at < before, ~held).returning(OptOut.number)
    return len(session.execute(gone).all())


def note_texted_again(session: Session, *, force_id: str, number: str, now: dt.datetime) -> None:
    """Whoever said STOP has written of something since: answers may leave, notices may not."""
    session.execute(
        sa.update(OptOut).where(OptOut.force_id == force_id, OptOut.number == number).values(texted_again_at=now)
    )

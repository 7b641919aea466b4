"""Whether a text may leave, and to which number: safe contact first, then STOP (practice 13)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from contact.domain.quiet_hours import ANSWERS_WITHIN
from contact.domain.taxonomy import Flag
from contact.store import contacts, text_numbers, texts
from contact.store.contacts import Contact

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class Refusal(StrEnum):
    """Why a text does not leave us; the thread words it."""

    NOT_SAFE = "not-safe"  # the person chose another way, or none
    NO_NUMBER = "no-number"
    OPTED_OUT = "21610"  # Twilio's own number for it: the same to whoever reads the thread
    ACCESS_STOPPED = "access-stopped"
    TOO_LATE = "too-late"  # the assistant's words, after a person took over or a long silence


@dataclass(frozen=True, slots=True)
class Way:
    """Where a text goes, or why it does not. `last_heard`: when the person last texted in this contact."""

    recipient: str | None
    sender: str | None
    last_heard: dt.datetime | None
    refusal: Refusal | None = None


def find(session: Session, contact: Contact, *, now: dt.datetime, fixed: bool, notice: bool) -> Way:
    """The way of a text in this contact, as things stand now.

    A number that texts us may be answered, unless its owner chose another way; in a sensitive matter "online" is one:
    somebody else may hold the phone. `fixed`: advice for danger, which also reaches whoever texts us at this moment;
    not where they said that nothing may reach them.
    """
    heard = texts.last_heard(session, contact_id=contact.id)
    recipient, refusal = _recipient(session, contact, heard, now, fixed=fixed)
    sender = text_numbers.sender_of(session, force_id=contact.force_id)
    if refusal is None and recipient is not None and _said_stop(session, contact, recipient, notice=notice):
        refusal = Refusal.OPTED_OUT
    return Way(recipient, sender.number if sender else None, heard, refusal)


def _recipient(
    session: Session, contact: Contact, heard: dt.datetime | None, now: dt.datetime, *, fixed: bool
) -> tuple[str | None, Refusal | None]:
    how = str(contact.safe_contact.get("how") or "")
    if contact.online_access_stopped_at is not None:
        return None, Refusal.ACCESS_STOPPED
    if how == "none":
        return None, Refusal.NOT_SAFE
    if how == "text" and (chosen := e164(str(contact.safe_contact.get("value") or ""))):
        return chosen, None
    reporter = contacts.find_reporter(session, contact_id=contact.id)
    number = e164(reporter.phone_e164 or "") if reporter else None
    if number is None:
        return None, Refusal.NO_NUMBER
    texts_now = heard is not None and now - heard <= ANSWERS_WITHIN
    if Flag.NO_SAFE_CONTACT in contact.flags:
        # They said that nothing is safe. Who has asked them anew takes the flag away by a decision.
        return number, None if fixed and texts_now else Refusal.NOT_SAFE
    answered = ("", "text") if contact.sensitive else ("", "text", "online")
    if (heard is not None and how in answered) or (fixed and texts_now):
        return number, None
    return number, Refusal.NOT_SAFE


def _said_stop(session: Session, contact: Contact, recipient: str, *, notice: bool) -> bool:
    """STOP ends notices; whoever has written of something since is answered (practice 4)."""
    said = text_numbers.find_opt_out(session, force_id=contact.force_id, number=recipient)
    return said is not None and (notice or said.texted_again_at is None)


def e164(typed: str) -> str | None:
    """A number as the networks write it: spaces go, a British 0 becomes +44. None for what is no number."""
    digits = re.sub(r"[\s().-]", "", typed)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("0"):
        digits = "+44" + digits[1:]
    return digits if _NUMBER.fullmatch(digits) else None

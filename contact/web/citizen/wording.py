"""What the public is told about times and ways of contact, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contact.services.conversations import CitizenLine
from contact.web.shared.filters import london, machine_time, when_in_words
from contact.web.shared.language import current_language, gettext
from forms import worded_date


def told_when(at: datetime) -> str:
    """The day and time in words, in the language of the page, on a London clock."""
    if current_language() != "cy":
        return when_in_words(at)
    return f"{told_day(at)} am {london(at):%H:%M}"


def told_day(at: datetime) -> str:
    """The day in words, in the language of the page."""
    return worded_date(london(at).date().isoformat(), current_language())


def safe_contact_in_words(safe: Mapping[str, str]) -> str:
    """How we will, or will not, reach the person: what they chose, said back to them."""
    how, when = safe.get("how", "online"), safe.get("when", "")
    words = {
        "email": gettext("We will email you. The email says only that there is an answer, and gives no details."),
        "phone": gettext("We will phone you on the number you gave."),
        "text": gettext("We will text the number you gave. The text gives no details."),
        "post": gettext("We will write to the address you gave."),
        "online": gettext(
            "We will not email, phone, text or write to you. Our answer waits here: use your reference and four words."
        ),
        "none": gettext(
            "We will not contact you, as you asked. You can still come back here with your reference and four words."
        ),
    }[how]
    return f"{words} {gettext('When it is safe:')} {when}" if when else words


def said(thread: Sequence[CitizenLine]) -> list[dict[str, Any]]:
    """Messages as the template draws them."""
    return [
        {
            "yours": line.mine,
            "body": line.body,
            "at": told_when(line.at),
            "at_iso": machine_time(line.at),
            "read": line.mine and line.read_at is not None,
        }
        for line in thread
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline; `next` is still to come."""

    words: str
    at: str
    at_iso: str
    next: bool


def line(words: str, at: datetime | None, *, to_come: bool = False) -> Line:
    """A line with its time in words."""
    return Line(words, told_when(at) if at else "", machine_time(at) if at else "", to_come)


def answer_line(received_at: datetime, answer_by: datetime) -> Line:
    """The promise to answer; an emergency's clock has no length, so it is told without a time."""
    if answer_by - received_at < timedelta(minutes=1):
        return line(gettext("We answer you as soon as we can"), None, to_come=True)
    return line(gettext("We answer you by this time at the latest"), answer_by, to_come=True)


def look_line(received_at: datetime, look_by: datetime) -> Line:
    """The promise that a person looks."""
    if look_by - received_at < timedelta(minutes=1):
        return line(gettext("It is at the top of our list, for a person to read"), None, to_come=True)
    return line(gettext("A person reads it by this time at the latest"), look_by, to_come=True)

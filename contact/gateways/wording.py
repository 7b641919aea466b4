"""Texts that leave the service: rendered outside Flask, in the person's language, saying first what is only a show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contact.domain.clocks import LONDON

MESSAGES = Path(__file__).parent / "messages"
_LOCALE = {"en": "en_GB", "cy": "cy"}
_JOIN = {"en": "{time} on {date}", "cy": "{time} {date}"}
_OPTIONAL = ("look_by", "answer_by", "progress_url", "return_url", "until", "link_url", "code", "granted", "other_way")
_BLANK_LINES = re.compile(r"\n{3,}")


class LetterName(StrEnum):
    """Mails a citizen may get. Neutral by rule: a subject never says what the matter is."""

    ACKNOWLEDGEMENT = "acknowledgement"
    CHAT_COPY = "chat_copy"
    CHAT_LINK = "chat_link"
    COME_BACK = "come_back"
    FEE_DUE = "fee_due"
    FOUR_WORDS = "four_words"
    MESSAGE_WAITING = "message_waiting"
    PARENT_ASKED = "parent_asked"
    PRACTICE_ASKED = "practice_asked"
    REFEREE_ASKED = "referee_asked"
    RECEIPT = "receipt"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in words. `text` is plain text in lines."""

    subject: str
    text: str
    language: str


def letter(name: str, *, language: str, live: bool, context: Mapping[str, Any]) -> Letter:
    """Word one mail. `context` times are ISO 8601 or aware datetimes.

    Until the force is live it begins with the demonstration sentence (practice 10). A language that has no text of its
    own gets English. Raises ValueError for a name that is no letter, jinja2.UndefinedError for a missing word.
    """
    spoken = language if language in _LOCALE else "en"
    whole = _render(LetterName(name).value, spoken, dict(context))
    subject, _, text = whole.partition("\n")
    if not live:
        text = _render("_demonstration", spoken, {}) + "\n\n" + text.strip()
    return Letter(subject=subject.strip(), text=text.strip() + "\n", language=spoken)


def alarm_text(*, kind: str, live: bool) -> str:
    """The text beside an alarm call: one GSM-7 segment, no person, no place."""
    return _one_line(_render("alarm_text", "en", {"kind": kind, "live": live}))


def alarm_call(*, kind: str, live: bool, force_name: str | None) -> str:
    """What the voice says when an alarm call is answered: where to look, and nothing about a person."""
    return _one_line(_render("alarm_call", "en", {"kind": kind, "live": live, "force_name": force_name}))


def alarm_closing(outcome: str) -> str:
    """What the voice says last; `outcome` is accepted, tested, not_accepted or over."""
    return _one_line(_render(f"alarm_{outcome}", "en", {}))


def hand_over(*, why: str, answer_by: datetime, language: str) -> str:
    """What a person is told when the bot gives way to people: one line, honest about when, naming nothing they said."""
    spoken = language if language in _LOCALE else "en"
    return _one_line(_render("bot_hand_over", spoken, {"why": why, "answer_by": answer_by}))


def person_joined(language: str) -> str:
    """What a person is told when somebody takes over from the bot: only that."""
    return _one_line(_render("person_joined", language if language in _LOCALE else "en", {}))


def fee_message(*, amount: str, granted: bool, taken_back: bool, language: str) -> str:
    """What an applicant's own page says when the fee falls due, or due again: the sum, and where to pay it."""
    spoken = language if language in _LOCALE else "en"
    about = {"amount": amount, "granted": granted, "taken_back": taken_back}
    return _one_line(_render("fee_message", spoken, about))


def fee_text(*, reference: str, progress_url: str, language: str) -> str:
    """The text beside it: no police, no licence, no sum (practice 4)."""
    spoken = language if language in _LOCALE else "en"
    return _one_line(_render("fee_text", spoken, {"reference": reference, "progress_url": progress_url}))


def unreviewed() -> list[tuple[str, str]]:
    """(text, language) of every text that nobody has read, sorted (engineering 35)."""
    index: dict[str, dict[str, Any]] = yaml.safe_load((MESSAGES / "index.yaml").read_text(encoding="utf-8"))
    return sorted(
        (name, language)
        for name, about in index.items()
        for language, reviewer in about["reviewer"].items()
        if not reviewer or not about["reviewed_on"].get(language)
    )


def when(moment: datetime | str, language: str) -> str:
    """A time as people say it, in the time of the United Kingdom: `4:30 pm on Friday 6 March`."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    local = moment.astimezone(LONDON)
    locale = _LOCALE[language]
    time = format_time(local, "h:mm a", locale=locale)
    date = format_date(local, "EEEE d MMMM", locale=locale)
    if date.startswith("Dydd "):
        date = "d" + date[0].lower() + date[1:]  # Welsh: "on Friday" is the soft mutation of the day's name
    return _JOIN[language].format(time=time, date=date)


def clock_time(moment: datetime, language: str) -> str:
    """The hour alone, in the time of the United Kingdom: `4:30 pm`."""
    return format_time(moment.astimezone(LONDON), "h:mm a", locale=_LOCALE[language])


def when_to_keep(moment: datetime | str, language: str) -> str:
    """The same with its year, for what people keep: `4:30 pm on Friday 6 March 2026`."""
    year = (datetime.fromisoformat(moment) if isinstance(moment, str) else moment).astimezone(LONDON).year
    return f"{when(moment, language)} {year}"


@cache
def _texts(language: str) -> Environment:
    texts = Environment(
        loader=FileSystemLoader(MESSAGES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - plain text for mail, SMS and speech; the TwiML writer escapes
    )
    texts.filters["when"] = lambda moment: when(moment, language)
    texts.filters["when_to_keep"] = lambda moment: when_to_keep(moment, language)
    return texts


def _render(name: str, language: str, context: dict[str, Any]) -> str:
    rendered = _texts(language).get_template(f"{name}.{language}.txt").render({**dict.fromkeys(_OPTIONAL), **context})
    return _BLANK_LINES.sub("\n\n", rendered).strip()


def _one_line(text: str) -> str:
    return " ".join(text.split())

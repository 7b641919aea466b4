"""What the chatbot answers to one turn, read strictly: whatever it cannot mean is rubbish and goes to a person.

The shape is version 1 of what `chatbot/README.md` describes. Nothing here trusts the other side: words are cut to
length, codes must be the taxonomy's, and what is missing is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contact.domain.taxonomy import Category, Flag, Grade

VERSION = 1
MOST_WORDS, LONGEST_SAID, MOST_FACTS = 3, 600, 40
LONGEST_EARLIER, LONGEST_FIRST = 600, 300
"""How much of what was said before goes with a reply, and how much of it may be the first message: letters in all."""
_CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,63}\Z")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What nobody sees, what turns words round, and halves of letters, which no database takes."""


class HandOver(StrEnum):
    """Why a conversation goes from the bot to people."""

    ASKED_FOR_PERSON = "asked_for_person"
    BOT_AWAY = "bot_away"  # it did not answer, or not sensibly
    BOT_OFF = "bot_off"  # it is not there at all
    CANNOT_HELP = "cannot_help"
    DONE = "done"
    EMERGENCY = "emergency"
    LOW_CONFIDENCE = "low_confidence"
    OTHER_LANGUAGE = "other_language"
    SENSITIVE = "sensitive"
    SILENCE = "silence"
    TAKEN_OVER = "taken_over"  # an agent took it
    TOO_LONG = "too_long"
    URGENT = "urgent"


_BOT_MAY_SAY = frozenset(HandOver) - {HandOver.BOT_AWAY, HandOver.BOT_OFF, HandOver.SILENCE, HandOver.TAKEN_OVER}
"""Why the chatbot itself may hand over; the others are the platform's to find, and some tell the person nothing."""


class NotATurn(ValueError):
    """The chatbot answered something that is no turn; `what` names the part, never the words."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Triage:
    """What the model makes of the words so far. Confidences are 0 to 1."""

    category: Category
    category_confidence: float
    grade: Grade
    grade_confidence: float
    advise_999: bool
    flags: tuple[Flag, ...]
    confidence: float
    reasons: tuple[str, ...]
    version: str
    data_version: str
    emergency_probability: float | None = None
    ranking: tuple[tuple[Category, float], ...] = ()  # likeliest categories, where it tells more than one
    advice_probability: float | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing taken from what was said: `words` are the person's own, from `start` to `end` of the message."""

    kind: str
    value: str
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BotTurn:
    """One answer: what to say, whether and why a person goes on, what it makes of the matter."""

    say: tuple[str, ...]
    asks: str | None
    hand_over: HandOver | None
    form: str | None
    answer: str | None
    triage: Triage
    facts: tuple[Fact, ...]
    summary: str


def earlier_words(said: Sequence[str]) -> list[str]:
    """Choose, of what the person said before (oldest first), what a reply is read together with, newest last.

    The first message tells what the matter is and always stays, cut where it is long; then the newest that have room.
    """
    first, *others = [text for each in said if (text := _UNSEEN.sub("", each).strip())] or [""]
    if not first:
        return []
    kept = [first[:LONGEST_FIRST]]
    left = LONGEST_EARLIER - len(kept[0])
    for text in reversed(others):
        if left <= 0:
            break
        kept.insert(1, text[:left])
        left -= len(text)
    return kept


def read_turn(raw: object) -> BotTurn:
    """Read `custom.turn`. Raises NotATurn."""
    turn = _mapping(raw, "turn")
    if turn.get("version") != VERSION:
        raise NotATurn("version")
    said = turn.get("say")
    if not isinstance(said, list) or len(said) > MOST_WORDS or not all(isinstance(each, str) for each in said):
        raise NotATurn("say")
    words = tuple(cleaned for each in said if (cleaned := _words(each, LONGEST_SAID)))
    why = turn.get("hand_over")
    facts = turn.get("facts") or []
    summary = turn.get("summary") or []
    if not isinstance(facts, list) or not isinstance(summary, list):
        raise NotATurn("facts")
    if why is not None and why not in list(_BOT_MAY_SAY):
        raise NotATurn("hand_over")
    hand_over = HandOver(why) if why is not None else None
    if not words and hand_over is None:
        raise NotATurn("silent")
    return BotTurn(
        say=words,
        asks=_code(turn.get("asks"), "asks"),
        hand_over=hand_over,
        form=_code(turn.get("form"), "form"),
        answer=_code(turn.get("answer"), "answer"),
        triage=read_triage(turn.get("triage")),
        facts=tuple(_fact(each) for each in facts[:MOST_FACTS]),
        summary="\n".join(_words(str(line), 200) for line in summary[:2]),
    )


def read_triage(raw: object) -> Triage:
    """Read what the model makes of a text; a flag may stand alone or with its confidence. Raises NotATurn."""
    found = _mapping(raw, "triage")
    try:
        category, grade = Category(found["category"]), Grade(found["grade"])
        flags = [Flag(each["code"] if isinstance(each, Mapping) else each) for each in found.get("flags") or ()]
        reasons = tuple(str(each) for each in found.get("reasons") or ())
    except (KeyError, ValueError, TypeError):
        raise NotATurn("triage") from None
    if not all(_CODE.match(each) for each in reasons) or not isinstance(found.get("advise_999"), bool):
        raise NotATurn("triage")
    category_confidence, grade_confidence = (_share(found.get(f"{each}_confidence")) for each in ("category", "grade"))
    return Triage(
        category=category,
        category_confidence=category_confidence,
        grade=grade,
        grade_confidence=grade_confidence,
        advise_999=bool(found["advise_999"]),
        flags=tuple(dict.fromkeys(flags)),
        confidence=_share(found.get("confidence", min(category_confidence, grade_confidence))),
        reasons=reasons[:20],
        version=_code(found.get("version"), "version") or "unknown",
        data_version=_code(found.get("data_version"), "data_version") or "unknown",
        emergency_probability=_share_if_told(found.get("emergency_probability")),
        ranking=_ranking(found.get("ranking") or ()),
        advice_probability=_share_if_told(found.get("advise_999_probability")),
    )


def _ranking(raw: object) -> tuple[tuple[Category, float], ...]:
    if not isinstance(raw, list | tuple):
        raise NotATurn("triage")
    try:
        return tuple((Category(each["category"]), _share(each["confidence"])) for each in raw[: len(Category)])
    except (KeyError, ValueError, TypeError):
        raise NotATurn("triage") from None


def _fact(raw: object) -> Fact:
    found = _mapping(raw, "facts")
    kind = _code(found.get("kind"), "facts")
    if kind is None:
        raise NotATurn("facts")
    start, end = _place(found.get("start")), _place(found.get("end"))
    return Fact(kind, _words(str(found.get("value", "")), 300), _words(str(found.get("words", "")), 300), start, end)


def _place(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 100_000:
        raise NotATurn("facts")
    return value


def _mapping(raw: object, what: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise NotATurn(what)
    return raw


def _code(value: object, what: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _CODE.match(value):
        raise NotATurn(what)
    return value


def _share_if_told(value: object) -> float | None:
    return None if value is None else _share(value)


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise NotATurn("confidence")
    return float(value)


def _words(text: str, longest: int) -> str:
    return _UNSEEN.sub("", text).strip()[:longest]

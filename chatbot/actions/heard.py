"""What Rasa heard in one message, in a shape that cannot surprise: whatever is missing or odd becomes "unsure"."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from actions.codes import CATEGORIES, FACT_KINDS, GRADES

LONGEST_TEXT = 10_000
_LIKELY_IN_WELSH = 0.2
_NATIONS = frozenset({"england", "wales", "england_and_wales", "scotland", "northern_ireland"})


@dataclass(frozen=True)
class Entity:
    """A part of the text that means something; `start` and `end` are offsets into the text."""

    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Triage:
    """What the model makes of some words. `sure` is its calibrated confidence, 0 to 1."""

    category: str = "general_enquiry"
    category_confidence: float = 0.0
    grade: str = "standard"
    grade_confidence: float = 0.0
    advise_999: bool = False
    flags: tuple[str, ...] = ()
    sure: float = 0.0
    is_talk: bool = False
    talk: float = 0.0
    reasons: tuple[str, ...] = ()
    version: str = "unknown"
    data_version: str = "unknown"
    emergency_probability: float | None = None
    ranking: tuple[tuple[str, float], ...] = ()
    advice_probability: float | None = None


@dataclass(frozen=True)
class Heard:
    """One message as the bot may use it."""

    text: str
    intent: str = ""
    intent_confidence: float = 0.0
    entities: tuple[Entity, ...] = ()
    triage: Triage = Triage()  # of this message alone
    in_context: Triage | None = None  # of all that the person has said so far, where the model was told it
    message_id: str = ""
    channel: str = "chat"
    language: str = "en"
    first: bool = False
    staffed: bool = True
    nation: str = "england_and_wales"
    firearms_online: bool = False  # the force takes applications for certificates online
    safe_contact_known: bool = False
    day: dt.date = dt.date.min
    guessed: bool = False  # the model cannot read the language: what it makes of danger is a guess


def listen(latest_message: object, day: dt.date | None = None) -> Heard:
    """Read Rasa's latest message with its metadata; raises nothing, whatever it is given. `day`: today in UTC."""
    message = _mapping(latest_message)
    metadata = _mapping(message.get("metadata"))
    intent = _mapping(message.get("intent"))
    text = message.get("text")
    text = text[:LONGEST_TEXT] if isinstance(text, str) else ""
    nation = str(metadata.get("nation") or "").replace("-", "_")
    return Heard(
        text=text,
        intent=str(intent.get("name") or ""),
        intent_confidence=_share(intent.get("confidence")),
        entities=_entities(message.get("entities"), text),
        triage=_triage(message.get("triage"), intent),
        in_context=_in_context(message.get("triage")),
        message_id=str(metadata.get("message_id") or ""),
        channel="sms" if metadata.get("channel") == "sms" else "chat",
        language="cy" if metadata.get("language") == "cy" else "en",
        first=metadata.get("first") is True,
        staffed=metadata.get("staffed") is not False,
        nation=nation if nation in _NATIONS else "england_and_wales",
        firearms_online=metadata.get("firearms_online") is True,
        safe_contact_known=metadata.get("safe_contact_known") is True,
        day=day or dt.datetime.now(dt.timezone.utc).date(),
    )


def in_welsh(heard: Heard) -> Heard:
    """A message in Welsh as it may be used: the model learnt from English, and an emergency there is a guess.

    It is then a matter that a person looks at soon, with the advice that the model gives. The platform's danger words
    know Welsh and make an emergency of it all the same (practice 11).
    """
    whole = _guessed(heard.in_context) if heard.in_context else None
    return replace(heard, guessed=True, triage=_guessed(heard.triage), in_context=whole)


def _guessed(found: Triage) -> Triage:
    likely = None if found.emergency_probability is None else min(found.emergency_probability, _LIKELY_IN_WELSH)
    grade = "priority" if found.grade == "emergency" else found.grade
    return replace(found, grade=grade, emergency_probability=likely)


def _in_context(raw: object) -> Triage | None:
    """What the whole reads as, in the version of the message's own reading; None where that is not told."""
    found = _mapping(raw)
    whole = _mapping(found.get("in_context"))
    if whole.get("category") not in CATEGORIES or whole.get("grade") not in GRADES:
        return None
    return _triage({**whole, "version": found.get("version"), "data_version": found.get("data_version")}, {})


def _triage(raw: object, intent: Mapping[str, object]) -> Triage:
    found = _mapping(raw)
    if not found:
        # A model without our component: its intent is a hint, and nothing is sure.
        name, share = str(intent.get("name") or ""), _share(intent.get("confidence"))
        known = name in CATEGORIES
        return Triage(
            category=name if known else "general_enquiry",
            category_confidence=share if known else 0.0,
            sure=share if known else 0.0,
            is_talk=bool(name) and not known,
        )
    category, grade = str(found.get("category")), str(found.get("grade"))
    category_confidence = _share(found.get("category_confidence")) if category in CATEGORIES else 0.0
    return Triage(
        category=category if category in CATEGORIES else "general_enquiry",
        category_confidence=category_confidence,
        grade=grade if grade in GRADES else "standard",
        grade_confidence=_share(found.get("grade_confidence")),
        advise_999=found.get("advise_999") is True,
        flags=_flags(found.get("flags")),
        sure=_share(found.get("confidence", category_confidence)),
        is_talk=found.get("is_talk") is True,
        talk=_share(found.get("talk_probability")),
        reasons=tuple(str(reason) for reason in _sequence(found.get("reasons"))),
        version=str(found.get("version") or "unknown"),
        data_version=str(found.get("data_version") or "unknown"),
        emergency_probability=_share(found["emergency_probability"]) if "emergency_probability" in found else None,
        ranking=_ranking(found.get("ranking")),
        advice_probability=_share(found["advise_999_probability"]) if "advise_999_probability" in found else None,
    )


def _ranking(raw: object) -> tuple[tuple[str, float], ...]:
    """The likeliest categories with their shares, the first of them first."""
    each = ((str(one.get("category")), _share(one.get("confidence"))) for one in map(_mapping, _sequence(raw)))
    return tuple((code, share) for code, share in each if code in CATEGORIES)


def _flags(raw: object) -> tuple[str, ...]:
    """Codes, whether they stand alone or with their confidence."""
    codes = [str(_mapping(flag).get("code", "")) if isinstance(flag, Mapping) else str(flag) for flag in _sequence(raw)]
    return tuple(dict.fromkeys(code for code in codes if code))


def _entities(raw: object, text: str) -> tuple[Entity, ...]:
    answer = []
    for one in _sequence(raw):
        found = _mapping(one)
        kind, start, end = str(found.get("entity")), found.get("start"), found.get("end")
        if kind not in FACT_KINDS or not isinstance(start, int) or not isinstance(end, int):
            continue
        if 0 <= start < end <= len(text):
            answer.append(Entity(kind, str(found.get("value") or text[start:end]), start, end))
    return tuple(answer)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else ()


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return 0.0
    return min(1.0, max(0.0, float(value)))

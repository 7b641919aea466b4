"""Entities that have a form of their own: postcode, registration, phone, email, reference and money, by pattern.

Values are normalised, so that whoever reads them need not parse again: `NE1 4ST`, `AB12 CDE`, `07700900123`,
`k7r...` as `K7R-D4M-X2P` (the check symbol must fit), money as pounds with two decimals.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

LONGEST = 4000  # characters looked at
# The reference's alphabet and its check, as the platform makes them (engineering: read aloud, mistyped, forgiven).
_ALPHABET = "0123456789CDFHJKMPRTWXY"
_FORGIVEN = str.maketrans("OQILBSZG", "00118526")
_NUMBERS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALE = {"hundred": 100, "thousand": 1000, "grand": 1000, "k": 1000, "million": 1_000_000, "m": 1_000_000}
_WORD = "|".join(_NUMBERS)


@dataclass(frozen=True)
class Found:
    """One entity: what it is, where it stands in the text, and its normalised value."""

    entity: str
    start: int
    end: int
    value: str


def _reference(match: re.Match[str]) -> str | None:
    typed = re.sub(r"[^0-9A-Z]", "", match.group().upper())
    symbols = typed.translate(_FORGIVEN)
    if len(symbols) != 9 or not any(s.isdigit() for s in typed) or any(s not in _ALPHABET for s in symbols):
        return None
    values = [_ALPHABET.index(symbol) for symbol in symbols]
    # A weighted sum that 23 divides: position x value, the last symbol making it so.
    if sum(place * value for place, value in enumerate(values, start=1)) % len(_ALPHABET):
        return None
    return "-".join(symbols[start : start + 3] for start in (0, 3, 6))


def _phone(match: re.Match[str]) -> str | None:
    digits = re.sub(r"\D", "", match.group())
    digits = re.sub(r"^(00)?44(0)?", "0", digits) if match.group().lstrip("(").startswith(("+", "00")) else digits
    return digits if digits.startswith("0") and len(digits) in (10, 11) else None


def _registration(match: re.Match[str]) -> str | None:
    plain = re.sub(r"\s", "", match.group().upper())
    return f"{plain[:4]} {plain[4:]}" if re.fullmatch(r"[A-Z]{2}\d{2}[A-Z]{3}", plain) else plain


def _old_registration(match: re.Match[str]) -> str | None:
    """Only said to be one: so short a form would be found in much else."""
    return re.sub(r"\s", "", match.group("plate").upper())


def _postcode(match: re.Match[str]) -> str | None:
    plain = re.sub(r"\s", "", match.group().upper())
    return f"{plain[:-3]} {plain[-3:]}"


def _money(match: re.Match[str]) -> str | None:
    number = (match.group("number") or "").replace(",", "").lower()
    amount = float(number) if number[:1].isdigit() else float(_NUMBERS.get(number, 1))
    amount *= _SCALE.get((match.group("scale") or "").lower(), 1)
    if (match.groupdict().get("pence") or "").lower() in ("p", "pence"):
        amount /= 100
    return f"{amount:.2f}"


def _says_how_much(match: re.Match[str]) -> bool:
    """`hundred quid` and `a grand` do; `quid` and `grand` alone do not."""
    groups = match.groupdict()
    return bool(groups["number"] or (groups["scale"] and groups.get("unit")))


def _as_it_is(match: re.Match[str]) -> str | None:
    return match.group().lower()


_OLD_PLATE = r"(?P<plate>[A-Z]\d{1,3}\s?[A-Z]{3}|[A-Z]{3}\s?\d{1,3}[A-Z]?)"
_AMOUNT = r"\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d+(?:\.\d{1,2})?"
_UNIT = r"(?:(?P<unit>pounds?|quid|gbp|squid)|(?P<pence>p|pence)|(?<=grand))"
_FORMS: tuple[tuple[str, str, Callable[[re.Match[str]], str | None]], ...] = (
    ("email", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", _as_it_is),
    ("reference", r"\b[0-9A-Z]{3}[- ]?[0-9A-Z]{3}[- ]?[0-9A-Z]{3}\b", _reference),
    ("phone", r"(?<![\d£])(?:\+44|0044|0)\(?0?\)?(?:[ -]?\(?\d\)?){9,10}(?!\d)", _phone),
    ("registration", r"\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b", _registration),
    ("registration", rf"\b(?:reg(?:istration)?|plate)\b\D{{0,12}}?\b{_OLD_PLATE}\b", _old_registration),
    ("postcode", r"\b(?:GIR\s?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-HJ-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2})\b", _postcode),
    ("money", rf"£\s?(?P<number>{_AMOUNT})(?:\s?(?P<scale>k|m|grand|thousand|million))?\b", _money),
    (
        "money",
        rf"\b(?P<number>{_AMOUNT}|{_WORD})?\s?(?P<scale>hundred|thousand|grand|k)?\s?{_UNIT}\b",
        _money,
    ),
)
_COMPILED = tuple((entity, re.compile(form, re.IGNORECASE), value) for entity, form, value in _FORMS)


def find(text: str) -> list[Found]:
    """Answer what the text holds, in its order, the first form winning where two overlap."""
    taken: list[Found] = []
    for entity, form, value in _COMPILED:
        for match in form.finditer(text[:LONGEST]):
            if entity == "money" and not _says_how_much(match):
                continue
            normal = value(match)
            start, end = match.span("plate" if "plate" in form.groupindex else 0)
            start += len(text[start:end]) - len(text[start:end].lstrip())
            if normal and not any(start < other.end and other.start < end for other in taken):
                taken.append(Found(entity, start, end, normal))
    return sorted(taken, key=lambda found: found.start)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PatternExtractor(GraphComponent, EntityExtractorMixin):
    """Add what `find` finds to a message's entities, taking the place of a guess that overlaps it."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PatternExtractor":
        """Answer the extractor, which has nothing to set."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Look through each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            found = find(text)
            guessed = [guess for guess in message.get(ENTITIES, []) if not _overlaps(guess, found)]
            message.set(ENTITIES, [*guessed, *_entities(text, found)], add_to_output=True)
        return messages


def _overlaps(guess: dict[str, Any], found: list[Found]) -> bool:
    return any(guess["start"] < one.end and one.start < guess["end"] for one in found)


def _entities(text: str, found: list[Found]) -> Iterator[dict[str, Any]]:
    for one in found:
        yield {
            "entity": one.entity,
            "start": one.start,
            "end": one.end,
            "value": one.value,
            "text": text[one.start : one.end],
            "extractor": "PatternExtractor",
            "confidence_entity": 1.0,
        }

"""Letters of licensing as tagged PDFs: texts from data, in one language or both, set by Typst (practice 26)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date
from jinja2 import Environment, StrictUndefined

from contact.domain.licensing.letter_kinds import LetterKind
from contact.gateways.papers import PaperName, render

TEXTS = Path(__file__).parent / "texts" / "licensing_letters.yml"
_LOCALES = {"en": "en_GB", "cy": "cy"}
_DAYS = ("expires", "last_safe_day", "extended_until", "permit_until", "declared_on", "born")
_DATED = {"en": "Date", "cy": "Dyddiad"}
_NOTICE = {
    "en": "Demonstration: this letter is not from the police.",
    "cy": "Arddangosiad: nid oddi wrth yr heddlu y mae'r llythyr hwn.",
}
_NOT_READ = {
    "en": "Draft: nobody has reviewed these words yet.",
    "cy": "Drafft: nid oes neb wedi adolygu'r geiriau hyn eto.",
}
_PEN = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - plain words; Typst gets them as data


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a letter is drawn from. `language`: en, cy or both; `force` its name in each; `facts` as kept."""

    kind: LetterKind
    language: str
    made_on: dt.date
    force: Mapping[str, str]
    facts: Mapping[str, Any]
    live: bool


def render_letter(drawn: Drawn) -> bytes:
    """The letter as PDF/UA; Welsh first where it is in both. Raises jinja2.UndefinedError for a missing fact."""
    languages = ("cy", "en") if drawn.language == "both" else (drawn.language,)
    parts = [_part(drawn, each) for each in languages]
    first = parts[0]
    return render(
        PaperName.LICENSING_LETTER,
        {
            "language": languages[0],
            "title": first["title"],
            "author": drawn.force[languages[0]],
            "to": [str(drawn.facts.get("to") or ""), *map(str, drawn.facts.get("address") or [])],
            "parts": parts,
        },
    )


def unreviewed() -> list[tuple[str, str]]:
    """(text, owner) while no named person has read the letters on a named day (engineering 35)."""
    review = _load()["review"]
    return [] if review["reviewer"] and review["reviewed_on"] else [("licensing_letters", review["owner"])]


def _part(drawn: Drawn, language: str) -> dict[str, Any]:
    text = _load()["letters"][drawn.kind.value]
    facts = dict(drawn.facts)
    for name in _DAYS:
        facts[name] = _day(facts.get(name), language)
    for name in ("reference", "words", "patient", "number", "to"):
        facts.setdefault(name, "")
    lines = [_PEN.from_string(each[language]).render(facts) for each in text["body"]]
    notices = [] if drawn.live else [_NOTICE[language]]
    return {
        "language": language,
        "title": text["title"][language],
        "force": drawn.force[language],
        "dated": f"{_DATED[language]}: {format_date(drawn.made_on, 'd MMMM yyyy', locale=_LOCALES[language])}",
        "lines": [line for line in lines if line.strip()],
        "notices": [*notices, *([_NOT_READ[language]] if unreviewed() else [])],
    }


def _day(given: object, language: str) -> str:
    if not given:
        return ""
    return str(format_date(dt.date.fromisoformat(str(given)), "d MMMM yyyy", locale=_LOCALES[language]))


@lru_cache(maxsize=1)
def _load() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    return found

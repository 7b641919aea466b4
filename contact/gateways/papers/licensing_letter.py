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

from contact.domain.licensing.letter_kinds import TO_PRACTICE, LetterKind
from contact.gateways.papers import PaperName, render

TEXTS = Path(__file__).parent / "texts" / "licensing_letters.yml"
_LOCALES = {"en": "en_GB", "cy": "cy"}
_DAYS = (
    "expires", "issued", "last_safe_day", "extended_until", "permit_until", "declared_on", "born", "until",
    "transferred_on",
)  # fmt: skip
_WORDS = (
    "reference", "words", "patient", "number", "to", "appeal", "over", "kind", "site", "in_time", "amount", "granted",
    "other_way", "other_way_cy", "holder", "theirs", "about", "gave", "how", "new_force", "new_force_cy",
)  # fmt: skip
_DATED = {"en": "Date", "cy": "Dyddiad"}
_REFERENCE = {"en": "Our reference", "cy": "Ein cyfeirnod"}
_FROM = {"en": "Firearms licensing", "cy": "Trwyddedu arfau tanio"}
_ASK = {
    "en": "Questions? Call 101 and ask for firearms licensing. In an emergency call 999.",
    "cy": "Cwestiynau? Ffoniwch 101 a gofynnwch am drwyddedu arfau tanio. Mewn argyfwng ffoniwch 999.",
}
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
    address = [str(line) for line in drawn.facts.get("address") or []]
    return render(
        PaperName.LICENSING_LETTER,
        {
            "language": languages[0],
            "title": first["title"],
            "author": drawn.force[languages[0]],
            "to": [str(drawn.facts.get("to") or ""), *address],
            "parts": parts,
        },
    )


def unreviewed() -> list[tuple[str, str]]:
    """(text, owner) while no named person has read the letters on a named day (engineering 35)."""
    review = _load()["review"]
    return [] if review["reviewer"] and review["reviewed_on"] else [("licensing_letters", review["owner"])]


def _part(drawn: Drawn, language: str) -> dict[str, Any]:
    """One language of it. `lines`: each a paragraph, a list of points, words set large, or rows."""
    text = _load()["letters"][drawn.kind.value]
    facts = _facts(drawn.facts, language)
    lines = [_line(each, facts, language) for each in text["body"]]
    reference = facts["reference"] or facts["number"]
    notices = [] if drawn.live else [_NOTICE[language]]
    return {
        "language": language,
        "title": _PEN.from_string(text["title"][language]).render(facts),
        "force": drawn.force[language],
        "from": _FROM[language],
        "ask": _ASK[language],
        "dated": f"{_DATED[language]}: {format_date(drawn.made_on, 'd MMMM yyyy', locale=_LOCALES[language])}",
        "reference": f"{_REFERENCE[language]}: {reference}" if reference and drawn.kind not in TO_PRACTICE else "",
        "lines": [line for line in lines if line],
        "notices": [*notices, *([_NOT_READ[language]] if unreviewed() else [])],
    }


def _facts(kept: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The facts in words of one language; what a letter of this kind was not given is empty."""
    facts = dict.fromkeys(_WORDS, "") | dict(kept)
    for name in _DAYS:
        facts[name] = _day(facts.get(name), language)
    texts = _load()
    facts["asked"] = texts["asked"].get(facts["kind"], {}).get(language, "")
    facts["missing"] = [texts["missing"][code][language] for code in kept.get("missing") or []]
    facts["conditions"] = list(kept.get("conditions") or [])
    facts["guns"] = [_gun(each, language) for each in kept.get("guns") or []]
    facts["ammunition"] = [_ammunition(each, language) for each in kept.get("ammunition") or []]
    shown = {
        **facts,
        "licence": texts["licences"].get(kept.get("licence"), {}).get(language, ""),
        "home": ", ".join(map(str, kept.get("address") or [])),
    }
    facts["particulars"] = [
        [named[language], str(shown[name])] for name, named in texts["particulars"].items() if shown.get(name)
    ]
    return facts


def _gun(gun: Mapping[str, Any], language: str) -> str:
    """One gun of a certificate, in a line."""
    words = _load()["words"]
    number = f"{words['number'][language]} {gun['serial']}" if gun["serial"] else words["no_number"][language]
    parts = [gun["type"], gun["action"], gun["calibre"], gun["make"], "" if gun["authorised"] else number]
    parts.append(words["authorised"][language] if gun["authorised"] else "")
    return ", ".join(str(each) for each in parts if each)


def _ammunition(row: Mapping[str, Any], language: str) -> str:
    words = _load()["words"]
    said = [f"{row[name]} {words[name][language]}" for name in ("hold", "buy") if row.get(name)]
    return ", ".join([str(row.get("calibre") or ""), *said])


def _line(given: Mapping[str, str], facts: Mapping[str, Any], language: str) -> str | list[str] | dict[str, Any]:
    """A paragraph, a list of points, what is to be read first, or rows of name and words."""
    if "list" in given:
        return [str(each) for each in facts[given["list"]]]
    if "rows" in given:
        return {"rows": facts[given["rows"]]}
    if "strong" in given:
        return {"strong": _PEN.from_string(given["strong"]).render(facts)}
    return _PEN.from_string(given[language]).render(facts).strip().replace("  ", " ")


def _day(given: object, language: str) -> str:
    if not given:
        return ""
    return str(format_date(dt.date.fromisoformat(str(given)), "d MMMM yyyy", locale=_LOCALES[language]))


@lru_cache(maxsize=1)
def _load() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    return found

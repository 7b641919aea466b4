"""What rules alone take from a person's words where no model was asked: two lines, and facts known by their form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from contact.domain.bot_turn import Fact

LONGEST_LINE = 120
_FORMS = (
    ("email", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")),
    ("phone", re.compile(r"(?<![\w.+/-])(?:\+44 ?|0)(?:\d ?){8,9}\d(?![\w-])")),
    ("postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)),
    ("registration", re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b", re.IGNORECASE)),
    ("money", re.compile(r"£ ?\d[\d,]{0,12}(?:\.\d{2})?")),
)
_NAMES = {"postcode": "where", "registration": "vehicle", "phone": "phone", "email": "email", "money": "money"}


def facts_in(words: str) -> tuple[Fact, ...]:
    """Postcodes, telephone numbers, email addresses, vehicles and sums in the words, in order, each where it stands."""
    found: list[Fact] = []
    for kind, form in _FORMS:
        for match in form.finditer(words):
            start, end = match.span()
            if not any(start < each.end and each.start < end for each in found):
                said = match.group().strip()
                found.append(
                    Fact(kind, said.upper() if kind in ("postcode", "registration") else said, said, start, end)
                )
    return tuple(sorted(found, key=lambda each: each.start))


def two_lines(said: Sequence[str]) -> tuple[str, ...]:
    """How it began, and what has a form of its own or else was said last: the person's words, cut to length."""
    heard = [" ".join(each.split()) for each in said if each.strip()]
    if not heard:
        return ()
    newest = {fact.kind: fact.words for each in heard for fact in facts_in(each)}
    known = "; ".join(f"{_NAMES[kind]} {newest[kind]}" for kind in _NAMES if kind in newest)
    last = f"last: {heard[-1]}" if len(heard) > 1 else ""
    second = "; ".join(part for part in (known, last) if part)
    return tuple(_short(line) for line in (heard[0], second) if line)


def _short(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1].rstrip() + "…"

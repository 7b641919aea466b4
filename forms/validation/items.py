"""A list of things, a row each: what it was, what it was worth, its serial number or IMEI."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from forms.parts import Question
from forms.validation.answer import Answer, Fault, Raw
from forms.validation.words import clean_line, first, too_long

ITEM_PARTS = ("what", "value", "serial")
WHAT_LIMIT = 200
SERIAL_LIMIT = 60
_MONEY = re.compile(r"£?\s*(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.(\d{1,2}))?\s*(?:p(?:ounds)?)?", re.IGNORECASE)


def read_pence(text: str) -> int | None:
    """Whole pence from 250, £1,250 or 19.99; None when it is no sum of money."""
    found = _MONEY.fullmatch(text)
    if found is None:
        return None
    return int(Decimal(f"{found[1].replace(',', '')}.{found[2] or 0}") * 100)


def row_numbers(question: Question, raw: Raw) -> list[int]:
    """The rows that were sent, in order; the fields of row n are ``id-n-what`` and so on."""
    pattern = re.compile(rf"{re.escape(question.id)}-(\d{{1,3}})-(?:{'|'.join(ITEM_PARTS)})")
    return sorted({int(found[1]) for name in raw if (found := pattern.fullmatch(name))})


def validate_items(question: Question, raw: Raw) -> Answer:
    """``[{what, value_pence: int|None, serial}]``; empty rows are left out."""
    items: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for number in row_numbers(question, raw):
        texts = {part: clean_line(first(raw, f"{question.id}-{number}-{part}")) for part in ITEM_PARTS}
        if not any(texts.values()):
            continue
        if not texts["what"]:
            faults.append(Fault("what_missing", f"{number}-what"))
        pence = read_pence(texts["value"]) if texts["value"] else None
        if texts["value"] and pence is None:
            faults.append(Fault("not_money", f"{number}-value"))
        faults += too_long(texts["what"], WHAT_LIMIT, f"{number}-what")
        faults += too_long(texts["serial"], SERIAL_LIMIT, f"{number}-serial")
        items.append({"what": texts["what"], "value_pence": pence, "serial": texts["serial"]})
    if len(items) > question.limit:
        faults.append(Fault("too_many", "", {"limit": question.limit}))
    if faults:
        return Answer(None, tuple(faults))
    return Answer(items) if items else Answer()

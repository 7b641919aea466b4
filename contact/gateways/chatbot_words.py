"""The chatbot's words, as far as they lie beside the service: who answers for them, and whether anybody has read them.

The chatbot is another program, met over HTTP only; its files are read here for their reviews, as an inspector would.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml

from contact.domain.screen import DataReview

ROOM = Path(__file__).resolve().parents[2] / "chatbot"
FOLDERS = ("answers", "lines", "questions")


def reviews(room: Path = ROOM) -> tuple[DataReview, ...]:
    """One for each file of words, in order; none where the chatbot is not beside the service."""
    return tuple(
        _review(path, yaml.safe_load(path.read_text(encoding="utf-8")))
        for folder in FOLDERS
        for path in sorted((room / folder).glob("*.yml"))
    )


def unread_welsh(room: Path = ROOM) -> tuple[str, ...]:
    """The files whose Welsh no translator has read (engineering 20)."""
    return tuple(
        _name(path)
        for folder in FOLDERS
        for path in sorted((room / folder).glob("*.yml"))
        if not yaml.safe_load(path.read_text(encoding="utf-8")).get("welsh_read_by_translator")
    )


def out_of_date(day: dt.date, room: Path = ROOM) -> tuple[DataReview, ...]:
    """The files whose day of review has passed: their owners are to look; the chatbot gives no such answer."""
    found = []
    for folder in FOLDERS:
        for path in sorted((room / folder).glob("*.yml")):
            raw = yaml.safe_load(path.read_text(encoding="utf-8"))
            until = str(raw.get("review_by") or "")
            if until and dt.date.fromisoformat(until) < day:
                found.append(_review(path, raw))
    return tuple(found)


def _review(path: Path, found: dict[str, Any]) -> DataReview:
    """`reviewed` is null, or who and when: `Name, 2026-11-22`."""
    who, _, day = str(found.get("reviewed") or "").rpartition(",")
    owner = str(found.get("owner") or "nobody")
    return DataReview(_name(path), str(found.get("source") or ""), owner, who.strip() or None, day.strip() or None)


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"

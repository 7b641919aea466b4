"""What people choose to say of themselves: kept apart from every report, and told only in numbers that name nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from contact.domain.clocks import LONDON
from contact.store import equality

SMALLEST_TOLD = 5
"""A smaller number could point at somebody."""


def keep(session: Session, *, force_id: str, form_id: str, answers: Mapping[str, Any], now: dt.datetime) -> None:
    """Keep what was answered; nothing where nothing was."""
    given = {question: code for question, code in answers.items() if code}
    if given:
        month = now.astimezone(LONDON).date().replace(day=1)
        equality.add(session, force_id=force_id, form_id=form_id, month=month, answers=given)


def counts(session: Session, *, force_id: str, since: dt.date) -> dict[str, dict[str, int | None]]:
    """Question id to code to how often; None for fewer than SMALLEST_TOLD."""
    found = equality.count(session, force_id=force_id, since=since)
    return {
        question: {code: number if number >= SMALLEST_TOLD else None for code, number in sorted(codes.items())}
        for question, codes in sorted(found.items())
    }

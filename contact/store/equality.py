"""Equality answers: added by whoever gives them, read back only as counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from contact.store.models import EqualityAnswers

_ADD = "INSERT INTO equality_answers (id, force_id, form_id, month, answers) VALUES (%s, %s, %s, %s, %s)"


def add(session: Session, *, force_id: str, form_id: str, month: dt.date, answers: Mapping[str, Any]) -> None:
    """Keep one person's answers. The id tells no time, and no row is read back."""
    about = (uuid4(), force_id, form_id, month, Jsonb(dict(answers)))
    session.connection().exec_driver_sql(_ADD, about)


def count(session: Session, *, force_id: str, since: dt.date) -> dict[str, dict[str, int]]:
    """How often each answer was given: question id to code to number."""
    pair = sa.func.jsonb_each_text(EqualityAnswers.answers).table_valued("key", "value").render_derived()
    query = (
        sa.select(pair.c.key, pair.c.value, sa.func.count())
        .select_from(EqualityAnswers)
        .join(pair, sa.true())
        .where(EqualityAnswers.force_id == force_id, EqualityAnswers.month >= since)
        .group_by(pair.c.key, pair.c.value)
    )
    found: dict[str, dict[str, int]] = {}
    for key, value, number in session.execute(query):
        found.setdefault(key, {})[value] = number
    return found

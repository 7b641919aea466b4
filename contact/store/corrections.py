"""Conversations that a person has decided about, as examples to learn from: read by the system alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

_DECIDED = sa.text("""
SELECT c.id AS contact_id, v.channel, m.body AS text, d.category, d.grade, d.flags, d.at AS decided_at,
       p.category AS proposed_category, p.grade AS proposed_grade, p.flags AS proposed_flags,
       p.advise_999 AS proposed_advise_999, p.confidence, p.version, p.data_version,
       array_remove(ARRAY[r.given_name, r.surname, r.phone_e164, r.email, r.postcode, r.address], NULL)
       || coalesce((SELECT array_agg(x.words) || array_agg(x.value) FROM contact_facts x WHERE x.contact_id = c.id
                     AND x.kind IN ('name', 'phone', 'email', 'reference', 'registration', 'postcode')), '{}') AS known,
       coalesce((SELECT array_agg(x.words) FROM contact_facts x WHERE x.contact_id = c.id AND x.kind = 'person'), '{}')
       AS people
  FROM conversations v
  JOIN contacts c ON c.id = v.contact_id
  JOIN LATERAL (SELECT body FROM messages WHERE contact_id = c.id AND kind = 'inbound' ORDER BY position LIMIT 1) m
       ON true
  JOIN LATERAL (SELECT * FROM decisions WHERE contact_id = c.id ORDER BY at DESC, id DESC LIMIT 1) d ON true
  LEFT JOIN LATERAL (SELECT * FROM proposals WHERE contact_id = c.id AND at <= d.at ORDER BY at DESC, id DESC LIMIT 1) p
       ON true
  LEFT JOIN reporters r ON r.contact_id = c.id
 WHERE NOT c.restricted AND NOT c.source_apart AND c.disposed_at IS NULL
   AND (CAST(:since AS timestamptz) IS NULL OR d.at >= :since)
 ORDER BY d.at, c.id""")


@dataclass(frozen=True, slots=True)
class Decided:
    """The first message of a conversation, what stands decided, and what the machine had proposed until then.

    `known`: what we know of the person that may stand in the words; `people`: how they spoke of others.
    """

    contact_id: UUID
    channel: str
    text: str
    category: str
    grade: str
    flags: list[str]
    decided_at: dt.datetime
    proposed_category: str | None
    proposed_grade: str | None
    proposed_flags: list[str] | None
    proposed_advise_999: bool | None
    confidence: float | None
    version: str | None
    data_version: str | None
    known: list[str]
    people: list[str]


def list_decided(session: Session, *, since: dt.datetime | None) -> Iterator[Decided]:
    """Each such conversation by the time of its decision; never a restricted one or one whose source stands apart."""
    given: dict[str, Any] = {"since": since}
    for row in session.execute(_DECIDED, given, execution_options={"yield_per": 500}):
        yield Decided(**row._mapping)

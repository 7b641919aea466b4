"""Fills a queue: contacts and entries by the hundred thousand, spread over 40 forces, as plain rows."""

from __future__ import annotations

import psycopg

from contact.bench.stack import Stack

FORCES = 40
ONE_FORCE = "kent"

_FORCES = "SELECT array_agg(id ORDER BY id) FROM (SELECT id FROM forces WHERE territorial ORDER BY id LIMIT 40) AS f"
_CONTACTS = """
INSERT INTO contacts (id, reference, force_id, force_ids, channel, form_id, category, grade, state, flags, sensitive,
                      restricted, anonymous, language, safe_contact, received_at, retention_group, review_due)
SELECT gen_random_uuid(), 'B' || n, f, ARRAY[f], 'web', 'theft', 'theft', g, 'waiting', '{}', false, false, false,
       'en', '{}', now() - (n % 100000) * interval '1 second', 'group_3', date '2032-01-01'
  FROM (SELECT n, (%(forces)s::text[])[1 + n %% 40] AS f,
               CASE WHEN n %% 100 = 0 THEN 'emergency' WHEN n %% 10 = 0 THEN 'priority' ELSE 'standard' END AS g
          FROM generate_series(%(first)s::int, %(last)s::int) AS n) AS made"""
_ENTRIES = """
INSERT INTO queue_entries (id, contact_id, force_id, band, due_at, look_by, answer_by, state, restricted, reference,
                           category, grade, flags, channel, received_at, unread)
SELECT gen_random_uuid(), c.id, force_id, CASE grade WHEN 'emergency' THEN 0 ELSE 1 END,
       received_at + interval '1 hour', received_at + interval '1 hour', received_at + interval '1 day', 'waiting',
       false, reference, category, grade, flags, channel, received_at, false
  FROM contacts c
 WHERE reference LIKE 'B%%' AND NOT EXISTS (SELECT 1 FROM queue_entries e WHERE e.contact_id = c.id)"""


def bench_forces(stack: Stack) -> list[str]:
    """The forty forces; the one of the one-force agent is among them."""
    with stack.superuser() as connection:
        row = connection.execute(_FORCES).fetchone()
    found = list(row[0]) if row else []
    return found if ONE_FORCE in found else [ONE_FORCE, *found[1:]]


def waiting(stack: Stack, count: int) -> None:
    """Bring the number of filled, waiting contacts to `count`, and let the planner know."""
    forces = bench_forces(stack)
    with stack.superuser() as connection:
        there = connection.execute("SELECT count(*) FROM contacts WHERE reference LIKE 'B%'").fetchone()
        first = (there[0] if there else 0) + 1
        connection.execute(
            _CONTACTS.replace("n % 100000", "n %% 100000"), {"forces": forces, "first": first, "last": count}
        )
        connection.execute(_ENTRIES.replace("%%", "%"))
        _settle(connection)


def _settle(connection: psycopg.Connection) -> None:
    for table in ("contacts", "queue_entries", "drafts", "web_sessions"):
        connection.execute(f"VACUUM ANALYZE {table}")
    connection.execute("CHECKPOINT")

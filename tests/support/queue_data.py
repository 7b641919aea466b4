"""Forces, agents and many waiting contacts, put in behind the policies so that a test can begin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

import psycopg

from contact.domain import reference
from contact.domain.access import Actor, ActorKind, Role
from contact.store.identifiers import new_id
from tests.support.database import MigratedDatabase

_CONTACTS = """
INSERT INTO contacts (id, reference, force_id, force_ids, channel, form_id, category, grade, state, flags, sensitive,
  restricted, anonymous, language, safe_contact, received_at, retention_group, review_due)
SELECT id, reference, force_ids[1], force_ids, 'web', 'theft', category, grade, 'waiting', flags, false, restricted,
  false, 'en', '{"how": "online"}', received_at, 'standard', current_date + 2000 FROM seeds"""
_ENTRIES = """
INSERT INTO queue_entries (id, contact_id, force_id, band, due_at, look_by, answer_by, state, restricted, reference,
  category, grade, flags, channel, received_at, unread)
SELECT gen_random_uuid(), id, f, CASE grade WHEN 'emergency' THEN 0 ELSE 1 END, due_at, due_at,
  due_at + interval '1 day', 'waiting', restricted, reference, category, grade, flags, 'web', received_at, false
  FROM seeds, unnest(force_ids) f"""


class QueueData:
    """Writes as the superuser; answers ids. In bulk, references are `B` and a running number, not real ones."""

    def __init__(self, database: MigratedDatabase) -> None:
        self.url = database.superuser_url

    @classmethod
    def at(cls, superuser_url: str) -> QueueData:
        """The same behind a database that is not one of the fixtures'."""
        made = cls.__new__(cls)
        made.url = superuser_url
        return made

    def force(self, *force_ids: str) -> None:
        """Add forces that are missing."""
        with psycopg.connect(self.url) as connection:
            for force_id in force_ids:
                connection.execute(
                    "INSERT INTO forces (id, name, territorial, welsh, hours, nation)"
                    " VALUES (%s, %s, true, false, '{}', 'england-and-wales') ON CONFLICT DO NOTHING",
                    (force_id, force_id.replace("-", " ").title() + " Police"),
                )

    def agent(self, name: str, force_roles: Mapping[str, Role]) -> Actor:
        """Add an agent with one role a force; answers the actor they are."""
        agent_id = new_id()
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "INSERT INTO agents (id, name, email, failed_attempts, created_at) VALUES (%s, %s, %s, 0, now())",
                (agent_id, name, f"{agent_id}@example.org"),
            )
            for force_id, role in force_roles.items():
                connection.execute("INSERT INTO agent_forces VALUES (%s, %s, %s)", (agent_id, force_id, role.value))
        roles = {force_id: frozenset({role}) for force_id, role in force_roles.items()}
        return Actor(ActorKind.AGENT, agent_id=agent_id, force_roles=roles)

    def contact(
        self,
        *force_ids: str,
        due_at: dt.datetime,
        grade: str = "standard",
        category: str = "theft",
        flags: Sequence[str] = (),
        restricted: bool = False,
    ) -> UUID:
        """One waiting contact that stands with these forces; the first owns it."""
        contact_id = new_id()
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "CREATE TEMP TABLE seeds AS SELECT %s::uuid AS id, %s::text AS reference, %s::text[] AS force_ids,"
                " %s::text AS category, %s::text AS grade, %s::text[] AS flags, %s::boolean AS restricted,"
                " %s::timestamptz AS due_at, %s::timestamptz AS received_at",
                (contact_id, reference.new(), list(force_ids), category, grade, list(flags), restricted,
                 due_at, due_at - dt.timedelta(hours=1)),
            )  # fmt: skip
            connection.execute(_CONTACTS)
            connection.execute(_ENTRIES)
        return contact_id

    def contacts(self, count: int, *force_ids: str, first_due_at: dt.datetime) -> None:
        """Many waiting contacts spread evenly over the forces, due a second apart; one in two hundred an emergency."""
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "CREATE TEMP TABLE seeds AS SELECT gen_random_uuid() AS id, 'B' || to_char(i, 'FM0000000') AS reference"
                ","
                " ARRAY[(%(forces)s::text[])[1 + i %% %(n)s]] AS force_ids, 'theft'::text AS category,"
                " CASE WHEN i %% 200 = 0 THEN 'emergency' WHEN i %% 20 = 0 THEN 'priority' ELSE 'standard' END"
                " AS grade,"
                " CASE WHEN i %% 10 = 0 THEN ARRAY['child'] ELSE '{}' END AS flags, false AS restricted,"
                " %(due)s::timestamptz + i * interval '1 second' AS due_at,"
                " %(due)s::timestamptz + i * interval '1 second' - interval '1 hour' AS received_at"
                " FROM generate_series(0, %(count)s - 1) AS i",
                {"forces": list(force_ids), "n": len(force_ids), "due": first_due_at, "count": count},
            )
            connection.execute(_CONTACTS)
            connection.execute(_ENTRIES)
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE contacts")
            connection.execute("VACUUM ANALYZE queue_entries")

    def name_on(self, contact_id: UUID, agent: Actor) -> None:
        """Put an agent on the list of a restricted contact."""
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "INSERT INTO contact_access (contact_id, agent_id, reason, at) VALUES (%s, %s, 'test', now())",
                (contact_id, agent.agent_id),
            )

    def one(self, query: str, *given: object) -> tuple[object, ...]:
        """A row read behind the policies."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(query.encode(), given).fetchone()
            assert row is not None
            return row

    def run(self, statement: str, *given: object) -> None:
        """A change made behind the policies."""
        with psycopg.connect(self.url) as connection:
            connection.execute(statement.encode(), given)

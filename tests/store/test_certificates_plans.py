"""Pages of the register and the guns-first match cost the same with many certificates as with few: by their indexes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from contact.domain.access import Role
from contact.domain.licensing.matching import Probes
from contact.store import certificates
from tests.support.cases import NOW, Cases
from tests.support.database import MigratedDatabase

MANY = 8_000
_FILL = """
INSERT INTO certificates (id, force_id, kind, number, number_key, given_name, surname, born, address, postcode,
  phone_e164, email, language, reach, issued, expires, state, state_since, clock_runs, conditions, surname_key,
  name_key, household_key, address_key, copied_at)
SELECT gen_random_uuid(), :force, 'shotgun', 'SG-' || n, 'SG' || n, 'Given' || n, 'Surname' || n % 3000, '1970-01-01',
  n || ' Road', 'AB' || n % 3000, '+44' || n, n || '@mail.example', 'en', 'post', '2022-01-01',
  date '2026-12-01' + n % 1800, 'live', now(), true, '{}', 'surname' || n % 3000,
  'given' || n || ' surname' || n % 3000, 'surname' || n % 3000 || ' AB' || n % 3000, n || ' AB' || n % 3000, now()
  FROM generate_series(1, :many) n"""
_GUNS = """
INSERT INTO firearms (id, certificate_id, force_id, position, type, action, calibre, make, make_key, serial, serial_key,
  state, state_since, also_registered)
SELECT gen_random_uuid(), id, force_id, 1, 'shotgun', '', '12', 'AYA', 'AYA', number_key, number_key, 'held', now(),
  false FROM certificates"""


@pytest.fixture
def cases(fresh_database: MigratedDatabase) -> Iterator[Cases]:
    """A database of its own, with many certificates of two forces."""
    made = Cases(fresh_database)
    with made.system.begin() as session:
        for force in (made.north, made.south):
            session.execute(sa.text(_FILL), {"force": force, "many": MANY})
        session.execute(sa.text(_GUNS))
    engine = sa.create_engine(fresh_database.superuser_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))
    engine.dispose()
    yield made
    made.dispose()


def buffers(connection: Connection, statement: Any, given: Any) -> int:  # noqa: ANN401 - whatever the store executed
    """How many pages of the database a statement touches, as contact_web and under its policies."""
    plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", given).scalar_one()
    return int(plan[0]["Plan"]["Shared Hit Blocks"]) + int(plan[0]["Plan"]["Shared Read Blocks"])


def touched(cases: Cases, work: str) -> list[int]:
    """Pages touched by each statement of one piece of work of an officer of `north`."""
    officer = cases.agent(Role.LICENSING_OFFICER, Role.CALL_HANDLER)
    report = cases.report()
    said: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, statement: str, given: Any, _x: Any, _m: Any) -> None:  # noqa: ANN401
        said.append((statement, given))

    with cases.acting(officer.actor) as session:
        connection = session.connection()
        sa.event.listen(connection.engine, "before_cursor_execute", listen)
        try:
            if work == "page":
                certificates.page(session, force_ids=[cases.north], since=NOW.date())
            elif work == "match":
                probes = Probes(
                    names=frozenset(f"given{n} surname{n}" for n in range(20)),
                    phones=frozenset({"+4477"}),
                    addresses=frozenset({"9 AB9"}),
                    households=frozenset({"surname9 AB9"}),
                    postcodes=frozenset({"AB9"}),
                )
                certificates.match(session, contact_id=report.contact_id, probes=probes)
            else:
                certificates.search(session, typed=work, force_ids=[cases.north])
        finally:
            sa.event.remove(connection.engine, "before_cursor_execute", listen)
        return [buffers(connection, *each) for each in said]


def test_no_work_of_the_register_reads_the_table(cases: Cases) -> None:
    """Each statement touches far fewer pages than the table has, however it was planned."""
    with cases.system() as session:
        whole = session.execute(sa.text("SELECT relpages FROM pg_class WHERE relname = 'certificates'")).scalar_one()
    done = {work: max(touched(cases, work)) for work in ("page", "match", "SG-77", "Surname7", "Given7 Surname7")}
    assert {work: pages for work, pages in done.items() if pages > whole * 2 / 3} == {}
    assert done["page"] < 150

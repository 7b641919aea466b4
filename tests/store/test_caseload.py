"""A page of the caseload is what sorting every row would give, and reads little more than it shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

from contact.domain.access import Actor, ActorKind, Role
from contact.store import caseload
from contact.store.caseload import Cursor, View
from tests.support.cases import NOW, Cases
from tests.support.database import MigratedDatabase

_CONTACTS = """
INSERT INTO contacts (id, reference, force_id, force_ids, channel, form_id, category, grade, state, desk, flags,
                      sensitive, restricted, anonymous, language, safe_contact, received_at, retention_group,
                      review_due)
SELECT gen_random_uuid(), %(mark)s || n, %(force)s, ARRAY[%(force)s], 'web', 'firearms-certificate',
       'firearms_licensing', 'standard', 'with_licensing', 'licensing', '{}', false, false, false, 'en', '{}',
       %(now)s, 'group_3', date '2037-01-01'
  FROM generate_series(1, %(many)s) n"""
_APPLICATIONS = """
INSERT INTO applications (contact_id, force_id, kind, licence, nation, state, state_since, declared_at, collect_at,
                          payment, unread, waiting_for, waiting_since, next_due)
SELECT id, force_id, 'renewal', 'shotgun', 'england-and-wales',
       (ARRAY['submitted', 'awaiting_payment', 'submitted', 'checks'])[1 + n % 4], received_at,
       received_at - (n * 7919 % %(times)s) * interval '1 minute', 'decision', 'not_due', n % 3 = 0,
       CASE WHEN n % 5 = 0 THEN 'doctor' END, CASE WHEN n % 5 = 0 THEN received_at - (n % 9) * interval '1 day' END,
       CASE WHEN n % 2 = 0 THEN date '2026-12-01' + n % 30 END
  FROM (SELECT c.*, substr(reference, length(%(mark)s) + 1)::int AS n
          FROM contacts c WHERE force_id = %(force)s) made"""


@pytest.fixture
def cases(fresh_database: MigratedDatabase) -> Iterator[Cases]:
    """A database of its own."""
    made = Cases(fresh_database)
    yield made
    made.dispose()


def _fill(database: MigratedDatabase, force_id: str, many: int, *, times: int = 40) -> None:
    given = {"force": force_id, "many": many, "mark": f"{force_id.upper()}-", "now": NOW, "times": times}
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute(_CONTACTS, given)
        connection.execute(_APPLICATIONS.replace(" % ", " %% "), given)
        connection.execute("VACUUM ANALYZE applications")
        connection.execute("VACUUM ANALYZE contacts")


def _officer(cases: Cases, *force_ids: str) -> Actor:
    person = cases.agent(Role.LICENSING_OFFICER, force=force_ids[0])
    roles = dict.fromkeys(force_ids, frozenset({Role.LICENSING_OFFICER}))
    return Actor(ActorKind.AGENT, agent_id=person.id, force_roles=roles)


def _all(cases: Cases, officer: Actor, view: View) -> list[tuple[Any, UUID]]:
    """(what the list is ordered by, id) of every row, page after page."""
    found: list[tuple[Any, UUID]] = []
    after: Cursor | None = None
    order = {View.AWAITING: "waiting_since", View.EXPIRING: "next_due"}.get(view, "declared_at")
    while True:
        with cases.acting(officer) as session:
            assert officer.agent_id is not None
            page = caseload.page(
                session, view=view, force_ids=officer.licensing_forces, agent_id=officer.agent_id, after=after
            )
        found += [(getattr(row, order), row.contact_id) for row in page.rows]
        after = page.after
        if after is None:
            return found


@pytest.mark.parametrize("view", [View.NEW, View.IN_HAND, View.AWAITING, View.EXPIRING, View.MESSAGES])
def test_pages_of_two_forces_are_all_rows_in_order(cases: Cases, fresh_database: MigratedDatabase, view: View) -> None:
    """Also where one force has nearly all of them, and where many rows share their time."""
    _fill(fresh_database, cases.north, 130)
    _fill(fresh_database, cases.south, 11)
    both = _all(cases, _officer(cases, cases.north, cases.south), view)
    single = _all(cases, _officer(cases, cases.north), view) + _all(cases, _officer(cases, cases.south), view)
    assert len(both) > 25
    assert both == sorted(single)


def test_what_lies_behind_the_page_is_not_read(cases: Cases, fresh_database: MigratedDatabase) -> None:
    """Each row read is asked of the policies: two forces' two lists give little more than the one page between them."""
    officer = _officer(cases, cases.north, cases.south)
    for force_id in (cases.north, cases.south):
        _fill(fresh_database, force_id, 400, times=400)
    scans = [each for each in _nodes(_plan(cases, officer)) if each.get("Index Name") == "ix_applications_caseload"]
    assert len(scans) == 2
    assert sum(each["Actual Rows"] * each["Actual Loops"] for each in scans) < 3 * caseload.PAGE


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)


def _plan(cases: Cases, officer: Actor) -> dict[str, Any]:
    said: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, statement: str, given: Any, _x: Any, _m: Any) -> None:  # noqa: ANN401
        said.append((statement, given))

    with cases.acting(officer) as session:
        connection = session.connection()
        sa.event.listen(connection.engine, "before_cursor_execute", listen)
        try:
            assert officer.agent_id is not None
            caseload.page(session, view=View.NEW, force_ids=officer.licensing_forces, agent_id=officer.agent_id)
        finally:
            sa.event.remove(connection.engine, "before_cursor_execute", listen)
        statement, given = said[-1]
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        found = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", given).scalar_one()
        plan: dict[str, Any] = found[0]["Plan"]
        return plan

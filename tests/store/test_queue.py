"""The queue's pages: the plain order, whatever the forces, by index at any depth, and nothing an agent may not see."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contact.domain.access import Actor, Role
from contact.store import leases, queue
from contact.store.engine import make_engine, make_sessions
from contact.store.queue import Bands, Cursor, View
from tests.support.database import Cluster, MigratedDatabase
from tests.support.queue_data import QueueData

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
FORCES = ("avon", "essex", "kent")


@pytest.fixture(scope="module")
def own(cluster: Cluster) -> Iterator[MigratedDatabase]:
    """A database of this file's own: its tables are emptied and filled with thousands of rows."""
    with cluster.clone("queue") as made:
        yield made


@pytest.fixture(scope="module")
def data(own: MigratedDatabase) -> QueueData:
    made = QueueData(own)
    made.force(*FORCES)
    return made


@pytest.fixture(scope="module")
def web(own: MigratedDatabase) -> Iterator[sa.Engine]:
    made = make_engine(own.web_url)
    yield made
    made.dispose()


def _handler(data: QueueData, *forces: str) -> Actor:
    return data.agent("Handler", dict.fromkeys(forces, Role.CALL_HANDLER))


def _walk(web: sa.Engine, agent: Actor, view: View = View.WAITING) -> list[str]:
    """Every page to the end; contact ids in order."""
    found, after = [], None
    with make_sessions(web, agent)() as session:
        while True:
            page = queue.page(session, view=view, force_ids=agent.contact_forces, agent_id=agent.agent_id, after=after)
            assert len(page.rows) <= queue.PAGE_SIZE
            found += [str(row.id) for row in page.rows]
            if page.after is None:
                return found
            after = Cursor.read(str(page.after))


CONTACTS = st.lists(
    st.tuples(
        st.sampled_from(FORCES),
        st.integers(0, 3),
        st.sampled_from(["emergency", "standard"]),
        st.booleans(),
        st.sampled_from(["waiting", "with_bot", "snoozed", "closed"]),
    ),
    max_size=70,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CONTACTS, st.sets(st.sampled_from(FORCES), min_size=1))
def test_pages_are_the_plain_order_cut_in_pieces(
    data: QueueData, web: sa.Engine, contacts: list[tuple[str, int, str, bool, str]], mine: set[str]
) -> None:
    data.run("TRUNCATE contacts CASCADE")
    for force_id, minutes, grade, restricted, state in contacts:
        due_at = NOW + dt.timedelta(minutes=minutes)
        contact_id = data.contact(force_id, due_at=due_at, grade=grade, restricted=restricted)
        data.run(
            "UPDATE queue_entries SET state = %s, snoozed_until = CASE WHEN %s = 'snoozed' THEN due_at END"
            " WHERE contact_id = %s", state, state, contact_id,
        )  # fmt: skip
    in_work_order = ((view, "band, due_at, id") for view in (View.WAITING, View.WITH_BOT))
    for view, order in (*in_work_order, (View.SNOOZED, "snoozed_until, id")):
        plain = data.one(
            f"SELECT coalesce(array_agg(id::text ORDER BY {order}), '{{}}') FROM queue_entries WHERE state = %s"
            " AND force_id = ANY (%s) AND NOT restricted",
            view.value, sorted(mine),
        )[0]  # fmt: skip
        assert _walk(web, _handler(data, *mine), view) == plain


def _plan(web: sa.Engine, agent: Actor, statement: sa.TextClause, given: dict[str, object]) -> list[str]:
    with make_sessions(web, agent)() as session:
        explain = sa.text("EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) " + statement.text)
        lines = [row[0] for row in session.execute(explain, given)]
        session.rollback()
        return lines


@pytest.mark.parametrize("depth", [0, 4000])
@pytest.mark.parametrize("forces", [FORCES[:1], FORCES])
@pytest.mark.parametrize("view", [View.WAITING, View.WITH_BOT])
def test_scenario_24_a_page_reads_a_few_rows_of_the_index_in_order(
    data: QueueData, web: sa.Engine, depth: int, forces: tuple[str, ...], view: View
) -> None:
    data.run("TRUNCATE contacts CASCADE")
    data.contacts(6000, *FORCES, first_due_at=NOW)
    if view is View.WITH_BOT:
        data.run("UPDATE queue_entries SET state = 'with_bot'")
        data.run("ANALYZE queue_entries")
    agent = _handler(data, *forces)
    cursor = Cursor(1, NOW + dt.timedelta(seconds=depth), UUID(int=0))
    given: dict[str, object] = {
        "forces": list(forces), "band": cursor.band, "at": cursor.at, "id": cursor.entry_id,
    }  # fmt: skip
    plan = _plan(web, agent, queue._PAGES[view], given)
    scan = next(line for line in plan if f"ix_queue_entries_{view.value}" in line)
    assert "Index Scan" in scan
    assert "Bitmap" not in scan
    read = float(scan.split("rows=")[1].split()[0])
    assert read <= queue.PAGE_SIZE + 1
    assert not any("Seq Scan on queue_entries" in line or "Seq Scan on contacts" in line for line in plan)


def _named(statement: bytes) -> sa.TextClause:
    """The driver's `%(name)s` as SQLAlchemy's `:name`."""
    text = re.sub(r"%\((\w+)\)s::text\[\]", r"CAST(:\1 AS text[])", statement.decode())
    return sa.text(re.sub(r"%\((\w+)\)s", r":\1", text))


@pytest.mark.parametrize("bands", list(Bands))
def test_scenario_24_a_claim_reads_few_rows_of_the_index_in_order(
    data: QueueData, web: sa.Engine, bands: Bands
) -> None:
    data.run("TRUNCATE contacts CASCADE")
    data.contacts(6000, *FORCES, first_due_at=NOW)
    agent = _handler(data, *FORCES)
    given: dict[str, object] = {
        "forces": list(FORCES), "agent": agent.agent_id, "kind": "live", "emergency_until": NOW, "until": NOW,
    }  # fmt: skip
    plan = _plan(web, agent, _named(queue._claim(bands, 16)), given)
    scan = next(line for line in plan if "ix_queue_entries_waiting" in line)
    assert float(scan.split("rows=")[1].split()[0]) <= 16
    assert not any("Seq Scan on queue_entries" in line or "Seq Scan on contacts" in line for line in plan)


def test_mine_shows_a_contact_of_two_forces_once(data: QueueData, web: sa.Engine) -> None:
    data.run("TRUNCATE contacts CASCADE")
    agent = _handler(data, "avon", "kent")
    contact_id = data.contact("avon", "kent", due_at=NOW)
    data.run(
        "UPDATE queue_entries SET state = 'held', holder_id = %s, lease_kind = 'live', lease_ends_at = now()"
        " WHERE contact_id = %s", agent.agent_id, contact_id,
    )  # fmt: skip
    with make_sessions(web, agent)() as session:
        page = queue.page(session, view=View.MINE, force_ids=agent.contact_forces, agent_id=agent.agent_id)
        assert [(row.contact_id, row.holder_name) for row in page.rows] == [(contact_id, "Handler")]


def test_emergencies_are_counted_to_a_hundred_a_force(data: QueueData, web: sa.Engine) -> None:
    data.run("TRUNCATE contacts CASCADE")
    agent = _handler(data, "avon")
    for grade in ("emergency", "emergency", "priority"):
        data.contact("avon", due_at=NOW, grade=grade)
    data.contact("kent", due_at=NOW, grade="emergency")
    with make_sessions(web, agent)() as session:
        assert queue.emergencies_waiting(session, force_ids=agent.contact_forces) == 2


@pytest.mark.parametrize("text", ["", "1", "1.x.y", "1.5", "1.-9999999999999999999999.00", "a.b.c.d"])
def test_what_is_no_cursor_is_none(text: str) -> None:
    assert Cursor.read(text) is None


def test_scenario_24_states_with_an_index_of_their_own_stand_in_the_text(data: QueueData, web: sa.Engine) -> None:
    """As a parameter the state would keep a prepared plan from its partial index: 7 ms a page at 100,000 waiting."""
    said: list[str] = []
    sa.event.listen(web, "before_cursor_execute", lambda *given: said.append(given[2]))
    with make_sessions(web, _handler(data, *FORCES))() as session:
        queue.count_held(session, agent_id=UUID(int=1))
        leases.list_expired(session, now=NOW)
        leases.list_awake(session, now=NOW)
    states = [re.search(r"state = '(\w+)'", statement) for statement in said if "queue_entries" in statement]
    assert [found and found[1] for found in states] == ["held", "held", "snoozed"]

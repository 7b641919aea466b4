"""Scenarios 7 and 8: however many ask at once, each contact has one winner and the order is kept."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.access import Actor, Role
from contact.domain.errors import (
    AtCapacity,
    ContactAlreadyTaken,
    EmergencyNeedsLivePage,
    NotFound,
    NothingWaiting,
)
from contact.domain.queueing import CAPACITY, LeaseKind
from contact.services import control_room
from contact.store import triage
from contact.store.engine import make_engine, make_sessions
from contact.store.queue import Claimed
from tests.support.database import MigratedDatabase
from tests.support.queue_data import QueueData

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
LIVE, PAGE = LeaseKind.LIVE, LeaseKind.PAGE


@pytest.fixture
def data(fresh_database: MigratedDatabase) -> QueueData:
    made = QueueData(fresh_database)
    made.force("avon", "kent")
    return made


@pytest.fixture
def engine(fresh_database: MigratedDatabase) -> Iterator[sa.Engine]:
    made = make_engine(fresh_database.web_url, pool_size=50)
    yield made
    made.dispose()


def _minutes(count: int) -> dt.datetime:
    return NOW + dt.timedelta(minutes=count)


def _together(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Run all at the same moment, each in a thread and a connection of its own; answers results and errors."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)  # type: tuple[threading.Barrier, list[object]]

    def one(place: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            results[place] = act()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _claiming(
    engine: sa.Engine, agent: Actor, contact_id: UUID | None, kind: LeaseKind = LIVE
) -> Callable[[], Claimed]:
    def act() -> Claimed:
        with make_sessions(engine, agent).begin() as session:
            if contact_id is None:
                return control_room.claim_next(session, agent=agent, kind=kind, now=NOW)
            return control_room.claim(session, agent=agent, contact_id=contact_id, kind=kind, now=NOW)

    return act


def _handlers(data: QueueData, count: int, *forces: str) -> list[Actor]:
    return [data.agent(f"Handler {number}", dict.fromkeys(forces, Role.CALL_HANDLER)) for number in range(count)]


def test_scenario_8_forty_races_for_one_contact(data: QueueData, engine: sa.Engine) -> None:
    agents = _handlers(data, 2, "avon")
    for _ in range(40):
        contact_id = data.contact("avon", due_at=NOW)
        results = _together([_claiming(engine, agent, contact_id) for agent in agents])
        winners = [place for place, result in enumerate(results) if isinstance(result, Claimed)]
        assert len(winners) == 1
        refusal = results[1 - winners[0]]
        assert isinstance(refusal, ContactAlreadyTaken)
        assert refusal.holder_id == agents[winners[0]].agent_id
        assert refusal.holder_name == f"Handler {winners[0]}"
        held = data.one("SELECT state, holder_id FROM queue_entries WHERE contact_id = %s", contact_id)
        assert held == ("held", agents[winners[0]].agent_id)
        assert data.one("SELECT count(*) FROM events WHERE contact_id = %s AND name = 'claimed'", contact_id) == (1,)
        data.run("UPDATE queue_entries SET state = 'closed', holder_id = NULL, lease_ends_at = NULL, lease_kind = NULL")


def test_forty_races_for_the_only_one_waiting(data: QueueData, engine: sa.Engine) -> None:
    agents = _handlers(data, 2, "avon")
    for _ in range(40):
        data.contact("avon", due_at=NOW)
        results = _together([_claiming(engine, agent, None) for agent in agents])
        assert sorted(type(result).__name__ for result in results) == ["Claimed", "NothingWaiting"]
        data.run("UPDATE queue_entries SET state = 'closed', holder_id = NULL, lease_ends_at = NULL, lease_kind = NULL")


def test_scenario_7_fifty_agents_on_fifty_contacts(data: QueueData, engine: sa.Engine) -> None:
    agents = _handlers(data, 50, "avon", "kent")
    first = {data.contact(("avon", "kent")[number % 2], due_at=_minutes(number)) for number in range(48)}
    first |= {data.contact("kent", due_at=_minutes(900 + number), grade="emergency") for number in range(2)}
    for number in range(10):
        data.contact("avon", due_at=_minutes(500 + number))
    results = _together([_claiming(engine, agent, None) for agent in agents])
    assert {result.contact_id for result in results if isinstance(result, Claimed)} == first
    assert data.one("SELECT count(*), count(DISTINCT agent_id) FROM events WHERE name = 'claimed'") == (50, 50)


def test_order_is_emergencies_then_due_time(data: QueueData, engine: sa.Engine) -> None:
    (agent,) = _handlers(data, 1, "avon", "kent")
    late = data.contact("avon", due_at=_minutes(30))
    soon = data.contact("kent", due_at=_minutes(10), grade="priority")
    danger = data.contact("avon", due_at=_minutes(60), grade="emergency")
    taken = [_claiming(engine, agent, None)().contact_id for _ in range(3)]
    assert taken == [danger, soon, late]
    with pytest.raises(NothingWaiting):
        _claiming(engine, agent, None)()


def test_one_agent_in_many_tabs_stays_within_capacity(data: QueueData, engine: sa.Engine) -> None:
    (agent,) = _handlers(data, 1, "avon")
    for number in range(CAPACITY + 5):
        data.contact("avon", due_at=_minutes(number))
    results = _together([_claiming(engine, agent, None) for _ in range(CAPACITY + 5)])
    assert sum(isinstance(result, Claimed) for result in results) == CAPACITY
    assert all(isinstance(result, Claimed | AtCapacity) for result in results)
    danger = data.contact("avon", due_at=_minutes(99), grade="emergency")
    assert _claiming(engine, agent, None)().contact_id == danger


def test_a_restricted_contact_is_for_those_named(data: QueueData, engine: sa.Engine) -> None:
    named, other = _handlers(data, 2, "avon")
    kept_close = data.contact("avon", due_at=_minutes(1), restricted=True)
    data.name_on(kept_close, named)
    with pytest.raises(NothingWaiting):
        _claiming(engine, other, None)()
    with pytest.raises(NotFound):
        _claiming(engine, other, kept_close)()
    assert _claiming(engine, named, None)().contact_id == kept_close


def test_other_forces_and_other_roles_get_nothing(data: QueueData, engine: sa.Engine) -> None:
    contact_id = data.contact("avon", due_at=NOW)
    for agent in (*_handlers(data, 1, "kent"), data.agent("Admin", {"avon": Role.FORCE_ADMIN})):
        with pytest.raises(NothingWaiting):
            _claiming(engine, agent, None)()
        with pytest.raises(NotFound):
            _claiming(engine, agent, contact_id)()


def test_a_page_without_javascript_holds_no_emergency(data: QueueData, engine: sa.Engine) -> None:
    (agent,) = _handlers(data, 1, "avon")
    danger = data.contact("avon", due_at=_minutes(1), grade="emergency")
    other = data.contact("avon", due_at=_minutes(2))
    assert _claiming(engine, agent, None, PAGE)().contact_id == other
    with pytest.raises(EmergencyNeedsLivePage):
        _claiming(engine, agent, danger, PAGE)()
    assert data.one("SELECT state FROM queue_entries WHERE contact_id = %s", danger) == ("waiting",)


def test_one_claim_holds_the_contact_for_every_force(data: QueueData, engine: sa.Engine) -> None:
    (avon,), (kent,) = _handlers(data, 1, "avon"), _handlers(data, 1, "kent")
    contact_id = data.contact("avon", "kent", due_at=NOW)
    _claiming(engine, avon, contact_id)()
    with pytest.raises(ContactAlreadyTaken) as refused:
        _claiming(engine, kent, contact_id)()
    assert refused.value.holder_id == avon.agent_id
    with pytest.raises(NothingWaiting):
        _claiming(engine, kent, None)()
    told = "SELECT array_agg(force_id ORDER BY force_id) FROM events WHERE contact_id = %s AND name = 'claimed'"
    assert data.one(told, contact_id) == (["avon", "kent"],)


@pytest.mark.parametrize("chosen", [True, False])
def test_claiming_an_offer_accepts_the_transfer(data: QueueData, engine: sa.Engine, chosen: bool) -> None:
    (avon,), (kent,) = _handlers(data, 1, "avon"), _handlers(data, 1, "kent")
    contact_id = data.contact("avon", due_at=NOW)
    _claiming(engine, avon, contact_id)()
    with make_sessions(engine, avon).begin() as session:
        triage.offer(
            session, contact_id=contact_id, from_force_id="avon", to_force_id="kent", reason="wrong_force",
            agent_id=avon.agent_id or contact_id, now=NOW,
        )  # fmt: skip
        control_room.renew(session, agent=avon, contact_id=contact_id, now=NOW)
    claimed = _claiming(engine, kent, contact_id if chosen else None)()
    assert claimed.force_id == "kent"
    entries = "SELECT array_agg(force_id || ' ' || state ORDER BY force_id) FROM queue_entries WHERE contact_id = %s"
    assert data.one(entries, contact_id) == (["avon closed", "kent held"],)
    assert data.one("SELECT force_id, holder_id FROM contacts WHERE id = %s", contact_id) == ("kent", kent.agent_id)
    assert data.one("SELECT count(*) FROM events WHERE name = 'transfer_accepted'") == (2,)


def test_a_killed_claim_leaves_nothing(data: QueueData, engine: sa.Engine) -> None:
    first, second = _handlers(data, 2, "avon")
    contact_id = data.contact("avon", due_at=NOW)
    session: Session = make_sessions(engine, first)()
    control_room.claim_next(session, agent=first, kind=LIVE, now=NOW)
    pid = session.scalar(sa.text("SELECT pg_backend_pid()"))
    data.one("SELECT pg_terminate_backend(%s)", pid)
    session.invalidate()
    assert _claiming(engine, second, None)().contact_id == contact_id
    assert data.one("SELECT count(*) FROM events WHERE name = 'claimed'") == (1,)

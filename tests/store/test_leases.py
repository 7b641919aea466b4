"""Scenarios 9 to 11 and practice 3: leases end and give back, and nobody lets go of danger without telling someone."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa

from contact.domain.access import SYSTEM, Actor, Role
from contact.domain.errors import LeaseLost, MoveNotAllowed, NotYours, ReasonNeeded, ReleaseNeedsLogNumber
from contact.domain.queueing import CAPACITY, LeaseKind
from contact.services import control_room, holding
from contact.services.letting_go import CloseReason, ReleaseReason, SnoozeReason
from contact.store.engine import make_engine, make_sessions
from contact.store.identifiers import new_id
from tests.support.database import MigratedDatabase
from tests.support.queue_data import QueueData

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
LIVE = LeaseKind.LIVE


@pytest.fixture
def data(fresh_database: MigratedDatabase) -> QueueData:
    made = QueueData(fresh_database)
    made.force("avon", "kent")
    return made


@pytest.fixture
def web(fresh_database: MigratedDatabase) -> Iterator[sa.Engine]:
    made = make_engine(fresh_database.web_url)
    yield made
    made.dispose()


@pytest.fixture
def worker(fresh_database: MigratedDatabase) -> Iterator[sa.Engine]:
    made = make_engine(fresh_database.worker_url)
    yield made
    made.dispose()


@pytest.fixture
def agent(data: QueueData) -> Actor:
    return data.agent("Handler", {"avon": Role.CALL_HANDLER})


def _after(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


def _claim(web: sa.Engine, agent: Actor, contact_id: UUID, kind: LeaseKind = LIVE, now: dt.datetime = NOW) -> None:
    with make_sessions(web, agent).begin() as session:
        control_room.claim(session, agent=agent, contact_id=contact_id, kind=kind, now=now)


def _sweep(worker: sa.Engine, now: dt.datetime) -> int:
    with make_sessions(worker, SYSTEM).begin() as session:
        return control_room.end_expired_leases(session, now=now)


def _states(data: QueueData, contact_id: UUID) -> list[str]:
    query = "SELECT array_agg(force_id || ' ' || state ORDER BY force_id) FROM queue_entries WHERE contact_id = %s"
    found = data.one(query, contact_id)[0]
    assert isinstance(found, list)
    return found


def _log(data: QueueData, contact_id: UUID, agent: Actor, logged_at: dt.datetime) -> None:
    data.run(
        "INSERT INTO incident_logs (id, contact_id, number, logged_at, told_who, agent_id, at)"
        " VALUES (%s, %s, '245-21NOV', %s, 'Inspector Bell', %s, now())",
        new_id(), contact_id, logged_at, agent.agent_id,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("grade", "kind", "holds", "ends"),
    [("emergency", LIVE, 19, 20), ("standard", LIVE, 89, 90), ("priority", LeaseKind.PAGE, 899, 900)],
)
def test_scenario_9_a_silent_holder_loses_it_at_its_place(
    data: QueueData, web: sa.Engine, worker: sa.Engine, agent: Actor, grade: str, kind: LeaseKind, holds: int, ends: int
) -> None:
    contact_id = data.contact("avon", "kent", due_at=NOW, grade=grade)
    place = "SELECT array_agg((band, due_at, id)::text ORDER BY force_id) FROM queue_entries WHERE contact_id = %s"
    before = data.one(place, contact_id)
    _claim(web, agent, contact_id, kind)
    if kind is LIVE:
        with make_sessions(web, agent).begin() as session:
            control_room.renew(session, agent=agent, contact_id=contact_id, now=NOW)
    assert _sweep(worker, _after(holds)) == 0
    assert _states(data, contact_id) == ["avon held", "kent held"]
    assert _sweep(worker, _after(ends)) == 1
    assert _states(data, contact_id) == ["avon waiting", "kent waiting"]
    assert data.one(place, contact_id) == before
    ended = "SELECT data->>'holder_id', data->>'lease_kind' FROM events WHERE contact_id = %s AND name = 'lease_ended'"
    assert data.one(ended + " AND force_id = 'avon'", contact_id) == (str(agent.agent_id), kind.value)
    assert data.one("SELECT holder_id, state FROM contacts WHERE id = %s", contact_id) == (None, "waiting")
    assert _sweep(worker, _after(ends)) == 0


def test_each_heartbeat_begins_the_lease_anew(data: QueueData, web: sa.Engine, agent: Actor) -> None:
    contact_id = data.contact("avon", "kent", due_at=NOW)
    _claim(web, agent, contact_id)
    with make_sessions(web, agent).begin() as session:
        assert control_room.renew(session, agent=agent, contact_id=contact_id, now=_after(80)) == _after(170)
    ends = "SELECT count(DISTINCT lease_ends_at), max(lease_ends_at) FROM queue_entries WHERE contact_id = %s"
    assert data.one(ends, contact_id) == (1, _after(170))
    with make_sessions(web, agent)() as session, pytest.raises(LeaseLost):
        control_room.renew(session, agent=agent, contact_id=contact_id, now=_after(170))


def test_whatever_the_holder_does_renews_the_lease(data: QueueData, web: sa.Engine, agent: Actor) -> None:
    contact_id = data.contact("avon", "kent", due_at=NOW)
    _claim(web, agent, contact_id)
    with make_sessions(web, agent).begin() as session:
        holding.lock_held(session, contact_id=contact_id, agent_id=agent.agent_id or contact_id, now=_after(60))
    ends = "SELECT count(DISTINCT lease_ends_at), max(lease_ends_at) FROM queue_entries WHERE contact_id = %s"
    assert data.one(ends, contact_id) == (1, _after(150))


def test_an_ended_lease_is_noticed_without_the_worker(data: QueueData, web: sa.Engine, agent: Actor) -> None:
    other = data.agent("Other", {"avon": Role.CALL_HANDLER})
    contact_id = data.contact("avon", due_at=NOW)
    _claim(web, agent, contact_id)
    with make_sessions(web, other).begin() as session:
        claimed = control_room.claim_next(session, agent=other, kind=LIVE, now=_after(91))
    assert claimed.contact_id == contact_id
    with make_sessions(web, agent)() as session, pytest.raises(LeaseLost) as lost:
        control_room.renew(session, agent=agent, contact_id=contact_id, now=_after(92))
    assert lost.value.holder_name == "Other"


def test_one_key_takes_it_back_unless_somebody_has_it(
    data: QueueData, web: sa.Engine, worker: sa.Engine, agent: Actor
) -> None:
    contact_id = data.contact("avon", due_at=NOW)
    _claim(web, agent, contact_id)
    _sweep(worker, _after(100))
    with make_sessions(web, agent).begin() as session:
        control_room.keep(session, agent=agent, contact_id=contact_id, kind=LIVE, now=_after(101))
    kept = "SELECT data->>'taken_back' FROM events WHERE contact_id = %s AND name = 'kept'"
    assert data.one(kept, contact_id) == ("true",)
    _sweep(worker, _after(200))
    other = data.agent("Other", {"avon": Role.CALL_HANDLER})
    _claim(web, other, contact_id, now=_after(201))
    with make_sessions(web, agent)() as session, pytest.raises(LeaseLost) as lost:
        control_room.keep(session, agent=agent, contact_id=contact_id, kind=LIVE, now=_after(202))
    assert lost.value.holder_name == "Other"


def test_a_late_heartbeat_and_the_sweep_never_both_win(
    data: QueueData, web: sa.Engine, worker: sa.Engine, agent: Actor
) -> None:
    for _ in range(20):
        contact_id = data.contact("avon", due_at=NOW)
        _claim(web, agent, contact_id)
        gate = threading.Barrier(2)
        renewed: list[bool] = []

        def beat(contact: UUID = contact_id, gate: threading.Barrier = gate, said: list[bool] = renewed) -> None:
            gate.wait()
            with make_sessions(web, agent).begin() as session:
                control_room.renew(session, agent=agent, contact_id=contact, now=_after(89.9))
                said.append(True)

        thread = threading.Thread(target=_quietly, args=(beat,))
        thread.start()
        gate.wait()
        swept = _sweep(worker, _after(90))
        thread.join()
        assert swept + len(renewed) == 1 or (swept == 0 and renewed)
        state = data.one("SELECT state, (holder_id IS NULL) FROM queue_entries WHERE contact_id = %s", contact_id)
        assert state == (("waiting", True) if swept else ("held", False))
        data.run("UPDATE queue_entries SET state = 'closed', holder_id = NULL, lease_ends_at = NULL, lease_kind = NULL")


def _quietly(act: Callable[[], None]) -> None:
    with contextlib.suppress(LeaseLost):
        act()


def test_the_first_heartbeat_says_that_it_was_opened(data: QueueData, web: sa.Engine, agent: Actor) -> None:
    contact_id = data.contact("avon", due_at=NOW, grade="emergency")
    _claim(web, agent, contact_id)
    looked = "SELECT looked_at FROM queue_entries WHERE contact_id = %s"
    assert data.one(looked, contact_id) == (None,)
    for seconds in (1, 6):
        with make_sessions(web, agent).begin() as session:
            control_room.renew(session, agent=agent, contact_id=contact_id, now=_after(seconds))
    assert data.one(looked, contact_id) == (_after(1),)
    assert data.one("SELECT count(*) FROM events WHERE contact_id = %s AND name = 'looked'", contact_id) == (1,)


def test_an_emergency_that_comes_back_is_unopened_again(
    data: QueueData, web: sa.Engine, worker: sa.Engine, agent: Actor
) -> None:
    contact_id = data.contact("avon", due_at=NOW, grade="emergency")
    _claim(web, agent, contact_id)
    with make_sessions(web, agent).begin() as session:
        control_room.renew(session, agent=agent, contact_id=contact_id, now=NOW)
    _sweep(worker, _after(21))
    assert data.one("SELECT looked_at FROM queue_entries WHERE contact_id = %s", contact_id) == (None,)


@pytest.mark.parametrize("grade", ["emergency", "priority"])
def test_practice_3_danger_is_let_go_only_with_a_log_number(
    data: QueueData, web: sa.Engine, agent: Actor, grade: str
) -> None:
    contact_id = data.contact("avon", due_at=NOW, grade=grade)
    _claim(web, agent, contact_id)

    def let_go(how: str) -> None:
        with make_sessions(web, agent).begin() as session:
            if how == "release":
                control_room.release(
                    session, agent=agent, contact_id=contact_id, reason=ReleaseReason.SHIFT_ENDS, now=NOW
                )
            elif how == "snooze":
                control_room.snooze(
                    session, agent=agent, contact_id=contact_id, until=_after(600),
                    reason=SnoozeReason.WAITING_FOR_OFFICER, now=NOW,
                )  # fmt: skip
            else:
                control_room.close(session, agent=agent, contact_id=contact_id, reason=CloseReason.ANSWERED, now=NOW)

    for how in ("release", "snooze", "close"):
        with pytest.raises(ReleaseNeedsLogNumber):
            let_go(how)
    _log(data, contact_id, agent, NOW - dt.timedelta(days=2))
    with pytest.raises(ReleaseNeedsLogNumber):  # an older log does not cover this danger
        let_go("close")
    _log(data, contact_id, agent, NOW - dt.timedelta(minutes=5))
    let_go("close")
    assert _states(data, contact_id) == ["avon closed"]
    closed = "SELECT data->>'incident_log_id' IS NOT NULL FROM events WHERE contact_id = %s AND name = 'closed'"
    assert data.one(closed, contact_id) == (True,)


def test_only_the_holder_lets_go_and_a_supervisor_for_them(data: QueueData, web: sa.Engine, agent: Actor) -> None:
    contact_id = data.contact("avon", "kent", due_at=NOW)
    _claim(web, agent, contact_id)
    other = data.agent("Other", {"avon": Role.CALL_HANDLER})
    with make_sessions(web, other)() as session, pytest.raises(NotYours) as refused:
        control_room.release(session, agent=other, contact_id=contact_id, reason=ReleaseReason.DISTRESS, now=NOW)
    assert refused.value.holder_name == "Handler"
    supervisor = data.agent("Supervisor", {"kent": Role.SUPERVISOR})
    with make_sessions(web, supervisor).begin() as session:
        control_room.release(session, agent=supervisor, contact_id=contact_id, reason=ReleaseReason.SHIFT_ENDS, now=NOW)
    assert _states(data, contact_id) == ["avon waiting", "kent waiting"]


def test_snoozed_sleeps_everywhere_and_wakes_on_time_or_on_a_message(
    data: QueueData, web: sa.Engine, worker: sa.Engine, agent: Actor
) -> None:
    contact_id = data.contact("avon", "kent", due_at=NOW)

    def snooze(until: dt.datetime) -> None:
        with make_sessions(web, agent).begin() as session:
            control_room.snooze(
                session, agent=agent, contact_id=contact_id, until=until,
                reason=SnoozeReason.CALL_BACK_ARRANGED, now=NOW,
            )  # fmt: skip

    _claim(web, agent, contact_id)
    for wrong in (NOW, NOW + dt.timedelta(days=29)):
        with pytest.raises(ReasonNeeded):
            snooze(wrong)
    snooze(_after(600))
    assert _states(data, contact_id) == ["avon snoozed", "kent snoozed"]
    with make_sessions(worker, SYSTEM).begin() as session:
        assert control_room.wake_due(session, now=_after(599)) == 0
        assert control_room.wake_due(session, now=_after(600)) == 1
    assert _states(data, contact_id) == ["avon waiting", "kent waiting"]
    _claim(web, agent, contact_id)
    snooze(_after(600))
    with make_sessions(worker, SYSTEM).begin() as session:
        assert control_room.wake(session, contact_id=contact_id, by="message", now=_after(60)) is True
        assert control_room.wake(session, contact_id=contact_id, by="message", now=_after(61)) is False
    assert _states(data, contact_id) == ["avon waiting", "kent waiting"]


def test_scenario_10_a_reopened_contact_goes_to_the_queue_with_new_clocks(
    data: QueueData, web: sa.Engine, worker: sa.Engine, agent: Actor
) -> None:
    contact_id = data.contact("avon", due_at=NOW)
    _claim(web, agent, contact_id)
    with make_sessions(web, agent).begin() as session:
        control_room.close(session, agent=agent, contact_id=contact_id, reason=CloseReason.ANSWERED, now=NOW)
    later = NOW + dt.timedelta(days=3)
    with make_sessions(worker, SYSTEM).begin() as session:
        control_room.reopen(session, contact_id=contact_id, by="citizen", message_id=new_id(), now=later)
    row = data.one(
        "SELECT state, holder_id, look_by, due_at, answer_by, looked_at, unread FROM queue_entries"
        " WHERE contact_id = %s", contact_id,
    )  # fmt: skip
    look_by, answer_by = later + dt.timedelta(minutes=60), later + dt.timedelta(hours=24)
    assert row == ("waiting", None, look_by, look_by, answer_by, None, True)
    assert data.one("SELECT state, holder_id, closed_at FROM contacts WHERE id = %s", contact_id) == (
        "waiting", None, None,
    )  # fmt: skip
    with make_sessions(web, agent)() as session, pytest.raises(MoveNotAllowed):
        control_room.reopen(session, contact_id=contact_id, by="agent", now=later)


def test_scenario_11_the_oldest_is_offered_when_room_is_made(data: QueueData, web: sa.Engine, agent: Actor) -> None:
    mine = [data.contact("avon", due_at=_after(number)) for number in range(CAPACITY)]
    for contact_id in mine:
        _claim(web, agent, contact_id)
    newer = data.contact("avon", due_at=_after(900))
    oldest = data.contact("avon", due_at=_after(300))
    with make_sessions(web, agent).begin() as session:
        control_room.close(session, agent=agent, contact_id=mine[0], reason=CloseReason.ANSWERED, now=NOW)
        offer = control_room.find_offer(session, agent=agent)
    assert offer is not None
    assert offer.contact_id == oldest != newer
    with make_sessions(web, agent).begin() as session:
        assert control_room.claim_next(session, agent=agent, kind=LIVE, now=NOW).contact_id == oldest

"""Alarms behind row-level security: anybody raises one, only those concerned see it, the watch sees all."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from contact.domain.access import SIGNIN, SYSTEM, Actor, ActorKind, Role
from contact.domain.alarms import AlarmKind
from contact.domain.errors import NotFound
from contact.services import alarms
from contact.store import agents, health, inbox, sessions
from contact.store import alarms as store
from contact.store.engine import act_as, make_engine, make_sessions
from contact.store.sessions import StoredSession
from tests.support.database import MigratedDatabase
from tests.support.emergencies import add_contact, add_force

NOW = dt.datetime.now(dt.UTC)
WEBHOOK = Actor(kind=ActorKind.WEBHOOK)


@pytest.mark.parametrize("actor", [SIGNIN, Actor(kind=ActorKind.CITIZEN), WEBHOOK])
def test_anybody_may_raise_one_and_a_second_is_none(
    web_session: Session, worker_session: Session, actor: Actor
) -> None:
    force_id = add_force(worker_session)
    worker_session.commit()
    act_as(web_session, actor)
    raise_again = (AlarmKind.REFERENCE_GUESSED, force_id)
    first = alarms.raise_alarm(web_session, kind=raise_again[0], force_id=raise_again[1], now=NOW)
    second = alarms.raise_alarm(web_session, kind=raise_again[0], force_id=raise_again[1], now=NOW)
    web_session.commit()
    assert first is not None
    assert second is None
    assert store.get(worker_session, alarm_id=first).kind == "reference_guessed"


def test_an_agent_sees_the_alarms_of_their_forces_only(web_session: Session, worker_session: Session) -> None:
    mine, other = add_force(worker_session), add_force(worker_session)
    raised = {}
    for force_id in (mine, other):
        contact_id = add_contact(worker_session, force_id=force_id, received_at=NOW)
        raised[force_id] = alarms.raise_alarm(
            worker_session, kind=AlarmKind.EMERGENCY_UNOPENED, force_id=force_id, contact_id=contact_id, now=NOW
        )
    restricted = add_contact(worker_session, force_id=mine, received_at=NOW, restricted=True)
    alarms.raise_alarm(worker_session, kind=AlarmKind.EMERGENCY_UNOPENED, force_id=mine, contact_id=restricted, now=NOW)
    worker_session.commit()
    act_as(web_session, Actor(kind=ActorKind.AGENT, force_roles={mine: frozenset({Role.CALL_HANDLER})}))
    assert [alarm.id for alarm in alarms.list_open(web_session) if alarm.contact_id] == [raised[mine]]
    other_id = raised[other]
    assert other_id is not None
    with pytest.raises(NotFound):
        alarms.accept(web_session, alarm_id=other_id, name="Sam Field", now=NOW)


@pytest.mark.parametrize("actor", [None, Actor(kind=ActorKind.CITIZEN)])
def test_the_public_sees_no_alarm(web_session: Session, worker_session: Session, actor: Actor | None) -> None:
    force_id = add_force(worker_session, numbers=("+447700900123",))
    alarms.raise_alarm(worker_session, kind=AlarmKind.EMERGENCY_UNOPENED, force_id=force_id, now=NOW)
    worker_session.commit()
    act_as(web_session, actor)
    assert list(alarms.list_open(web_session)) == []
    assert store.list_numbers(web_session, force_id=force_id) == []


def test_metrics_count_the_alarms_of_all_forces_without_an_actor(web_session: Session, worker_session: Session) -> None:
    kind = AlarmKind.RESTRICTED_UNNAMED
    act_as(web_session, None)
    before = health.open_alarms(web_session).get(kind.value, 0)
    ids = [alarms.raise_alarm(worker_session, kind=kind, force_id=add_force(worker_session), now=NOW) for _ in range(3)]
    assert ids[0] is not None
    alarms.accept(worker_session, alarm_id=ids[0], name="Sam Field", now=NOW)
    worker_session.commit()
    assert health.open_alarms(web_session)[kind.value] == before + 2


def test_a_webhook_is_kept_once(web_session: Session) -> None:
    act_as(web_session, WEBHOOK)
    event_id = f"CA{NOW.timestamp()}"
    assert inbox.keep(web_session, provider="twilio", event_id=event_id, body={"a": "b"}, now=NOW)
    assert not inbox.keep(web_session, provider="twilio", event_id=event_id, body={"a": "c"}, now=NOW)
    assert inbox.keep(web_session, provider="stripe", event_id=event_id, body={}, now=NOW)


def test_a_room_is_manned_by_its_own_people_only(fresh_database: MigratedDatabase) -> None:
    """Somebody signed in for one force says nothing of another, however many entries either has (practice 2)."""
    engine = make_engine(fresh_database.worker_url)
    with make_sessions(engine, SYSTEM)() as session:
        manned, empty = add_force(session), add_force(session)
        contacts = {force_id: add_contact(session, force_id=force_id, received_at=NOW) for force_id in (manned, empty)}
        add_contact(session, force_id=manned, received_at=NOW, emergency=False)
        agent = agents.add(session, name="Sam Field", email="sam.field@police.example", now=NOW)
        agents.set_roles(session, agent_id=agent.id, force_id=manned, roles=frozenset({Role.CALL_HANDLER}))
        later = NOW + dt.timedelta(hours=1)
        sessions.save(session, StoredSession(b"\x01" * 32, "agent", agent.id, {}, NOW, NOW, later, None))
        session.flush()
        found = store.list_unopened_emergencies(session, accepted_since=NOW, now=NOW)
        assert {each.contact_id: each.attended for each in found} == {contacts[manned]: True, contacts[empty]: False}
    engine.dispose()

"""The watch: an emergency is never left in an empty room, and nobody is rung twice for one look (practice 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import SYSTEM
from contact.domain.alarms import AlarmKind
from contact.services import alarm_calls, alarms
from contact.store import alarms as store
from contact.store import audit, heartbeats, models
from contact.store.engine import make_engine, make_sessions
from contact.watch.rounds import Watcher
from tests.support.database import MigratedDatabase
from tests.support.emergencies import add_agent, add_contact, add_force, open_contact
from tests.support.stand_in import StandIn, running_stand_in

FIRST, SECOND = "+447700900101", "+447700900102"
PUBLIC = "http://127.0.0.1:9"


class Clock:
    """A clock that tests set forward."""

    def __init__(self) -> None:
        self.now = dt.datetime.now(dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


class Scene:
    """A watch on a database of its own, with a stand-in for the telephone company."""

    def __init__(self, sessions: sessionmaker[Session], stand_in: StandIn) -> None:
        self.sessions, self.stand_in, self.clock = sessions, stand_in, Clock()
        with sessions.begin() as session:
            self.force_id = add_force(session, numbers=(FIRST, SECOND))

    def watcher(self, *, limit_s: float = 5.0) -> Watcher:
        return Watcher(
            sessions=self.sessions,
            company=self.stand_in.client(limit_s=limit_s),
            public_url=PUBLIC,
            demo=True,
            name="watch-test",
            began_at=self.clock.now,
            clock=self.clock,
        )

    def emergency(self, *, age_s: float = 0, force_id: str | None = None) -> UUID:
        with self.sessions.begin() as session:
            received_at = self.clock.now - dt.timedelta(seconds=age_s)
            return add_contact(session, force_id=force_id or self.force_id, received_at=received_at)

    def sign_in(self, **more: str) -> None:
        with self.sessions.begin() as session:
            add_agent(session, force_id=self.force_id, until=self.clock.now + dt.timedelta(hours=1), **more)

    def rung(self) -> list[str]:
        return [call.to for call in reversed(self.stand_in.exchange.calls())]

    def texted(self) -> list[str]:
        return [text.to for text in reversed(self.stand_in.exchange.texts())]

    def open_alarms(self) -> list[models.Alarm]:
        with self.sessions() as session:
            return list(alarms.list_open(session))

    def calls(self) -> list[models.AlarmCall]:
        with self.sessions() as session:
            return [
                call for alarm in alarms.list_open(session) for call in store.list_calls(session, alarm_id=alarm.id)
            ]


@pytest.fixture
def scene(fresh_database: MigratedDatabase) -> Iterator[Scene]:
    engine = make_engine(fresh_database.worker_url)
    with running_stand_in() as stand_in:
        yield Scene(make_sessions(engine, SYSTEM), stand_in)
    engine.dispose()


def test_an_empty_room_is_rung_at_once(scene: Scene) -> None:
    scene.emergency()
    scene.watcher().round()
    assert scene.rung() == [FIRST]
    assert scene.texted() == [FIRST]
    assert [alarm.kind for alarm in scene.open_alarms()] == ["emergency_unattended"]


def test_with_somebody_signed_in_it_rings_after_sixty_seconds(scene: Scene) -> None:
    scene.sign_in()
    scene.emergency()
    watcher = scene.watcher()
    scene.clock.forward(55)
    watcher.round()
    assert scene.rung() == []
    scene.clock.forward(5)
    watcher.round()
    assert scene.rung() == [FIRST]
    assert [alarm.kind for alarm in scene.open_alarms()] == ["emergency_unopened"]


def test_a_licensing_officer_does_not_answer_emergencies(scene: Scene) -> None:
    scene.sign_in(role="licensing_officer")
    scene.emergency()
    scene.watcher().round()
    assert scene.rung() == [FIRST]


def test_the_next_number_rings_each_sixty_seconds_and_round_again(scene: Scene) -> None:
    scene.emergency()
    watcher = scene.watcher()
    for _ in range(39):  # three minutes and a quarter of rounds
        watcher.round()
        scene.clock.forward(5)
    assert scene.rung() == [FIRST, SECOND, FIRST, SECOND]
    assert scene.texted() == [FIRST, SECOND]  # a repeated text is blocked by the networks; the voice goes on


def test_acceptance_stops_the_ringing_and_names_the_person(scene: Scene) -> None:
    scene.emergency()
    watcher = scene.watcher()
    watcher.round()
    (voice, _) = sorted(scene.calls(), key=lambda call: call.kind != "voice")
    with scene.sessions.begin() as session:
        assert alarm_calls.key_pressed(
            session, call_id=voice.id, sid=str(voice.sid), digits="2", now=scene.clock.now
        ) == ("not_accepted")
        assert alarm_calls.key_pressed(
            session, call_id=voice.id, sid=str(voice.sid), digits="1", now=scene.clock.now
        ) == ("accepted")
        assert alarm_calls.key_pressed(
            session, call_id=voice.id, sid=str(voice.sid), digits="1", now=scene.clock.now
        ) == ("accepted")
    for _ in range(20):
        scene.clock.forward(5)
        watcher.round()
    assert scene.rung() == [FIRST]
    (alarm,) = [alarm for alarm in scene.open_alarms() if alarm.contact_id]
    assert alarm.accepted_by == "Duty officer 1"


def test_an_accepted_emergency_that_stays_unopened_rings_again(scene: Scene) -> None:
    scene.emergency()
    watcher = scene.watcher()
    watcher.round()
    with scene.sessions.begin() as session:
        alarms.accept(session, alarm_id=scene.open_alarms()[0].id, name="Sam Field", now=scene.clock.now)
    scene.clock.forward(290)
    watcher.round()
    assert scene.rung() == [FIRST]
    scene.clock.forward(15)
    watcher.round()
    assert scene.rung() == [FIRST, FIRST]


def test_opening_it_clears_the_alarm_and_ends_the_ringing_call(scene: Scene) -> None:
    contact_id = scene.emergency()
    watcher = scene.watcher()
    watcher.round()
    scene.sign_in()
    with scene.sessions.begin() as session:
        open_contact(session, contact_id=contact_id, now=scene.clock.now)
    watcher.round()
    assert scene.open_alarms() == []
    assert [call.status for call in scene.stand_in.exchange.calls()] == ["completed"]
    with scene.sessions() as session:
        names = [event.name for event in audit.list_for_contact(session, contact_id=contact_id)]
    assert names == ["alarm_raised", "alarm_cleared"]


def test_a_room_that_empties_again_is_rung_for_an_emergency_put_back(scene: Scene) -> None:
    """Opened and let go, by a person or a lost lease, while nobody is signed in."""
    contact_id = scene.emergency()
    with scene.sessions.begin() as session:
        open_contact(session, contact_id=contact_id, now=scene.clock.now)
        session.query(models.QueueEntry).update({"state": "snoozed"})
    watcher = scene.watcher()
    watcher.round()
    assert scene.rung() == []
    with scene.sessions.begin() as session:
        session.query(models.QueueEntry).update({"state": "waiting"})
    watcher.round()
    assert scene.rung() == [FIRST]
    scene.sign_in()
    watcher.round()
    assert scene.open_alarms() == []


def test_an_alarm_that_only_a_person_ends_leaves_the_page_a_day_after_acceptance(scene: Scene) -> None:
    with scene.sessions.begin() as session:
        alarm_id = alarms.raise_alarm(session, kind=AlarmKind.REFERENCE_GUESSED, force_id=None, now=scene.clock.now)
        assert alarm_id is not None
        assert alarms.raise_alarm(session, kind=AlarmKind.REFERENCE_GUESSED, force_id=None, now=scene.clock.now) is None
        alarms.accept(session, alarm_id=alarm_id, name="Sam Field", now=scene.clock.now)
    for hours, left in ((23, 1), (2, 0)):
        scene.clock.forward(hours * 3600)
        with scene.sessions.begin() as session:
            alarms.clear_needless(session, now=scene.clock.now)
        assert len(scene.open_alarms()) == left
    assert scene.rung() == []


def test_ten_emergencies_ring_one_telephone_once_and_are_accepted_together(scene: Scene) -> None:
    for _ in range(10):
        scene.emergency()
    watcher = scene.watcher()
    watcher.round()
    assert scene.rung() == [FIRST]
    assert len(scene.open_alarms()) == 10
    voice = next(call for call in scene.calls() if call.kind == "voice")
    with scene.sessions.begin() as session:
        alarm_calls.key_pressed(session, call_id=voice.id, sid=str(voice.sid), digits="1", now=scene.clock.now)
    assert {alarm.accepted_by for alarm in scene.open_alarms()} == {"Duty officer 1"}


def test_each_force_rings_its_own_numbers(scene: Scene) -> None:
    with scene.sessions.begin() as session:
        other = add_force(session, numbers=("+447700900201",))
        silent = add_force(session)
    for force_id in (scene.force_id, other, silent):
        scene.emergency(force_id=force_id)
    scene.watcher().round()
    assert sorted(scene.rung()) == [FIRST, "+447700900201"]
    assert len(scene.open_alarms()) == 3  # without a number it is still a banner


def test_a_call_of_another_day_does_not_count_for_this_one(scene: Scene) -> None:
    """Two alarms to one number: each call at the company belongs to one row only."""
    with scene.sessions.begin() as session:
        alarm_id = alarms.raise_alarm(
            session, kind=AlarmKind.EMERGENCY_UNOPENED, force_id=scene.force_id, now=scene.clock.now
        )
        assert alarm_id is not None
        ours = store.add_call(
            session, alarm_id=alarm_id, number=FIRST, label="A", kind="voice", now=scene.clock.now, next_at=None
        )
    sid = (
        scene.stand_in.client()
        .place_call(to=FIRST, answer_url=f"{PUBLIC}/a", status_url=f"{PUBLIC}/s", ring_for_s=30)
        .sid
    )
    with scene.sessions.begin() as session:
        alarm_calls.placed(session, call_id=ours, sid=sid, status="queued", now=scene.clock.now)
        second = store.add_call(
            session, alarm_id=alarm_id, number=FIRST, label="A", kind="voice", now=scene.clock.now, next_at=None
        )
    scene.clock.forward(60)
    scene.watcher()._settle()
    with scene.sessions() as session:
        assert store.get_call(session, call_id=second).state == "failed"
        assert store.get_call(session, call_id=second).sid is None


def test_an_answer_that_never_came_is_settled_by_asking(scene: Scene) -> None:
    """Scenario 4 for calls: accepted there, timed out here, rung once."""
    scene.emergency()
    scene.stand_in.order(on="calls", kind="hang_after", seconds=2)
    watcher = scene.watcher(limit_s=0.5)
    watcher.round()
    assert [call.state for call in scene.calls() if call.kind == "voice"] == ["placing"]
    scene.clock.forward(5)
    scene.watcher().round()  # with all the time it needs for the asking
    assert [call.sid for call in scene.calls() if call.kind == "voice"] == [scene.stand_in.exchange.calls()[0].sid]
    assert scene.rung() == [FIRST]


def test_a_company_out_of_order_is_tried_again_with_the_next_number(scene: Scene) -> None:
    scene.emergency()
    scene.stand_in.order(on="calls", kind="fail")
    watcher = scene.watcher()
    watcher.round()
    assert scene.rung() == []
    scene.clock.forward(10)
    watcher.round()
    assert scene.rung() == [SECOND]


def test_a_company_that_stays_out_of_order_is_not_besieged(scene: Scene) -> None:
    scene.emergency()
    scene.stand_in.order(on="calls", kind="fail", times=1000)
    watcher = scene.watcher()
    for _ in range(36):  # three minutes
        watcher.round()
        scene.clock.forward(5)
    tried = [call for call in scene.calls() if call.kind == "voice"]
    assert [call.state for call in tried] == ["failed"] * 4  # at 0, 10, 70 and 130 s


def test_a_status_that_came_before_our_own_answer_is_kept(scene: Scene) -> None:
    """Scenario 3: the report arrives first, and nothing moves it back."""
    scene.emergency()
    scene.watcher().round()
    voice = next(call for call in scene.calls() if call.kind == "voice")
    sid = str(voice.sid)
    with scene.sessions.begin() as session:
        for status in ("completed", "ringing", "in-progress", "initiated", "strange"):
            alarm_calls.reported(session, call_id=voice.id, sid=sid, status=status, now=scene.clock.now)
        alarm_calls.placed(session, call_id=voice.id, sid=sid, status="queued", now=scene.clock.now)
        assert alarm_calls.reported(session, call_id=voice.id, sid="CA0", status="failed", now=scene.clock.now) == (
            "other_call"
        )
    with scene.sessions() as session:
        assert store.get_call(session, call_id=voice.id).state == "done"


def test_a_silent_worker_is_an_alarm_and_a_working_one_clears_it(scene: Scene) -> None:
    watcher = scene.watcher()
    watcher.round()
    assert scene.open_alarms() == []
    scene.clock.forward(61)
    watcher.round()
    watcher.round()
    assert [alarm.kind for alarm in scene.open_alarms()] == ["worker_silent"]
    with scene.sessions.begin() as session:
        heartbeats.beat(session, process="worker-test", kind="worker", now=scene.clock.now)
        assert heartbeats.last_beat(session, kind="watch") == scene.clock.now
    watcher.round()
    assert scene.open_alarms() == []

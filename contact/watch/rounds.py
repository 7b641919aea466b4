"""One round of the watch: look, commit, then ask the telephone company; a crash at any point rings nobody twice."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from contact.domain.alarms import RING_FOR_S, CallKind
from contact.gateways import wording
from contact.gateways.failures import MayHaveHappened, OutsideFailure, TryLater
from contact.gateways.twilio import TOTAL_LIMIT_S, Placed, Telephony
from contact.services import alarm_calls, alarms
from contact.services.alarm_calls import ToPlace
from contact.store import alarms as store
from contact.store import heartbeats

log = logging.getLogger("contact.watch")

SETTLE_AFTER = dt.timedelta(seconds=TOTAL_LIMIT_S + 2)
"""Longer than a request to the company may take, so that what it does not know by then it never got."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """What a round needs. `public_url` is where the company reports to; `name` signs the heartbeat."""

    sessions: sessionmaker[Session]
    company: Telephony
    public_url: str
    demo: bool
    name: str
    began_at: dt.datetime
    clock: Callable[[], dt.datetime]

    def round(self) -> None:
        """Everything once. No transaction is open while the company is asked (engineering 13)."""
        self._look()
        self._settle()
        for call in self._plan():
            self._place(call)
        self._end_needless_calls()

    def _look(self) -> None:
        now = self.clock()
        with self.sessions.begin() as session:
            heartbeats.beat(session, process=self.name, kind="watch", now=now)
            raised = alarms.raise_for_emergencies(session, now=now)
            cleared = alarms.clear_needless(session, now=now) + alarms.settle_route_tests(session, now=now)
            silent = alarms.watch_worker(session, now=now, since=self.began_at)
        if raised or cleared:
            log.warning("alarms raised: %d, cleared: %d", len(raised), cleared)
        if silent:
            log.error("the worker is silent")

    def _plan(self) -> list[ToPlace]:
        with self.sessions.begin() as session:
            return alarm_calls.plan(session, now=self.clock())

    def _place(self, call: ToPlace) -> None:
        """Ask the company for one call or text, then write down its answer."""
        try:
            answer = self._ask(call)
        except MayHaveHappened as failure:
            log.warning("call %s: no answer (%s), asking again later", call.call_id, failure.code)
        except OutsideFailure as failure:
            log.error("call %s was not placed: %s", call.call_id, failure.code)
            with self.sessions.begin() as session:
                alarm_calls.not_placed(session, call_id=call.call_id, error=failure.code, now=self.clock())
        else:
            self._write_placed(call.call_id, answer)

    def _ask(self, call: ToPlace) -> Placed:
        if call.kind is CallKind.VOICE:
            address = f"{self.public_url}/webhooks/twilio/voice/{call.call_id}"
            return self.company.place_call(
                to=call.number, answer_url=address, status_url=f"{address}/status", ring_for_s=RING_FOR_S
            )
        return self.company.send_text(
            to=call.number,
            body=self._words(call),
            status_url=f"{self.public_url}/webhooks/twilio/text/{call.call_id}/status",
        )

    def _words(self, call: ToPlace) -> str:
        return wording.alarm_text(kind=call.alarm_kind, live=call.live and not self.demo)

    def _settle(self) -> None:
        """Ask the company about calls whose answer never came, before anything else may ring that number."""
        now = self.clock()
        with self.sessions.begin() as session:
            unsettled = alarm_calls.list_unsettled(session)
        for call in unsettled:
            try:
                if call.kind is CallKind.VOICE:
                    found = self.company.find_calls(to=call.number, since=call.placed_at)
                else:
                    found = self.company.find_texts(to=call.number, body=self._words(call), since=call.placed_at)
            except OutsideFailure as failure:
                log.warning("call %s is not settled: %s", call.call_id, failure.code)
                continue
            self._write_settled(call.call_id, found, gone=now - call.placed_at > SETTLE_AFTER)

    def _write_settled(self, call_id: UUID, found: list[Placed], *, gone: bool) -> None:
        with self.sessions.begin() as session:
            known = store.known_sids(session, sids=[placed.sid for placed in found])
        ours = next((placed for placed in found if placed.sid not in known), None)
        if ours is not None:
            log.warning("call %s was placed after all", call_id)
            self._write_placed(call_id, ours)
        elif gone:
            with self.sessions.begin() as session:
                alarm_calls.not_placed(
                    session, call_id=call_id, error="never-arrived", now=self.clock(), wait=dt.timedelta()
                )

    def _write_placed(self, call_id: UUID, placed: Placed) -> None:
        with self.sessions.begin() as session:
            alarm_calls.placed(session, call_id=call_id, sid=placed.sid, status=placed.status, now=self.clock())

    def _end_needless_calls(self) -> None:
        """Stop telephones that ring for an alarm somebody has accepted or opened."""
        with self.sessions.begin() as session:
            needless = [(call.id, call.sid) for call in store.list_running_in_vain(session) if call.sid]
        for call_id, sid in needless:
            try:
                ended = self.company.end_call(sid)
            except TryLater:
                continue
            except OutsideFailure as failure:
                log.warning("call %s could not be ended: %s", call_id, failure.code)
                continue
            with self.sessions.begin() as session:
                alarm_calls.reported(session, call_id=call_id, sid=sid, status=ended.status, now=self.clock())

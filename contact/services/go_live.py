"""A force prepares to go live, and goes live only once everything stands and a second person approves (practice 10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from contact.domain.access import Actor, Permission, may
from contact.domain.alarms import AlarmKind
from contact.domain.clocks import Hours
from contact.domain.errors import Forbidden, ForceNotLive, ReasonNeeded
from contact.domain.events import Event
from contact.domain.go_live import NEEDED_ON_PAGES, Facts, Missing, PageFact, missing
from contact.services import alarms as alarm_services
from contact.services import reviews
from contact.store import alarms, audit, forces, go_live
from contact.store.alarms import Number
from contact.store.forces import ForceView
from contact.store.go_live import ForceGoLive


@dataclass(frozen=True, slots=True)
class Readiness:
    """How a force stands: what it has shown, the numbers that ring, and what is missing."""

    force: ForceView
    shown: ForceGoLive | None
    numbers: tuple[Number, ...]
    unreviewed: int
    missing: tuple[Missing, ...]


def list_forces(session: Session, *, actor: Actor) -> list[ForceView]:
    """The forces this administrator answers for, by name."""
    return [each for each in forces.list_all(session) if may(actor, Permission.ADMINISTER_FORCE, each.id)]


def readiness(session: Session, *, actor: Actor, force_id: str, service_mode: bool) -> Readiness:
    """What stands and what is missing. Raises NotFound, Forbidden."""
    force = _administered(session, actor, force_id)
    shown = go_live.find(session, force_id=force_id)
    numbers = tuple(alarms.list_numbers(session, force_id=force_id))
    unreviewed = len(reviews.list_unreviewed())
    facts = Facts(service_mode=service_mode, alarm_numbers=len(numbers), unreviewed=unreviewed)
    if shown is not None:
        facts = Facts(
            service_mode=service_mode,
            hours_set_at=shown.hours_set_at,
            alarm_numbers=len(numbers),
            emergency_route_tested_at=shown.emergency_route_tested_at,
            privacy_notice_url=shown.privacy_notice_url,
            dpia_reference=shown.dpia_reference,
            page_facts=all(shown.page_facts.get(each.value) for each in NEEDED_ON_PAGES),
            unreviewed=unreviewed,
            approved_by=shown.approved_by,
        )
    return Readiness(force, shown, numbers, unreviewed, missing(facts))


def set_hours(session: Session, *, actor: Actor, force_id: str, hours: Hours, now: dt.datetime) -> None:
    """When its control room answers the public; clocks that run already stay as they are (scenario 25)."""
    _administered(session, actor, force_id)
    go_live.set_hours(session, force_id=force_id, hours=hours.to_json())
    _prepared(session, force_id, "hours", now, hours_set_at=now)
    audit.record(session, Event.HOURS_CHANGED, force_id=force_id, at=now, from_at=now, policy=f"{force_id}-1")


def set_numbers(
    session: Session, *, actor: Actor, force_id: str, numbers: Sequence[tuple[str, str]], now: dt.datetime
) -> None:
    """[(label, E.164)] in the order they ring. New numbers are untested. Raises ReasonNeeded for none."""
    _administered(session, actor, force_id)
    if not numbers:
        raise ReasonNeeded(what="alarm_numbers")
    forces.set_alarm_numbers(session, force_id=force_id, numbers=numbers)
    session.flush()
    _prepared(session, force_id, "alarm_numbers", now, emergency_route_tested_at=None)


def set_papers(
    session: Session, *, actor: Actor, force_id: str, privacy_notice_url: str, dpia_reference: str, now: dt.datetime
) -> None:
    """Where its privacy notice stands, and the reference of its data protection impact assessment."""
    _administered(session, actor, force_id)
    papers = {"privacy_notice_url": privacy_notice_url or None, "dpia_reference": dpia_reference or None}
    _prepared(session, force_id, "papers", now, **papers)


def set_page_facts(
    session: Session, *, actor: Actor, force_id: str, facts: Mapping[PageFact, str], now: dt.datetime
) -> None:
    """What only the force can say on its own pages; an empty one is taken away."""
    _administered(session, actor, force_id)
    said = {each.value: words for each, words in facts.items() if words}
    _prepared(session, force_id, "page_facts", now, page_facts=said)


def try_route(session: Session, *, actor: Actor, force_id: str, now: dt.datetime) -> None:
    """Have the watch ring the force's numbers; it has worked once somebody answers and presses 1."""
    _administered(session, actor, force_id)
    if not alarms.list_numbers(session, force_id=force_id):
        raise ReasonNeeded(what="alarm_numbers")
    alarm_services.raise_alarm(session, kind=AlarmKind.ROUTE_TEST, force_id=force_id, now=now)


def approve(session: Session, *, actor: Actor, force_id: str, service_mode: bool, now: dt.datetime) -> None:
    """A named person approves what stands; somebody else then takes the force live. Raises ForceNotLive (missing)."""
    stands = readiness(session, actor=actor, force_id=force_id, service_mode=service_mode)
    owed = tuple(each for each in stands.missing if each is not Missing.APPROVAL)
    if owed:
        raise ForceNotLive(force_id=force_id, missing=owed)
    go_live.note(session, force_id=force_id, approved_by=actor.agent_id, approved_at=now)
    audit.record(session, Event.GO_LIVE_APPROVED, force_id=force_id, at=now)


def start(session: Session, *, actor: Actor, force_id: str, service_mode: bool, now: dt.datetime) -> None:
    """Go live: the banner leaves every page, mail and text of this force.

    Raises ForceNotLive naming what is missing, Forbidden for the very person who approved.
    """
    stands = readiness(session, actor=actor, force_id=force_id, service_mode=service_mode)
    if stands.missing or stands.shown is None:
        raise ForceNotLive(force_id=force_id, missing=tuple(stands.missing))
    if stands.shown.approved_by == actor.agent_id:
        raise Forbidden(permission="own_approval", force_id=force_id)
    if not stands.force.live:
        go_live.set_live(session, force_id=force_id, since=now)
        audit.record(session, Event.GO_LIVE_CHANGED, force_id=force_id, at=now, live=True, missing=[])


def stop(session: Session, *, actor: Actor, force_id: str, now: dt.datetime) -> None:
    """Back to a demonstration; coming back needs a new approval."""
    if _administered(session, actor, force_id).live:
        go_live.set_live(session, force_id=force_id, since=None)
        go_live.note(session, force_id=force_id, approved_by=None, approved_at=None)
        owed = [Missing.APPROVAL]
        audit.record(session, Event.GO_LIVE_CHANGED, force_id=force_id, at=now, live=False, missing=owed)


def _administered(session: Session, actor: Actor, force_id: str) -> ForceView:
    force = forces.get(session, force_id=force_id)
    if not may(actor, Permission.ADMINISTER_FORCE, force_id):
        raise Forbidden(permission=Permission.ADMINISTER_FORCE.value, force_id=force_id)
    return force


def _prepared(session: Session, force_id: str, what: str, now: dt.datetime, **facts: object) -> None:
    """Something changed: what was approved is not what stands now, unless the force is live already."""
    if not forces.get(session, force_id=force_id).live:
        facts |= {"approved_by": None, "approved_at": None}
    go_live.note(session, force_id=force_id, **facts)
    audit.record(session, Event.GO_LIVE_PREPARED, force_id=force_id, at=now, what=what)

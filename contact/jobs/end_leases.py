"""What agents no longer hold goes back to its place in the queue; what slept long enough wakes (engineering 10)."""

from __future__ import annotations

from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.services import control_room, letting_go

_AT_ONCE = 50


@job(JobName.END_LEASES, every="* * * * * */5")
def end_leases() -> None:
    """End leases whose holder has been silent too long; an emergency's lasts twenty seconds."""
    while True:
        with tools().sessions.begin() as session:
            ended = control_room.end_expired_leases(session, now=tools().clock(), limit=_AT_ONCE)
        if ended < _AT_ONCE:
            return


@job(JobName.WAKE_SNOOZED, every="* * * * * */15")
def wake_snoozed() -> None:
    """Put contacts back whose sleep is over."""
    while True:
        with tools().sessions.begin() as session:
            woken = letting_go.wake_due(session, now=tools().clock(), limit=_AT_ONCE)
        if woken < _AT_ONCE:
            return

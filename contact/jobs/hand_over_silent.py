"""Conversations in which the bot owes an answer, or waits for one in vain, go to people."""

from __future__ import annotations

from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.services import bot_turns

_AT_ONCE = 50


@job(JobName.HAND_OVER_SILENT, every="* * * * * */5")
def hand_over_silent() -> None:
    """Every five seconds: an emergency does not wait here, it was handed over with its message."""
    while True:
        with tools().sessions.begin() as session:
            done = bot_turns.hand_over_overdue(session, now=tools().clock(), limit=_AT_ONCE)
        if done < _AT_ONCE:
            return

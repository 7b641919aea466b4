"""Whether the chatbot is there, written down so that web pages can say who will answer."""

from __future__ import annotations

from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.store import heartbeats


@job(JobName.CHATBOT_HEARTBEAT, every="* * * * * */5")
def chatbot_heartbeat() -> None:
    """Ask it, and note that it answered; while it does not, conversations go to people from the first word."""
    if not tools().chatbot.is_there():
        return
    with tools().sessions.begin() as session:
        heartbeats.beat(session, process="chatbot", kind="chatbot", now=tools().clock())

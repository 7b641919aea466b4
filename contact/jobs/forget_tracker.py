"""Rasa forgets a conversation whose contact was erased."""

from __future__ import annotations

from uuid import UUID

from contact.domain.jobs import JobName
from contact.gateways import rasa_trackers
from contact.gateways.failures import TryLater
from contact.jobs.registry import TryAgain, job, tools


@job(JobName.FORGET_TRACKER, tries=8)
def forget_tracker(contact_id: str) -> None:
    """Delete it there; tried again while that database is away."""
    address = tools().settings.chatbot_database_url
    if address is None:
        return
    try:
        rasa_trackers.forget(address, conversation_id=UUID(contact_id))
    except TryLater as failure:
        raise TryAgain(failure.code) from None

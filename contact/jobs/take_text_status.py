"""Apply what the company reports of one text."""

from __future__ import annotations

from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.services import text_sending


@job(JobName.TAKE_TEXT_STATUS)
def take_text_status(event_id: str) -> None:
    """Move the text forward; a report about one whose name we have not learnt yet waits for it."""
    with tools().sessions.begin() as session:
        text_sending.reported(session, event_id=event_id, now=tools().clock())

"""Look at one emergency at once, instead of waiting for the watch's next round."""

from __future__ import annotations

from uuid import UUID

from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.services import alarms


@job(JobName.CHECK_CONTACT_ALARM)
def check_contact_alarm(contact_id: str) -> None:
    """Raise the alarm where nobody is signed in; the watch does the ringing."""
    with tools().sessions.begin() as session:
        alarms.check_contact(session, contact_id=UUID(contact_id), now=tools().clock())

"""Work on texts that came in: all that wait from one person to one number, in the order they came."""

from __future__ import annotations

from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.services import texts_in
from contact.services.keys import Keys
from contact.services.texts_in import Desk


@job(JobName.TAKE_TEXT_IN)
def take_text_in(event_id: str) -> None:
    """Take it, and those that wait beside it; nothing to do where another job took it along."""
    given = tools()
    desk = Desk(
        keys=Keys.from_settings(given.settings),
        own_number=given.settings.twilio_from,
        default_force_id=given.settings.force_id or given.settings.emergency_force_id,
        public_url=given.settings.public_url,
    )
    with given.sessions.begin() as session:
        texts_in.take(session, event_id=event_id, desk=desk, now=given.clock())

"""Fetch the files of one message from the company and keep them as evidence of its contact."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from contact.domain.jobs import JobName
from contact.gateways.evidence.store import StoreAway
from contact.gateways.evidence.vault import Vault
from contact.gateways.failures import OutsideFailure, Refused
from contact.gateways.twilio_media import MediaLine
from contact.jobs.registry import TryAgain, job, tools
from contact.services import text_media

TRIES = 6
GIVES_UP_AFTER = dt.timedelta(hours=1)
"""Less than the waits between all tries together, so that the last of them says in the thread what is missing."""


@job(JobName.FETCH_TEXT_MEDIA, tries=TRIES, wait_s=5)
def fetch_text_media(event_id: str, contact_id: str) -> None:
    """Fetch each that is not here yet; what does not come is said in the thread."""
    given = tools()
    line, vault = MediaLine.from_settings(given.settings), Vault.from_settings(given.settings)
    with given.sessions.begin() as session:
        wanted = text_media.list_wanted(session, event_id=event_id)
        came_at = text_media.came_at(session, event_id=event_id)
    owner, again = UUID(contact_id), ""
    for each in wanted:
        try:
            content = line.fetch(each.url)
            text_media.keep(given.sessions, vault, media=each, contact_id=owner, content=content, now=given.clock())
        except Refused as failure:
            text_media.lost(given.sessions, media=each, contact_id=owner, why=failure.code, now=given.clock())
        except (OutsideFailure, StoreAway) as failure:
            if came_at is not None and given.clock() - came_at >= GIVES_UP_AFTER:
                text_media.lost(given.sessions, media=each, contact_id=owner, why=failure.code, now=given.clock())
            else:
                again = failure.code
    if again:
        raise TryAgain(again)

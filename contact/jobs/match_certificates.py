"""Who is in a contact is looked for among certificate holders, and licensing is told (practice 9)."""

from __future__ import annotations

from uuid import UUID

from contact.domain.errors import NotFound
from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.services.licensing import reviews


@job(JobName.MATCH_CERTIFICATES)
def match_certificates(contact_id: str) -> None:
    """Open the reviews it asks for; run again it opens none twice. An erased contact asks for nothing."""
    with tools().sessions.begin() as session:
        try:
            reviews.open_for_contact(session, contact_id=UUID(contact_id), now=tools().clock())
        except NotFound:
            return

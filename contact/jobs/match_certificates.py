"""Who is in a contact is looked for among certificate holders, and licensing is told (practice 9)."""

from __future__ import annotations

from uuid import UUID

from contact.domain.errors import NotFound
from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.services.licensing import reviews


@job(JobName.MATCH_CERTIFICATES)
def match_certificates(contact_id: str, application_id: str | None = None) -> None:
    """Open the reviews it asks for; run again it opens none twice. An erased contact asks for nothing.

    `application_id`: the contact tells of danger about that application; its certificates are looked at first.
    """
    with tools().sessions.begin() as session:
        try:
            if application_id is not None:
                reviews.open_for_application(
                    session, contact_id=UUID(contact_id), application_id=UUID(application_id), now=tools().clock()
                )
            reviews.open_for_contact(session, contact_id=UUID(contact_id), now=tools().clock())
        except NotFound:
            return

"""Erase a contact that a person decided to dispose of: its key, rows, files and draft (practice 16)."""

from __future__ import annotations

import logging
from uuid import UUID

from sqlalchemy.exc import OperationalError

from contact.domain.jobs import JobName
from contact.gateways.evidence.store import StoreAway
from contact.gateways.evidence.vault import Vault
from contact.jobs.registry import TryAgain, job, tools
from contact.services import disposal
from contact.services.disposal import DisposalReason
from contact.store import evidence

log = logging.getLogger(__name__)


@job(JobName.ERASE_CONTACT, tries=8)
def erase_contact(contact_id: str, reason: str, decided_by_id: str) -> None:
    """Erase it; run twice, the second finds nothing."""
    given = tools()
    try:
        with given.sessions.begin() as session:
            objects = evidence.keys_of_contact(session, contact_id=UUID(contact_id))
            rows = disposal.erase(
                session,
                contact_id=UUID(contact_id),
                reason=DisposalReason(reason),
                decided_by_id=UUID(decided_by_id),
                home=given.settings.home,
                now=given.clock(),
            )
    except OperationalError:
        raise TryAgain("the database was away") from None
    log.info("erased a contact: %d rows", rows)
    if rows:
        _delete_objects(objects)


def _delete_objects(objects: list[str]) -> None:
    """Their keys went with the rows, so nobody can read them any more; what is not reached now, the sweep takes."""
    store = Vault.from_settings(tools().settings).store
    try:
        for key in objects:
            store.delete(key)
    except StoreAway as away:
        log.warning("files of an erased contact are left to the sweep: %s", away.code)

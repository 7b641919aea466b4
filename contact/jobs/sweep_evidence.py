"""Sweep the evidence store: files that stopped arriving, objects no row names, examinations that never ended."""

from __future__ import annotations

import logging

from contact.domain.jobs import JobName
from contact.gateways.evidence.store import StoreAway
from contact.gateways.evidence.vault import Vault
from contact.jobs.registry import job, tools
from contact.services import evidence_sweeping

log = logging.getLogger(__name__)


@job(JobName.SWEEP_EVIDENCE, every="23 * * * *")
def sweep_evidence() -> None:
    """Each hour; a store that is away is swept the next time."""
    given = tools()
    now = given.clock()
    with given.sessions.begin() as session:
        unfinished = evidence_sweeping.drop_unfinished(session, now=now)
        again = evidence_sweeping.examine_stuck(session, now=now)
    try:
        orphans = evidence_sweeping.drop_orphans(given.sessions, Vault.from_settings(given.settings).store, now=now)
    except StoreAway as away:
        log.warning("the evidence store was not swept: %s", away.code)
        return
    if unfinished or again or orphans:
        log.info("evidence swept: %d unfinished, %d examined again, %d orphans", unfinished, again, orphans)

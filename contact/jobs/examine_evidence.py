"""Examine one file that arrived: digest, kind, malware, a picture made anew (engineering 14)."""

from __future__ import annotations

import logging
from uuid import UUID

from contact.domain.jobs import JobName
from contact.gateways.antivirus import Clamd
from contact.gateways.evidence.store import StoreAway
from contact.gateways.evidence.vault import Vault
from contact.jobs.registry import TryAgain, job, tools
from contact.services import evidence_examining
from contact.services.keys import Keys

log = logging.getLogger(__name__)
TRIES = 6


@job(JobName.EXAMINE_EVIDENCE, tries=TRIES)
def examine_evidence(evidence_id: str) -> None:
    """Examine it; a scanner or store that does not answer is asked again, by the sweep too once the tries are used."""
    given = tools()
    address = given.settings.clamd_address
    try:
        whole = evidence_examining.examine(
            given.sessions,
            Vault.from_settings(given.settings),
            Clamd(address) if address else None,
            evidence_id=UUID(evidence_id),
            keys=Keys.from_settings(given.settings),
            now=given.clock(),
        )
    except StoreAway as away:
        raise TryAgain(away.code) from None
    if not whole:
        raise TryAgain("the scanner did not answer")

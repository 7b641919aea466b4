"""Sign every chain's head, each hour and at shutdown, to the log and to CONTACT_HOME (engineering 3)."""

from __future__ import annotations

import logging

from contact.domain.jobs import JobName
from contact.jobs.registry import job, tools
from contact.services import integrity

log = logging.getLogger("contact.audit")


@job(JobName.SIGN_CHAIN_HEADS, every="0 * * * *")
def sign_chain_heads() -> None:
    """Keep signed heads where the database cannot reach them, so that a missing tail is noticed."""
    given = tools()
    with given.sessions.begin() as session:
        heads = integrity.sign_heads(session, key=given.settings.audit_key, now=given.clock())
    integrity.keep_heads(heads, home=given.settings.home)
    for head in heads:
        log.info("chain head %s", head.to_json())

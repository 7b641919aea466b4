"""What nobody needs any more leaves the evidence store; what a row names never does (engineering 19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy.orm import Session, sessionmaker

from contact.domain.events import Event
from contact.gateways.evidence.store import EvidenceStore
from contact.services import evidence_jobs
from contact.store import audit, evidence

ORPHAN_AFTER = dt.timedelta(days=1)
"""An object this old that no row names never gets one: a request or job lasts minutes."""
UNFINISHED_AFTER = dt.timedelta(days=1)
"""A file that stopped arriving is waited for this long."""
STUCK_AFTER = dt.timedelta(minutes=30)
_BATCH = 500


def drop_unfinished(session: Session, *, now: dt.datetime) -> int:
    """Delete the rows of files that stopped arriving a day ago; answers how many."""
    gone = evidence.delete_unfinished(session, before=now - UNFINISHED_AFTER, limit=_BATCH)
    for each in gone:
        audit.record(session, Event.EVIDENCE_REMOVED, at=now, evidence_id=each.id, reason="unfinished")
    return len(gone)


def examine_stuck(session: Session, *, now: dt.datetime) -> int:
    """Put files before the worker again whose examination never ended, such as when the scanner was away for hours."""
    stuck = evidence.list_stuck(session, before=now - STUCK_AFTER)
    for each in stuck:
        evidence_jobs.examine(session, evidence_id=each)
    return len(stuck)


def drop_orphans(sessions: sessionmaker[Session], store: EvidenceStore, *, now: dt.datetime) -> int:
    """Delete objects over a day old that no row names; answers how many. Half-written ones are named by no row."""
    gone = 0
    for keys in _batches(store.list_keys(now - ORPHAN_AFTER)):
        with sessions.begin() as session:
            named = evidence.named_keys(session, keys=keys)
        for key in keys:
            if key not in named:
                store.delete(key)
                gone += 1
    return gone


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    source = iter(keys)
    while batch := list(islice(source, _BATCH)):
        yield batch

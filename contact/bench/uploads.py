"""A file of 100 MB: received through the service, beside a bare copy of the same bytes to the same folder."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from contact.bench.row import Row
from contact.bench.stack import Stack
from contact.domain.access import Actor, ActorKind
from contact.domain.evidence import MAX_BYTES, State
from contact.gateways.evidence.vault import Vault
from contact.services import drafts, evidence, evidence_receiving
from contact.services.evidence import DraftOwner
from contact.store import forces
from contact.store.engine import make_engine, make_sessions

FORM, QUESTION = "burglary", "evidenceFiles"
_CHUNK = 65_536
_TIMES = 3


def rows(stack: Stack) -> list[Row]:
    """One row: megabytes a second, the median of three, ours and the floor by turns."""
    engine = make_engine(stack.settings.database_url, pool_size=2)
    try:
        sessions = make_sessions(engine)
        pairs = [(bare_copy(stack.settings.evidence_folder), received(stack, sessions)) for _ in range(_TIMES)]
    finally:
        engine.dispose()
    floor, ours = (median(each) for each in zip(*pairs, strict=True))
    ratio = ours / floor
    return [Row("receive 100 MB", ours, "MB a second", floor, ratio, ">= 0.5 of a bare copy", ratio >= 0.5)]


def received(stack: Stack, sessions: sessionmaker[Session]) -> float:
    """Megabytes a second through `evidence_receiving`: sealed, durable, named by its row."""
    vault, now = Vault.from_settings(stack.settings), dt.datetime.now(dt.UTC)
    draft_id = _draft(sessions, now)
    owner, actor = DraftOwner(draft_id), Actor(ActorKind.CITIZEN, draft_id=draft_id)
    speaking = make_sessions(sessions.kw["bind"], actor)
    with speaking.begin() as session:
        upload = evidence.begin(
            session, vault=vault, owner=owner, question_id=QUESTION, name="film.mp4", size=MAX_BYTES, now=now
        )
    chunks = list(body())
    began = time.perf_counter()
    done = evidence_receiving.receive(
        speaking, vault, owner=owner, upload_id=upload.id, offset=0, chunks=iter(chunks), now=now
    )
    took = time.perf_counter() - began
    if done.state is not State.RECEIVED:
        raise RuntimeError("the file did not arrive")
    return MAX_BYTES / 1e6 / took


def bare_copy(folder: Path) -> float:
    """Megabytes a second for the same bytes into a file of the same folder, with one fsync."""
    folder.mkdir(parents=True, exist_ok=True)
    path, chunks = folder / "bare-copy", list(body())
    began = time.perf_counter()
    with path.open("wb", buffering=1 << 20) as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    took = time.perf_counter() - began
    path.unlink()
    return MAX_BYTES / 1e6 / took


def body() -> Iterator[bytes]:
    """100 MB that begin as a film does, in pieces as a server reads them."""
    head = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
    yield head + os.urandom(_CHUNK - len(head))
    noise = os.urandom(_CHUNK)
    left = MAX_BYTES - _CHUNK
    while left > 0:
        yield noise[:left]
        left -= len(noise)


def _draft(sessions: sessionmaker[Session], now: dt.datetime) -> UUID:
    with sessions() as session:
        force_id = next(each.id for each in forces.list_all(session) if each.territorial)
        view = drafts.start(session, form_id=FORM, force_id=force_id, language="en", now=now)
        session.commit()
    return view.id

"""A file of 100 MB: into the store through the service, over HTTP, and what other pages feel of it meanwhile."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from contact.bench import reports
from contact.bench.browsers import Browser, open_browser
from contact.bench.load import Request, send_all
from contact.bench.row import Row, percentile
from contact.bench.stack import Stack
from contact.domain.access import Actor, ActorKind
from contact.domain.evidence import MAX_BYTES, State
from contact.gateways.evidence.vault import Vault
from contact.services import evidence, evidence_receiving, intake
from contact.services.evidence import ContactOwner
from contact.services.intake import Receipt
from contact.services.keys import Keys
from contact.store.engine import act_as, make_engine, make_sessions
from contact.web.shared.cookies import Audience

CHUNK = 262_144
PIECE = 8_388_608
"""What the page's script sends at a time, on a good line."""
_TIMES = 3
_READS = 400


def rows(stack: Stack) -> list[Row]:
    """Ours and the floor by turns, the median of three; then a page alone, and the same page beside uploads."""
    receipt, browser = _reporter(stack)
    pairs = [(bare_copy(stack.settings.evidence_folder), received(stack, receipt)) for _ in range(_TIMES)]
    floor, ours = (median(each) for each in zip(*pairs, strict=True))
    with stack.web(2, "contact.bench.bare_upload:application") as port:
        bare = median(_send(port, "/", {}) for _ in range(_TIMES))
    with stack.web(2) as port:
        page = Request("GET", f"/progress/{receipt.reference}/files", {"Cookie": browser.cookie})
        send_all(port, [[page] * 40])
        alone = send_all(port, [[page] * _READS]).times_ms
        sent = median(_upload(port, receipt, browser) for _ in range(_TIMES))
        beside = _beside(port, page, receipt, browser)
    quiet, busy = percentile(alone, 0.95), percentile(beside, 0.95)
    most = max(1.5 * quiet, quiet + 10)
    return [
        Row("receive 100 MB", ours, "MB a second", floor, ours / floor, ">= 0.5 of a bare copy", ours >= 0.5 * floor),
        Row(
            "upload 100 MB, in pieces", sent, "MB a second", bare, sent / bare, ">= 0.5 of the floor", sent >= bare / 2
        ),
        Row("a page beside uploads, p95", busy, "ms", quiet, busy / quiet, "<= 1.5 x, or 10 ms more", busy <= most),
    ]


def received(stack: Stack, receipt: Receipt) -> float:
    """Megabytes a second through `evidence_receiving`: sealed, durable, named by its row."""
    vault, now = Vault.from_settings(stack.settings), dt.datetime.now(dt.UTC)
    owner = ContactOwner(receipt.contact_id)
    engine = make_engine(stack.settings.database_url, pool_size=1)
    sessions = make_sessions(engine, Actor(ActorKind.CITIZEN, contact_id=receipt.contact_id))
    with sessions.begin() as session:
        upload = evidence.begin(
            session, vault=vault, owner=owner, question_id=evidence.LATER, name="film.mp4", size=MAX_BYTES, now=now
        )
    chunks = list(body())
    began = time.perf_counter()
    done = evidence_receiving.receive(
        sessions, vault, owner=owner, upload_id=upload.id, offset=0, chunks=iter(chunks), now=now
    )
    took = time.perf_counter() - began
    engine.dispose()
    if done.state is not State.RECEIVED:
        raise RuntimeError("the file did not arrive")
    return MAX_BYTES / 1e6 / took


def bare_copy(folder: Path) -> float:
    """Megabytes a second for the same bytes into a file of the same folder, with one fsync."""
    folder.mkdir(parents=True, exist_ok=True)
    path, chunks = folder / "bare-copy", list(body())
    began = time.perf_counter()
    with path.open("wb", buffering=0) as file:
        for chunk in chunks:
            file.write(chunk)
        os.fsync(file.fileno())
    took = time.perf_counter() - began
    path.unlink()
    return MAX_BYTES / 1e6 / took


def body() -> Iterator[bytes]:
    """100 MB that begin as a film does, in pieces as a server reads them."""
    head = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
    yield head + os.urandom(CHUNK - len(head))
    noise = os.urandom(CHUNK)
    left = MAX_BYTES - CHUNK
    while left > 0:
        yield noise[:left]
        left -= len(noise)


def _reporter(stack: Stack) -> tuple[Receipt, Browser]:
    """Somebody who has sent a report and is at its progress page."""
    ((draft_id, _browser),) = reports.ready(stack, 1)
    engine = make_engine(stack.settings.database_url, pool_size=1)
    with make_sessions(engine)() as session:
        act_as(session, Actor(ActorKind.CITIZEN, draft_id=draft_id))
        keys, now = Keys.from_settings(stack.settings), dt.datetime.now(dt.UTC)
        receipt = intake.submit(session, draft_id=draft_id, keys=keys, now=now)
        data = {"contacts": {receipt.reference: str(receipt.contact_id)}}
        browser = open_browser(session, stack.settings, audience=Audience.CITIZEN, data=data)
        session.commit()
    engine.dispose()
    return receipt, browser


def _beside(port: int, page: Request, receipt: Receipt, browser: Browser) -> list[float]:
    """One file after another on one connection, and the page on another until all are there."""
    rates: list[float] = []
    uploading = threading.Thread(
        target=lambda: rates.extend(_upload(port, receipt, browser) for _ in range(_TIMES)), name="uploads"
    )
    times: list[float] = []
    uploading.start()
    while uploading.is_alive():
        times += send_all(port, [[page] * 20]).times_ms
    uploading.join()
    if len(rates) != _TIMES:
        raise RuntimeError("an upload failed")
    return times


def _upload(port: int, receipt: Receipt, browser: Browser) -> float:
    """Megabytes a second from the first byte sent to the answer that the whole file is here."""
    headers = {"Cookie": browser.cookie, "X-CSRFToken": browser.csrf}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    base = f"/progress/{receipt.reference}/files/sent/begin"
    asked = json.dumps({"name": "film.mp4", "size": MAX_BYTES})
    connection.request("POST", base, asked, {**headers, "Content-Type": "application/json"})
    url = _answer(connection, 201)["url"]
    connection.close()
    return _send(port, str(url), headers)


def _send(port: int, url: str, headers: dict[str, str]) -> float:
    """Megabytes a second for 100 MB in pieces, each durable before the next is sent."""
    whole, answer = b"".join(body()), {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began = time.perf_counter()
    for at in range(0, MAX_BYTES, PIECE):
        sent = {**headers, "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}
        connection.request("PATCH", url, whole[at : at + PIECE], sent)
        answer = _answer(connection, 200)
    took = time.perf_counter() - began
    connection.close()
    if not answer["done"]:
        raise RuntimeError("the file did not arrive")
    return MAX_BYTES / 1e6 / took


def _answer(connection: http.client.HTTPConnection, wanted: int) -> dict[str, object]:
    answer = connection.getresponse()
    heard = answer.read()
    if answer.status != wanted:
        raise RuntimeError(f"an upload was answered {answer.status}: {heard[:300]!r}")
    told: dict[str, object] = json.loads(heard)
    return told

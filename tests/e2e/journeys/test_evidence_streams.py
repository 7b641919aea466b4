"""Bodies without an end, and lengths beyond all measure, at the real server: refused early, and nobody waits."""

from __future__ import annotations

import http.client
import json
import socket
import time
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.e2e.journeys.test_evidence import to_files
from tests.support.browser import PHONE, People
from tests.support.stack import Stack

_PIECE = b"10000\r\n" + b"\xff\xd8\xff\xe0" + bytes(65_532) + b"\r\n"


def _begun(page: Page, size: int) -> tuple[str, dict[str, str]]:
    """An upload's address, and the headers that its browser would send."""
    place = page.locator("[data-files]")
    token = place.get_attribute("data-token") or ""
    begun = page.request.post(
        f"{'/'.join(page.url.split('/')[:3])}{place.get_attribute('data-begin')}",
        data={"name": "endless.jpg", "size": size},
        headers={"Accept": "application/json", "X-CSRFToken": token},
    )
    assert begun.status == 201
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())
    return str(begun.json()["url"]), {"Accept": "application/json", "X-CSRFToken": token, "Cookie": cookies}


def test_endless_stream_is_refused_early_and_holds_up_nobody(people: People, stack: Stack) -> None:
    page = people.come(PHONE).page("/")
    to_files(page, stack)
    url, headers = _begun(page, 500_000)
    place = urlsplit(stack.address)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as line:
        head = {**headers, **stack.caller(), "Host": place.netloc, "Upload-Offset": "0"}
        told = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        line.sendall(f"PATCH {url} HTTP/1.1\r\n{told}Transfer-Encoding: chunked\r\n\r\n".encode())
        line.setblocking(False)
        answer, sent, deadline = b"", 0, time.monotonic() + 30
        while not answer and sent < 400_000_000 and time.monotonic() < deadline:
            try:
                sent += line.send(_PIECE)
            except BlockingIOError:
                pass
            except (BrokenPipeError, ConnectionResetError):
                break
            try:
                answer = line.recv(4096)
            except BlockingIOError:
                continue
    assert b" 413 " in answer.split(b"\r\n", 1)[0]
    assert sent < 400_000_000
    page.reload()
    expect(page.locator("[data-file]")).to_contain_text("bigger than 100 MB")


def test_length_beyond_all_measure_is_refused_before_a_byte(people: People, stack: Stack) -> None:
    page = people.come(PHONE).page("/")
    to_files(page, stack)
    url, headers = _begun(page, 500_000)
    place = urlsplit(stack.address)
    line = http.client.HTTPConnection(place.netloc, timeout=20)
    line.putrequest("PATCH", url)
    for name, value in {**headers, **stack.caller(), "Upload-Offset": "0", "Content-Length": "20000000000"}.items():
        line.putheader(name, value)
    line.endheaders()
    answer = line.getresponse()
    assert answer.status == 413
    told = json.loads(answer.read())
    assert "999" in told["emergency"]
    line.close()
    # It is not the file's end: the right piece is still taken.
    got = page.request.head(f"{stack.address}{url}", headers=headers)
    assert (got.headers["upload-offset"], got.headers["upload-complete"]) == ("0", "?0")

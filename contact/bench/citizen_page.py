"""What a citizen's page weighs and how long the server thinks about it."""

from __future__ import annotations

import http.client
import re
import statistics

from contact.bench import reports
from contact.bench.load import Request, send_all
from contact.bench.row import Row
from contact.bench.stack import Stack

READS = 200
_ASSET = re.compile(rb'(?:href|src)="(/static/[^"]+)"')


def rows(stack: Stack) -> list[Row]:
    """First visit with everything it fetches, a later page, and the median of a question page."""
    draft_id, browser = reports.ready(stack, 1)[0]
    page = f"/report/theft/{draft_id}/incident-description"
    with stack.web(2) as port:
        page = _a_question(port, browser.cookie, page)
        first = _weight(port, "/", "") + sum(_weight(port, path, "") for path in _assets(port, "/"))
        later = _weight(port, page, browser.cookie)
        request = Request("GET", page, {"Cookie": browser.cookie, "Accept-Encoding": "br"})
        send_all(port, [[request] * 20])
        median = statistics.median(send_all(port, [[request] * READS]).times_ms)
    return [
        Row("citizen page, first visit", first / 1000, "kB", None, None, "<= 100 kB compressed", first <= 100_000),
        Row("citizen page, after", later / 1000, "kB", None, None, "<= 15 kB compressed", later <= 15_000),
        Row("citizen question page, median", median, "ms", None, None, "<= 15 ms", median <= 15),
    ]


def _a_question(port: int, cookie: str, fallback: str) -> str:
    """The address of a question page, from the check-answers page's own links."""
    path = fallback.rsplit("/", 1)[0] + "/check"
    body = _get(port, path, cookie, encoding="identity")
    found = re.findall(rb'href="(/report/theft/[^"]+)"', body)
    pages = [link.decode() for link in found if b"check" not in link and b"danger" not in link]
    return pages[len(pages) // 2] if pages else fallback


def _assets(port: int, path: str) -> set[str]:
    return {found.decode() for found in _ASSET.findall(_get(port, path, "", encoding="identity"))}


def _weight(port: int, path: str, cookie: str) -> int:
    return len(_get(port, path, cookie, encoding="br"))


def _get(port: int, path: str, cookie: str, *, encoding: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": encoding})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"GET {path} answered {answer.status}")
    return body

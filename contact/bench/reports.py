"""Accepting a report: the check-answers POST until its confirmation is durable."""

from __future__ import annotations

import datetime as dt
import json
from urllib.parse import urlencode
from uuid import UUID, uuid4

from contact.app import create_app
from contact.bench.browsers import Browser, open_browser
from contact.bench.captured import capturing
from contact.bench.load import Request, Result, send_all
from contact.bench.row import Row, percentile
from contact.bench.stack import Stack
from contact.demo.stories import stories
from contact.services import drafts
from contact.store.engine import make_engine, make_sessions
from contact.web.shared.cookies import Audience

CONNECTIONS = 4
REPORTS = 1500
FLOOR_FILE = "floor.pickle"
SWAPS_FILE = "floor-swaps.json"


def rows(stack: Stack) -> list[Row]:
    """Rate against the floor, and the p95."""
    made = ready(stack, 2 * REPORTS + 2 + 100)
    _capture(stack, made.pop(), made.pop())
    with stack.web(2) as port:
        send_all(port, _lanes([made.pop() for _ in range(100)]))
        ours = send_all(port, _lanes([made.pop() for _ in range(REPORTS)]))
    floor = _floor(stack, made)
    p95 = percentile(ours.times_ms, 0.95)
    ratio = ours.rate / floor.rate
    rate_ok = ratio >= 0.5 and ours.rate >= 180
    return [
        Row("accept a report", ours.rate, "a second", floor.rate, ratio, ">= 0.5 of the floor, >= 180/s", rate_ok),
        Row("accept a report, p95", p95, "ms", percentile(floor.times_ms, 0.95), None, "<= 40 ms", p95 <= 40),
    ]


def ready(stack: Stack, count: int) -> list[tuple[UUID, Browser]]:
    """Finished drafts, each in a browser of its own; one is made by the service and copied."""
    now = dt.datetime.now(dt.UTC)
    story = stories(now)[0]
    engine = make_engine(stack.settings.database_url, pool_size=1)
    with make_sessions(engine)() as session:
        view = drafts.start(session, form_id=story.form_id, force_id=story.force_id, language="en", now=now)
        drafts.save(session, draft_id=view.id, page_id="bench", answers=dict(story.answers), now=now)
        session.commit()
        ids = [uuid4() for _ in range(count)]
        with stack.superuser() as connection:
            connection.execute(
                "INSERT INTO drafts SELECT made, form_id, form_sha256, force_id, answers, language, code_hash,"
                " created_at, updated_at, expires_at, contact_id FROM drafts, unnest(%s::uuid[]) AS made WHERE id = %s",
                (ids, view.id),
            )
            connection.execute("VACUUM ANALYZE drafts")
        found = []
        for draft_id in ids:
            data = {"drafts": {str(draft_id): str(draft_id)}}
            found.append((draft_id, open_browser(session, stack.settings, audience=Audience.CITIZEN, data=data)))
        session.commit()
    engine.dispose()
    return found


def _request(draft_id: UUID, browser: Browser) -> Request:
    headers = {"Cookie": browser.cookie, "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"csrf_token": browser.csrf, "go": "send"}).encode()
    return Request("POST", f"/report/theft/{draft_id}/check", headers, body, expect=303)


def _lanes(made: list[tuple[UUID, Browser]]) -> list[list[Request]]:
    requests = [_request(*each) for each in made]
    return [requests[lane::CONNECTIONS] for lane in range(CONNECTIONS)]


def _capture(stack: Stack, warming: tuple[UUID, Browser], kept: tuple[UUID, Browser]) -> None:
    """Send two reports through the whole application in this process; the second, on a warm one, is noted."""
    client = create_app(stack.settings).test_client(use_cookies=False)
    draft_id, browser = kept
    for each in (warming, kept):
        request = _request(*each)
        with capturing() as captured:
            answer = client.post(request.path, data=request.body, headers=request.headers)
        if answer.status_code != 303 or "/sent" not in answer.headers["Location"]:
            raise RuntimeError(f"the report was not accepted: {answer.status_code} {answer.headers.get('Location')}")
    captured.save(stack.home / FLOOR_FILE)
    with stack.superuser() as connection:
        found = connection.execute(
            "SELECT c.reference FROM contacts c JOIN drafts d ON d.contact_id = c.id WHERE d.id = %s", (draft_id,)
        ).fetchone()
    (stack.home / SWAPS_FILE).write_text(
        json.dumps({"draft": str(draft_id), "cookie": browser.cookie, "reference": found[0] if found else ""})
    )


def _floor(stack: Stack, made: list[tuple[UUID, Browser]]) -> Result:
    """The same statements from a bare view under the same server."""
    more = {"BENCH_CAPTURED": str(stack.home / FLOOR_FILE), "BENCH_SWAPS": str(stack.home / SWAPS_FILE)}
    with stack.web(2, "contact.bench.floor_app:application", **more) as port:
        send_all(port, _lanes(made[:50]))
        return send_all(port, _lanes(made[50 : 50 + REPORTS - 50]))

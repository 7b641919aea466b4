"""A small world in which every page of both audiences can be opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page

from contact.domain.access import SYSTEM, Role
from contact.services import accounts
from contact.store.engine import make_engine, make_sessions
from tests.support.browser import DESKTOP, PHONE, People, Person, follow
from tests.support.pages import Receipt, begin, fill_to_check, follow_up, row, send, sign_in
from tests.support.stack import Stack
from tests.support.stack_reports import Held, Reporter, emergency, report

FORCE = "derbyshire"
LOOKED_AT = "looked_at"
"""The property of a test's report: how many pages it looked at."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many pages of forms were looked at, and for how long."""
    pages, seconds = 0, 0.0
    for each in (*terminalreporter.stats.get("passed", ()), *terminalreporter.stats.get("failed", ())):
        looked = dict(each.user_properties).get(LOOKED_AT)
        if looked is not None:
            pages, seconds = pages + int(looked), seconds + each.duration
    if pages:
        terminalreporter.write_line(f"looked at {pages} pages of forms in {seconds:.0f} s")


@dataclass
class World:
    """People who are already somewhere. `draft` is the address of a theft that only waits to be sent."""

    stack: Stack
    citizen: Person
    draft: str
    sent: str
    held: Held
    sensitive: Held
    door: str
    handler: Page
    contact: str
    waiting: Held
    admin: Page
    colleague: str
    invitation: str
    crowd: People

    def open(self, path: str) -> Page:
        """One of the citizen's pages."""
        return self.citizen.page(path)


@pytest.fixture(scope="module")
def crowd(browser: Browser, stack: Stack) -> Iterator[People]:
    """People who stay for all tests of a module."""
    made = People(browser, stack, axe=True)
    yield made
    made.go()


@pytest.fixture(scope="module")
def world(crowd: People, stack: Stack) -> World:
    """Everybody in place."""
    citizen = crowd.come(PHONE)
    citizen.may_say("status of 4(0[01349]|10)")
    page = citizen.page("/")
    begin(page)
    fill_to_check(page)
    held = send(page)
    sent = page.url.removeprefix(stack.address)
    follow_up(page, held)
    sensitive = report(stack, "sexual-offence", FORCE, contactPreference={
        "how": "online", "value": "", "when": "", "safe_word": "kettle"})  # fmt: skip
    follow_up(page, Receipt(sensitive.reference, sensitive.words))
    page.goto(f"{stack.address}/emergency?force={FORCE}")
    page.get_by_label("What is happening?").fill("Somebody is at the door")
    follow(page, page.get_by_role("button", name="Send now"))
    if page.get_by_label("Police force").count():
        page.get_by_label("Police force").select_option(FORCE)
        follow(page, page.get_by_role("button", name="Send now"))
    door = page.url.removeprefix(stack.address)
    page.goto(stack.address + "/")
    begin(page)
    draft = page.url.removeprefix(stack.address).rsplit("/", 1)[0]
    page.close()
    Reporter(stack).answer_all(draft, "theft", {})

    waiting = report(stack, force_id=FORCE)
    emergency(stack, FORCE)
    room = crowd.come(DESKTOP)
    room.may_say("status of 40[01349]")
    handler = sign_in(room, stack.hire("Rosa Webb", **{FORCE: Role.SUPERVISOR}))
    contact = str(stack.rows("SELECT id FROM contacts WHERE reference = %s", waiting.reference)[0][0])
    row(handler, waiting.reference).get_by_role("link").first.wait_for()
    office = crowd.come(DESKTOP)
    office.may_say("status of 40[013]")
    admin = sign_in(office, stack.hire("Stan Cole", **{FORCE: Role.FORCE_ADMIN}), path="/control-room/admin/agents")
    hired = stack.hire("Tess Boyd", **{FORCE: Role.CALL_HANDLER})
    colleague = str(stack.rows("SELECT id FROM agents WHERE email = %s", hired.email)[0][0])
    return World(
        stack, citizen, draft, sent, Held(held.reference, held.words), sensitive, door, handler, contact, waiting,
        admin, colleague, invite(stack, colleague), crowd,
    )  # fmt: skip


def invite(stack: Stack, agent_id: str) -> str:
    """A link that sets somebody's account up anew."""
    engine = make_engine(stack.server.urls().worker, pool_size=1)
    with make_sessions(engine, SYSTEM).begin() as session:
        link = accounts.make_link(
            session, agent_id=UUID(agent_id), kind="reset", created_by=None, now=dt.datetime.now(dt.UTC), force_id=FORCE
        )
    engine.dispose()
    return link.path

"""The register of certificates and its letters, each page in the states it can be brought into."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import SYSTEM
from contact.store.engine import make_engine, make_sessions
from tests.e2e.accessibility.conftest import FORCE, World
from tests.e2e.accessibility.licensing_visits import desk_of, press
from tests.support.browser import follow
from tests.support.register import Held, holder

States = Iterator[tuple[str, Page]]


@dataclass
class _Behind:
    """A demonstration's own database, as the worker."""

    system: sessionmaker[Session]
    north: str


def held(world: World, expires: dt.date = dt.date(2027, 3, 1)) -> Held:
    """A certificate of the force with one gun, new for each visit."""
    engine = make_engine(world.stack.server.urls().worker, pool_size=1)
    try:
        return holder(
            _Behind(make_sessions(engine, SYSTEM), FORCE), number=f"SG-{secrets.randbelow(10**6)}", expires=expires
        )
    finally:
        engine.dispose()


def one_certificate(world: World) -> States:
    """Why one is opened that no work leads to; a certificate, everything open; an error; and what was recorded."""
    page, _address = desk_of(world)
    far = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=900)).replace(day=1)
    page.goto(f"{world.stack.address}/control-room/licensing/certificates/{held(world, expires=far).id}")
    yield "why it is opened", page
    press(page, "Open it")
    yield "no reason chosen", page
    page.goto(f"{world.stack.address}/control-room/licensing/certificates/{held(world).id}")
    for more in page.locator("main details > summary").all():
        more.click()
    yield "everything open", page
    page.locator("#state-event").select_option("revoke")
    follow(page, page.locator("#moves-heading ~ details").first.get_by_role("button", name="Record"), surely=False)
    yield "with an error", page


def register(world: World) -> States:
    """The list, an empty search and one that found something."""
    made = held(world)
    page, _address = desk_of(world)
    page.goto(f"{world.stack.address}/control-room/licensing/certificates")
    yield "the list", page
    press(page, "Find")
    yield "with an error", page
    page.locator("#q").fill(made.number)
    press(page, "Find")
    yield "found", page
    page.goto(f"{world.stack.address}/control-room/licensing/certificates?list=guns-to-go")
    yield "guns that nothing allows", page


def exports(world: World) -> States:
    """Asking for holders: an error, and what waits for another officer, seen by both."""
    page, _address = desk_of(world)
    page.goto(f"{world.stack.address}/control-room/licensing/certificates/exports")
    yield "as it is", page
    press(page, "Ask for it")
    expect(page.get_by_role("alert")).to_contain_text("Choose what you need")
    yield "with an error", page
    page.locator("#export-what").select_option("holders")
    page.locator("#export-reason").fill("Audit of the register")
    press(page, "Ask for it")
    expect(page.get_by_role("status")).to_contain_text("Another licensing officer")
    yield "asked for", page
    other, _address = desk_of(world)
    other.goto(f"{world.stack.address}/control-room/licensing/certificates/exports")
    yield "to release", other


def letters(world: World) -> States:
    """The list of letters."""
    page, _address = desk_of(world)
    page.goto(f"{world.stack.address}/control-room/licensing/letters")
    yield "as it is", page


REGISTER: dict[str, Callable[[World], States]] = {
    "licensing.certificate": one_certificate,
    "licensing.exports": exports,
    "licensing.letters": letters,
    "licensing.register_page": register,
}

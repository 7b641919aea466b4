"""Chromium for the tests: every page is watched, and an error on its console or against its policy fails the test."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Route,
    expect,
    sync_playwright,
)

from contact.run.proof import find_browser
from tests.support.stack import Stack

_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
PHONE, DESKTOP, NARROW = (360, 740), (1280, 900), (320, 640)
PATIENCE_MS = 30_000
LEADS_ON_WITHIN_S, MAY_LEAD_ON_WITHIN_S = 30.0, 5.0
_TELL_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`))"""
_RUN_AXE = """options => {
  if (typeof axe !== "object") {
    if (typeof bringAxe !== "function") return null;
    bringAxe();
  }
  return axe.run(document, options).then(found => found.violations);
}"""
_OUTSIDE = "<!DOCTYPE html><html lang=en><title>Weather</title><link rel=icon href=data:,><h1>Weather</h1>"


@dataclass
class Person:
    """Somebody at a browser of their own: a context with its cookies, and what went wrong in it."""

    context: BrowserContext
    address: str
    problems: list[str] = field(default_factory=list)
    allowed: list[re.Pattern[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(_TELL_VIOLATIONS)
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.problems.append(f"error: {error.error}"))
        self.context.route(re.compile(rf"^https?://(?!{re.escape(self.address.split('//')[1])})"), self._outside)

    def page(self, path: str | None = None) -> Page:
        """A new tab, opened at a path of ours."""
        tab = self.context.new_page()
        if path is not None:
            tab.goto(self.address + path)
        return tab

    def until(self, condition: Callable[[], bool], why: str) -> None:
        """Wait while the browser goes on; raises AssertionError with `why` when the condition does not come to hold."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not condition():
            assert time.monotonic() < deadline, why
            self.context.pages[-1].wait_for_timeout(50)

    def may_say(self, pattern: str) -> None:
        """What the console may say in this test, because the test provokes it."""
        self.allowed.append(re.compile(pattern))

    def check(self) -> None:
        """Raises AssertionError with everything that was said and not allowed."""
        wrong = [line for line in self.problems if not any(each.search(line) for each in self.allowed)]
        assert not wrong, "the browser complained:\n" + "\n".join(wrong)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} or "Content Security Policy" in message.text:
            self.problems.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _outside(self, route: Route) -> None:
        """Nothing leaves this machine. Only the exit may lead away, as a page of its own."""
        if route.request.is_navigation_request():
            route.fulfill(status=200, content_type="text/html", body=_OUTSIDE)
        else:
            self.problems.append(f"asked for {route.request.url}")
            route.abort()


@dataclass
class People:
    """Makes people, and checks at the end what their browsers said."""

    browser: Browser
    stack: Stack
    made: list[Person] = field(default_factory=list)
    axe: bool = False
    """Whether their browsers have axe at hand. Handing it to each page costs as much again as all else but its run."""

    def come(self, size: tuple[int, int] = DESKTOP, *, javascript: bool = True, **more: Any) -> Person:  # noqa: ANN401
        """A person with a fresh browser; `more` are Playwright's options of a context."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
            extra_http_headers=self.stack.caller(),
            **more,
        )
        person = Person(context, self.stack.address)
        if self.axe and javascript:
            context.add_init_script(f"window.bringAxe = function () {{{_axe()}\n}};")
        self.made.append(person)
        return person

    def go(self) -> None:
        """Close every browser, then fail where one complained."""
        for person in self.made:
            person.context.close()
        for person in self.made:
            person.check()


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Chromium without a screen; skips where there is none, and fails there in CI."""
    path = os.environ.get("CHROMIUM") or find_browser()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium was found, and in CI the browser tests must run")
        pytest.skip("no Chromium was found; to have these tests: apt-get install -y chromium")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


def follow(page: Page, pressed: Locator, *, surely: bool = True) -> None:
    """Press what leads on, and wait until the next page is open: a press returns before its form has begun to leave.

    Raises AssertionError where no page comes. Not `surely`: it may as well change the page that is open.
    """
    before, began = _document(page), time.monotonic()
    pressed.click()
    while _document(page) in (None, before):
        waited = time.monotonic() - began
        if not surely and waited > MAY_LEAD_ON_WITHIN_S:
            break
        assert waited < LEADS_ON_WITHIN_S, f"nothing came of a press at {page.url}"
        page.wait_for_timeout(20)
    page.wait_for_load_state()


def _document(page: Page) -> float | None:
    """What tells one document of a tab from the next; None while one takes the place of another."""
    try:
        return float(page.evaluate("performance.timeOrigin"))
    except Error:
        return None


def check_axe(page: Page, where: str = "", *, options: dict[str, Any] | None = None) -> None:
    """Raises AssertionError in plain words where axe finds a fault of any kind. A page is handed axe once."""
    wanted = {"resultTypes": ["violations"]} | (options or {})
    try:
        found = page.evaluate(_RUN_AXE, wanted)
        if found is None:
            page.evaluate(f"{_axe()}\n;0")
            found = page.evaluate(_RUN_AXE, wanted)
    except Error as error:
        raise AssertionError(f"axe could not look at {where or page.url}: {error}") from error
    faults = [
        f"{each['id']} ({each['impact']}): {each['help']}\n    "
        + "\n    ".join(f"{node['target']} {node['html'][:200]}" for node in each["nodes"][:4])
        for each in found
    ]
    assert not faults, f"axe at {where or page.url}:\n" + "\n".join(faults)


@cache
def _axe() -> str:
    """What the package carries, as it is published."""
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

"""One demonstration and one Chromium for all browser tests; `people` gives each test its own browsers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import People, running_browser
from tests.support.force_sites import Sites, running_sites
from tests.support.stack import Stack, running_stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with running_browser() as running:
        yield running


@pytest.fixture(scope="session")
def sites() -> Iterator[Sites]:
    """Web sites that show the chat, or try to."""
    with running_sites() as running:
        yield running


@pytest.fixture(scope="session")
def stack(browser: Browser, sites: Sites) -> Iterator[Stack]:
    """The demonstration; it is started only where there is a browser."""
    with running_stack(WIDGET_ORIGINS=f"kent={sites.own}") as running:
        yield running


@pytest.fixture
def people(browser: Browser, stack: Stack) -> Iterator[People]:
    """People with browsers of their own. A complaint of one of them, or an error of the web's, fails the test."""
    made, before = People(browser, stack), stack.log_end()
    yield made
    faults = stack.faults(before)
    assert not faults, faults[-4000:]
    made.go()

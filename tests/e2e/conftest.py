"""One demonstration and one Chromium for all browser tests; `people` gives each test its own browsers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import People, running_browser
from tests.support.stack import Stack, running_stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with running_browser() as running:
        yield running


@pytest.fixture(scope="session")
def stack(browser: Browser) -> Iterator[Stack]:
    """The demonstration; it is started only where there is a browser."""
    with running_stack() as running:
        yield running


@pytest.fixture
def people(browser: Browser, stack: Stack) -> Iterator[People]:
    """People with browsers of their own. A complaint of one of them, or an error of the web's, fails the test."""
    made, before = People(browser, stack), stack.log_end()
    yield made
    faults = stack.faults(before)
    assert not faults, faults[-4000:]
    made.go()

"""How a page is visited: the ways that many pages share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from tests.e2e.accessibility.conftest import FORCE, World
from tests.support.browser import follow

States = Iterator[tuple[str, Page]]
Visit = Callable[[World], States]


def press(page: Page, name: str) -> None:
    """Press a button of the page and wait for what comes."""
    follow(page, page.get_by_role("main").get_by_role("button", name=name).first, surely=False)


def plain(path: str) -> Visit:
    """A page of the public's that has one state."""

    def visit(world: World) -> States:
        yield "as it is", world.open(path.format(world=world, force=FORCE))

    return visit


def wrong(path: str, button: str, **fields: str) -> Visit:
    """A page of the public's, and the same after a form that could not be taken."""

    def visit(world: World) -> States:
        page = world.open(path.format(world=world, force=FORCE))
        yield "as it is", page
        for label, value in fields.items():
            page.locator(f"[name={label}]").first.fill(value)
        press(page, button)
        yield "with an error", page

    return visit


def staff(path: str) -> Visit:
    """A page of the control room's."""

    def visit(world: World) -> States:
        page = world.handler
        page.goto(world.stack.address + path.format(world=world))
        yield "as it is", page

    return visit


def office(path: str, button: str = "") -> Visit:
    """A page of the administrators', and after an empty form."""

    def visit(world: World) -> States:
        page = world.admin
        page.goto(world.stack.address + path.format(world=world))
        yield "as it is", page
        if button:
            press(page, button)
            yield "with an error", page

    return visit


def legal(path: str) -> Visit:
    """A page that every site must have, in each language, as the national front and as a force say it."""

    def visit(world: World) -> States:
        yield "as it is", world.open(path)
        for language in ("cy", "en"):
            yield f"of a force, {language}", world.open(f"{path}?force={FORCE}&lang={language}")

    return visit

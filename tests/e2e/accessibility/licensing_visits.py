"""The licensing desk's pages, each in the states it can be brought into."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from contact.domain.access import Role
from tests.e2e.accessibility.conftest import FORCE, World
from tests.support.browser import DESKTOP
from tests.support.pages import sign_in
from tests.support.stack_licensing import applied

States = Iterator[tuple[str, Page]]
Visit = Callable[[World], States]


def press(page: Page, name: str) -> None:
    """Press a button of the page and wait for what comes."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def desk_of(world: World) -> tuple[Page, str]:
    """A licensing officer's browser, and the address of an application that just came."""
    sent = applied(world.stack, FORCE)
    room = world.crowd.come(DESKTOP)
    room.may_say("status of 400")  # the forms that are refused below
    officer = world.stack.hire("Jo Carter", **{FORCE.replace("-", "_"): Role.LICENSING_OFFICER})
    page = sign_in(room, officer, path="/control-room/licensing/")
    return page, f"{world.stack.address}/control-room/licensing/applications/{sent.contact_id}"


def licensing(world: World) -> States:
    """The licensing desk: its lists and search, an application that goes through its states, and its other pages."""
    page, address = desk_of(world)
    for view in ("", "?view=awaiting", "?view=expiring"):
        page.goto(f"{world.stack.address}/control-room/licensing/{view}")
        yield view or "the caseload", page
    page.goto(address)
    for more in page.locator("main details > summary").all():
        more.click()
    yield "new, everything open", page
    press(page, "Complete: accept it")
    press(page, "Begin the checks")
    for more in page.locator("main details > summary").all():
        more.click()
    yield "being checked, everything open", page
    press(page, "Recommend")
    page.wait_for_load_state()
    yield "with an error", page


def licensing_page(path: str, button: str = "") -> Visit:
    """A page of one application, or of the desk itself where `path` begins with a slash."""

    def visit(world: World) -> States:
        page, address = desk_of(world)
        page.goto(world.stack.address + "/control-room/licensing" + path if path[0] == "/" else f"{address}/{path}")
        yield "as it is", page
        if button:
            press(page, button)
            yield "with an error", page

    return visit


LICENSING: dict[str, Visit] = {
    "licensing.application": licensing,
    "licensing.caseload": licensing_page("/?view=mine"),
    "licensing.decision_sheet": licensing_page("sheet"),
    "licensing.nflms_fields": licensing_page("nflms"),
    "licensing.search": licensing_page("/search", "Find"),
}

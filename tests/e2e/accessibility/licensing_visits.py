"""The licensing desk's pages, each in the states it can be brought into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from playwright.sync_api import Page, expect

from contact.domain.access import Role
from tests.e2e.accessibility.conftest import FORCE, World
from tests.support.browser import DESKTOP, follow
from tests.support.licensing import Applied
from tests.support.pages import Receipt, follow_up, sign_in
from tests.support.stack_licensing import applied

States = Iterator[tuple[str, Page]]
Visit = Callable[[World], States]


def press(page: Page, name: str) -> None:
    """Press a button of the page and wait for what comes."""
    follow(page, page.get_by_role("main").get_by_role("button", name=name, exact=True).first, surely=False)


def desk_of(world: World, sent: Applied | None = None) -> tuple[Page, str]:
    """A licensing officer's browser, and the address of an application that just came."""
    sent = sent or applied(world.stack, FORCE)
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


def applicant(path: str, button: str = "") -> Visit:
    """A page of the applicant's, who gave reference and words; and after an empty form."""

    def visit(world: World) -> States:
        sent = applied(world.stack, FORCE)
        page = world.open("/")
        follow_up(page, Receipt(sent.reference, sent.words))
        page.goto(f"{world.stack.address}/application/{sent.reference}{path}")
        yield "as it is", page
        if button:
            press(page, button)
            yield "with an error", page

    return visit


def offered_visit(world: World) -> States:
    """Times to choose from, an error, and the time that was chosen."""
    sent = applied(world.stack, FORCE)
    officer, address = desk_of(world, sent)
    officer.goto(address)
    press(officer, "Complete: accept it")
    press(officer, "Begin the checks")
    officer.locator("#visit summary", has_text="Offer times").click()
    day = (dt.datetime.now(dt.UTC) + dt.timedelta(days=5)).date().isoformat()
    officer.locator("#offer-day-1").fill(day)
    officer.locator("#offer-time-1").fill("10:00")
    press(officer, "Offer them")
    page = world.open("/")
    follow_up(page, Receipt(sent.reference, sent.words))
    page.goto(f"{world.stack.address}/application/{sent.reference}/visit")
    yield "times offered", page
    press(page, "Continue")
    yield "with an error", page
    page.get_by_role("radio").first.check()
    press(page, "Continue")
    yield "chosen", page
    page.get_by_role("link", name="Change or call off our visit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change or call off our visit")
    yield "to change it", page
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("Choose what we should do")
    yield "changed with an error", page
    officer.goto(address)
    officer.locator("#visit summary", has_text="Move it").click()
    yield "the officer's moving it", officer
    officer.goto(f"{address}/visit")
    yield "the officer's checklist", officer
    press(officer, "Add photos")
    yield "photos of the visit", officer
    press(officer, "Add it")
    yield "photos with an error", officer
    officer.goto(f"{address}/visit")
    press(officer, "Record the visit")
    yield "the checklist with errors", officer


LICENSING: dict[str, Visit] = {
    "citizen.application": applicant("", "Send message"),
    "citizen.application_visit": offered_visit,
    "citizen.change_visit": offered_visit,
    "citizen.withdraw_application": applicant("/withdraw"),
    "licensing.visit": offered_visit,
    "licensing.visit_photos": offered_visit,
    "licensing.application": licensing,
    "licensing.caseload": licensing_page("/?view=mine"),
    "licensing.decision_sheet": licensing_page("sheet"),
    "licensing.new_paper": licensing_page("/paper", "Enter it, then add the scan"),
    "licensing.nflms_fields": licensing_page("nflms"),
    "licensing.paper_scans": licensing_page("paper", "Add it"),
    "licensing.search": licensing_page("/search", "Find"),
}

"""The queue in real browsers: alive in every tab, steady under the keyboard, held while open, given back when not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from contact.domain.access import Role
from contact.run.private_database import DEFAULT_DATABASE
from tests.support.browser import DESKTOP, NARROW, People, check_axe
from tests.support.pages import row, sign_in
from tests.support.queue_data import QueueData
from tests.support.stack import Stack

FORCE = "cumbria"


class Desk:
    """A force's queue that these tests have to themselves."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.data = QueueData.at(stack.server.url("contact_superuser", DEFAULT_DATABASE))
        self.data.run("DELETE FROM contacts WHERE force_id = %s", FORCE)

    def arrive(
        self, minutes: int = 30, grade: str = "standard", category: str = "theft", flags: Sequence[str] = ()
    ) -> str:
        """A contact comes in, as the streams hear of it; answers its reference."""
        due_at = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)
        contact_id = self.data.contact(FORCE, due_at=due_at, grade=grade, category=category, flags=flags)
        self.data.run(
            "INSERT INTO events (force_id, chain, name, version, at, actor_kind, contact_id, data)"
            " VALUES (%s, %s, 'contact_received', 1, now(), 'system', %s, jsonb_build_object('category', %s::text,"
            " 'grade', %s::text, 'channel', 'web', 'sensitive', false, 'restricted', false, 'anonymous', false))",
            FORCE, FORCE, contact_id, category, grade,
        )  # fmt: skip
        return str(self.data.one("SELECT reference FROM contacts WHERE id = %s", contact_id)[0])

    def holder(self, reference: str) -> UUID | None:
        """Who holds it."""
        return self.data.one("SELECT holder_id FROM queue_entries WHERE reference = %s", reference)[0]  # type: ignore[return-value]


@pytest.fixture
def desk(stack: Stack) -> Desk:
    return Desk(stack)


def _room(people: People, stack: Stack, name: str, size: tuple[int, int] = DESKTOP) -> Page:
    page = sign_in(people.come(size), stack.hire(name, cumbria=Role.CALL_HANDLER))
    expect(page.locator("#queue-live")).to_have_text("Live")
    return page


def test_what_one_claims_leaves_the_others_screen_and_the_focus_stays(people: People, stack: Stack, desk: Desk) -> None:
    first, second, third = (desk.arrive(minutes) for minutes in (10, 20, 30))
    danger = desk.arrive(60, grade="emergency", category="domestic_abuse")
    ada, bo = _room(people, stack, "Ada Field"), _room(people, stack, "Bo Marsh")
    ada.evaluate("() => { window.neverReloaded = true }")
    for _ in range(3):
        ada.keyboard.press("j")
    expect(row(ada, second).get_by_role("link").first).to_be_focused()
    row(bo, danger).get_by_role("button", name=re.compile("Claim")).click()
    expect(row(ada, danger)).to_have_count(0)
    expect(row(ada, second).get_by_role("link").first).to_be_focused()
    expect(ada.locator("#queue-said")).to_contain_text("1 gone")
    bo.goto(stack.address + "/control-room/")
    row(bo, second).get_by_role("button", name=re.compile("Claim")).click()
    expect(row(ada, second)).to_have_count(0)
    expect(row(ada, third).get_by_role("link").first).to_be_focused()
    new = desk.arrive(15, category="robbery")
    expect(row(ada, new)).to_be_visible()
    expect(ada.locator("tr[data-key]")).to_have_text([re.compile(each) for each in (first, new, third)])
    assert ada.evaluate("() => window.neverReloaded") is True


def test_eight_tabs_of_one_browser_all_live_and_all_answer(people: People, stack: Stack, desk: Desk) -> None:
    desk.arrive()
    first = _room(people, stack, "Cy Wood")
    tabs = [first, *(first.context.new_page() for _ in range(7))]
    for tab in tabs[1:]:
        tab.goto(stack.address + "/control-room/")
        expect(tab.locator("#queue-live")).to_have_text("Live")
    new = desk.arrive(5, category="robbery")
    for tab in tabs:
        expect(row(tab, new)).to_be_visible()
    for tab in tabs:
        tab.get_by_role("link", name="Mine", exact=True).click()
        expect(tab.get_by_role("link", name="Mine", exact=True)).to_have_attribute("aria-current", "page")
    tabs[0].close()  # it held the stream: another takes over
    tabs[7].goto(stack.address + "/control-room/")
    later = desk.arrive(6, category="burglary")
    expect(row(tabs[7], later)).to_be_visible()


def test_scenario_15_after_a_cut_everything_missed_is_there(people: People, stack: Stack, desk: Desk) -> None:
    gone = desk.arrive(5)
    ada, bo = _room(people, stack, "Di Lake"), _room(people, stack, "Ed Hill")
    person = people.made[0]
    person.may_say(r"ERR_INTERNET_DISCONNECTED|ERR_NETWORK|ERR_FAILED")
    ada.evaluate("() => { window.neverReloaded = true }")
    ada.context.set_offline(True)
    row(bo, gone).get_by_role("button", name=re.compile("Claim")).click()
    missed = desk.arrive(7, category="robbery")
    ada.context.set_offline(False)
    expect(row(ada, missed)).to_be_visible(timeout=60_000)
    expect(row(ada, gone)).to_have_count(0)
    assert ada.evaluate("() => window.neverReloaded") is True


def test_one_key_claims_the_next_and_keys_can_be_switched_off(people: People, stack: Stack, desk: Desk) -> None:
    first, second = desk.arrive(1), desk.arrive(2)
    page = _room(people, stack, "Flo Reed")
    page.keyboard.press("?")
    expect(page.get_by_text("Next or previous contact in the list")).to_be_visible()
    page.get_by_label("Use keys on this computer").uncheck()
    page.keyboard.press("n")
    page.reload()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Use keys on this computer").check()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_contain_text(first)
    assert desk.holder(second) is None


def test_scenario_9_an_open_page_holds_and_a_dead_browser_gives_back(people: People, stack: Stack, desk: Desk) -> None:
    danger = desk.arrive(0, grade="emergency", category="assault")
    page = _room(people, stack, "Gus Dale")
    row(page, danger).get_by_role("button", name=re.compile("Claim")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(danger)
    ends = "SELECT lease_ends_at > now(), looked_at IS NOT NULL FROM queue_entries"
    page.wait_for_timeout(24_000)  # longer than the lease without a heartbeat
    assert desk.data.one(ends + " WHERE reference = %s", danger) == (True, True)
    page.context.close()
    stack.until(lambda: desk.holder(danger) is None, "the lease did not end", seconds=90)
    ended = "SELECT count(*) FROM events e JOIN contacts c ON c.id = e.contact_id WHERE e.name = 'lease_ended'"
    assert desk.data.one(ended + " AND c.reference = %s", danger) == (1,)


def test_the_queue_without_javascript(people: People, stack: Stack, desk: Desk) -> None:
    reference = desk.arrive(5)
    page = sign_in(people.come(javascript=False), stack.hire("Hal Moss", cumbria=Role.CALL_HANDLER))
    new = desk.arrive(6)
    page.get_by_role("link", name="Check for new messages").click()
    expect(row(page, new)).to_be_visible()
    row(page, reference).get_by_role("button", name=re.compile("Claim")).click()
    expect(page.get_by_role("button", name="Keep this contact")).to_be_visible()
    kind = desk.data.one("SELECT lease_kind FROM queue_entries WHERE reference = %s", reference)
    assert kind == ("page",)


def test_the_queue_is_accessible_and_fits_a_narrow_screen(people: People, stack: Stack, desk: Desk) -> None:
    page = _room(people, stack, "Ivy Nash", NARROW)
    check_axe(page, "the empty queue")
    desk.arrive(-5, grade="emergency", category="domestic_abuse", flags=["strangulation", "child"])
    for minutes, category in enumerate(("burglary", "harassment_stalking", "welfare_concern")):
        desk.arrive(minutes, category=category, flags=["weapon", "mental_health", "communication_need"])
    expect(page.locator("tr[data-key]")).to_have_count(4)
    check_axe(page, "the queue at 320 pixels")
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": 1440, "height": 900})
    check_axe(page, "the queue at 1440 pixels")
    page.goto(stack.address + "/control-room/alarms")
    check_axe(page, "alarms")

"""The queue stays true: eight tabs on one stream, lines that drop and come back, two hands on one contact (8, 15)."""

from __future__ import annotations

import re

from playwright.sync_api import Request, expect

from contact.domain.access import Role
from tests.support.browser import People
from tests.support.pages import claim, row, sign_in
from tests.support.stack import Stack
from tests.support.stack_reports import report

TABS = 8


def test_eight_tabs_have_one_stream_and_each_answers_and_is_told(people: People, stack: Stack) -> None:
    """Browsers allow six connections a site: a stream a tab would hang the seventh (engineering 8)."""
    person = people.come()
    streams: list[Request] = []
    person.context.on("request", lambda each: streams.append(each) if "/events" in each.url else None)
    tabs = [sign_in(person, stack.hire("Hana Ward", gwent=Role.CALL_HANDLER))]
    tabs += [person.page("/control-room/") for _ in range(TABS - 1)]
    for tab in tabs:
        expect(tab.locator("#queue-live")).to_have_text("Live")
    held = report(stack, force_id="gwent")
    for tab in tabs:
        expect(row(tab, held.reference)).to_have_count(1)
    assert len(streams) == 1
    for tab in tabs:
        tab.get_by_role("link", name="Snoozed").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("Queue")
        expect(tab.locator("#queue-live")).to_have_text("Live")


def test_another_tab_takes_the_stream_over_when_its_tab_closes(people: People, stack: Stack) -> None:
    person = people.come()
    first = sign_in(person, stack.hire("Ivo Hunt", lincolnshire=Role.CALL_HANDLER))
    second = person.page("/control-room/")
    expect(second.locator("#queue-live")).to_have_text("Live")
    first.close()
    held = report(stack, force_id="lincolnshire")
    expect(row(second, held.reference)).to_have_count(1)


def test_15_a_line_that_drops_and_comes_back_misses_nothing_and_shows_nothing_twice(
    people: People, stack: Stack
) -> None:
    person = people.come()
    person.may_say("ERR_INTERNET_DISCONNECTED|ERR_NETWORK|Failed to load")
    agent = stack.hire("Jill Crane", cheshire=Role.CALL_HANDLER)
    room = sign_in(person, agent)
    before = report(stack, force_id="cheshire")
    expect(row(room, before.reference)).to_have_count(1)
    room.evaluate("window.notReloaded = true")
    person.context.set_offline(True)
    # Playwright leaves a stream that runs; the operating system would not.
    room.evaluate("dispatchEvent(new Event('offline'))")
    missed = [report(stack, force_id="cheshire") for _ in range(3)]
    person.context.set_offline(False)
    for each in [before, *missed]:
        expect(row(room, each.reference)).to_have_count(1)
    later = report(stack, force_id="cheshire")
    expect(row(room, later.reference)).to_have_count(1)
    assert room.evaluate("window.notReloaded"), "it was loaded anew"
    rows = room.locator("tr[data-key]").all_inner_texts()
    assert len(rows) == len(set(rows))


def test_8_of_two_who_claim_one_is_told_who_has_it(people: People, stack: Stack) -> None:
    held = report(stack, force_id="norfolk")
    winner = stack.hire("Kit Lowe", norfolk=Role.CALL_HANDLER)
    late = people.come(javascript=False)  # this page does not refresh itself: it still offers the claim
    late.may_say("status of 409")
    second = sign_in(late, stack.hire("Lena Bird", norfolk=Role.CALL_HANDLER))
    first = sign_in(people.come(), winner)
    expect(row(second, held.reference)).to_be_visible()
    claim(first, held.reference)
    row(second, held.reference).get_by_role("button", name=re.compile("Claim")).click()
    expect(second.locator("main")).to_contain_text("Kit Lowe")
    sql = "SELECT name FROM agents JOIN contacts ON holder_id = agents.id WHERE reference = %s"
    assert stack.rows(sql, held.reference) == [("Kit Lowe",)]
    second.goto(f"{stack.address}/control-room/")
    refused = "SELECT count(*) FROM events WHERE name = 'claim_refused' AND data ->> 'why' = 'already_taken'"
    assert stack.rows(refused)[0][0] >= 1

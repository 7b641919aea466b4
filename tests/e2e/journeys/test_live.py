"""Tabs hand the stream on, and of two who claim one contact one is told who has it (scenario 8)."""

from __future__ import annotations

import re

from playwright.sync_api import Request, expect

from contact.domain.access import Role
from tests.support.browser import People
from tests.support.pages import claim, row, sign_in
from tests.support.stack import Stack
from tests.support.stack_reports import report


def test_another_tab_takes_the_stream_over_when_its_tab_closes(people: People, stack: Stack) -> None:
    person = people.come()
    streams: list[Request] = []
    person.context.on("request", lambda each: streams.append(each) if "/events" in each.url else None)
    first = sign_in(person, stack.hire("Ivo Hunt", lincolnshire=Role.CALL_HANDLER))
    expect(first.locator("#queue-live")).to_have_text("Live")
    second = person.page("/control-room/")
    expect(second.locator("#queue-live")).to_have_text("Live")
    assert len(streams) == 1
    first.close()
    person.until(lambda: len(streams) == 2, "nobody took the stream over")
    held = report(stack, force_id="lincolnshire")
    expect(row(second, held.reference)).to_have_count(1)


def test_scenario_8_of_two_who_claim_one_is_told_who_has_it(people: People, stack: Stack) -> None:
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

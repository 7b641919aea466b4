"""Another force takes over, and a restricted contact is there for nobody who is not named (scenario 22, practice 8)."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from contact.domain.access import Role
from tests.support.browser import People
from tests.support.pages import claim, row, sign_in
from tests.support.stack import Stack
from tests.support.stack_reports import report


def test_a_contact_moves_to_another_force_when_it_is_accepted(people: People, stack: Stack) -> None:
    held = report(stack, force_id="devon-and-cornwall")
    ours = sign_in(people.come(), stack.hire("Eve Tan", devon_and_cornwall=Role.CALL_HANDLER))
    theirs = sign_in(people.come(), stack.hire("Finn Roy", dorset=Role.CALL_HANDLER))
    expect(theirs.locator("#queue-live")).to_have_text("Live")
    claim(ours, held.reference)
    ours.get_by_text("Offer it to another force").click()
    card = ours.locator("#transfer")
    card.get_by_label("Force", exact=True).select_option("dorset")
    card.get_by_label("Why").select_option(index=1)
    card.get_by_role("button", name="Offer it").click()
    expect(ours.locator("#transfer")).to_contain_text("not accepted yet, on our clock")

    expect(row(theirs, held.reference)).to_contain_text("Offered by")
    row(theirs, held.reference).get_by_role("link", name=re.compile(held.reference)).first.click()
    theirs.get_by_role("button", name="Take it over").click()
    expect(theirs.get_by_role("heading", level=1)).to_contain_text(held.reference)
    sql = "SELECT force_id FROM contacts WHERE reference = %s"
    stack.until(lambda: stack.rows(sql, held.reference) == [("dorset",)], "it has not moved")
    ours.goto(stack.address + "/control-room/")
    expect(row(ours, held.reference)).to_have_count(0)


def test_a_restricted_contact_is_not_there_for_a_supervisor_who_is_not_named(people: People, stack: Stack) -> None:
    held = report(stack, "sexual-offence", "lancashire", suspectWorksForPolice="yes", safeNow="yes", anyoneHurt="no")
    ((contact_id, restricted),) = stack.rows("SELECT id, restricted FROM contacts WHERE reference = %s", held.reference)
    assert restricted
    seen = report(stack, force_id="lancashire")
    person = people.come()
    person.may_say("status of 404")
    room = sign_in(person, stack.hire("Gita Moss", lancashire=Role.SUPERVISOR))
    expect(row(room, seen.reference)).to_be_visible()
    expect(row(room, held.reference)).to_have_count(0)
    room.goto(f"{stack.address}/control-room/contacts/{contact_id}")
    expect(room.locator("body")).not_to_contain_text(held.reference)
    assert room.get_by_role("heading", level=1).inner_text() != held.reference
    room.goto(f"{stack.address}/control-room/search")
    room.get_by_label(re.compile("Reference, name")).fill(held.reference)
    room.get_by_role("button", name="Find").click()
    expect(room.get_by_text("Nothing found")).to_be_visible()
    sql = "SELECT count(*) FROM events WHERE name = 'opening_refused' AND data ->> 'asked_id' = %s"
    assert stack.rows(sql, str(contact_id))[0][0] == 1

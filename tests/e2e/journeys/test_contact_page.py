"""The contact page in a browser: it stays true by itself, keeps what is typed, obeys keys, works without a script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from contact.domain.access import Role
from contact.run.database_roles import DEFAULT_DATABASE
from contact.services import conversations
from tests.support.browser import DESKTOP, PHONE, People, check_axe, follow
from tests.support.cases import Cases
from tests.support.database import MigratedDatabase
from tests.support.pages import sign_in
from tests.support.stack import Agent, Stack


@pytest.fixture
def cases(stack: Stack) -> Iterator[Cases]:
    """Forces and reports of the test's own, in the demonstration's database."""
    urls = stack.server.urls(DEFAULT_DATABASE)
    made = Cases(MigratedDatabase(DEFAULT_DATABASE, urls.web, urls.worker, urls.owner, ""))
    yield made
    made.dispose()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _hire(stack: Stack, cases: Cases, name: str, role: Role = Role.CALL_HANDLER) -> Agent:
    return stack.hire(name, **{cases.north.replace("-", "_"): role})


def _at(page: Page, contact_id: object) -> Page:
    page.goto("/".join(page.url.split("/")[:3]) + f"/control-room/contacts/{contact_id}")
    return page


def test_what_is_typed_outlives_a_reload_and_a_lost_contact(people: People, stack: Stack, cases: Cases) -> None:
    """Engineering 10: the agent is told, takes it back with one key, and nothing typed is lost."""
    report = cases.report(now=_now())
    page = sign_in(people.come(), _hire(stack, cases, "Ada Field"))
    boss = sign_in(people.come(), _hire(stack, cases, "Priya Lane", Role.SUPERVISOR))
    _at(page, report.contact_id).get_by_role("button", name="Take it").click()
    expect(page.locator(".case-hold--mine")).to_be_visible()
    box = page.get_by_label("Reply to the person")
    box.fill("We are looking at")
    expect(page.locator("[data-draft-state]")).to_have_text("Draft kept.")
    page.reload()
    expect(box).to_have_value("We are looking at")

    _at(boss, report.contact_id).get_by_text("Release to the queue").click()
    boss.get_by_label("Why?").select_option("shift_ends")
    boss.get_by_role("button", name="Release", exact=True).click()
    expect(page.locator("[data-notice]")).to_be_visible(timeout=30_000)
    _at(page, report.contact_id)
    expect(page.get_by_text("You do not hold this any more")).to_be_visible()
    page.keyboard.press("k")
    expect(page.locator(".case-hold--mine")).to_be_visible()
    expect(box).to_have_value("We are looking at")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".case-said--outbound")).to_contain_text("We are looking at")
    expect(box).to_have_value("")


def test_a_message_appears_by_itself_and_moves_nothing_typed(people: People, stack: Stack, cases: Cases) -> None:
    report = cases.report(now=_now())
    page = sign_in(people.come(), _hire(stack, cases, "Ada Field"))
    _at(page, report.contact_id).get_by_label("Note for colleagues").fill("Half a note")
    with cases.acting(cases.citizen(report.contact_id)) as session:
        conversations.receive(session, contact_id=report.contact_id, body="He is here, he has a knife", now=_now())
    expect(page.locator(".case-said--inbound")).to_contain_text("he has a knife")
    expect(page.locator(".case-warning--danger").first).to_be_visible()
    expect(page.get_by_label("Note for colleagues")).to_have_value("Half a note")


def test_keys_act_and_can_be_switched_off(people: People, stack: Stack, cases: Cases) -> None:
    report = cases.report(now=_now())
    page = sign_in(people.come(), _hire(stack, cases, "Ada Field"))
    _at(page, report.contact_id).keyboard.press("c")
    expect(page.locator("[data-copied]")).not_to_be_empty()
    page.keyboard.press("r")
    expect(page.get_by_label("Reply to the person")).to_be_focused()
    page.keyboard.type("krnc")
    expect(page.get_by_label("Reply to the person")).to_have_value("krnc")
    page.get_by_label("Shortcuts").uncheck()
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.get_by_label("Note for colleagues")).not_to_be_focused()


def test_everything_works_without_a_script(people: People, stack: Stack, cases: Cases) -> None:
    """A page lease is shown with its end and can be kept; an emergency is not for it (engineering 10)."""
    report, urgent = cases.report(now=_now()), cases.emergency(now=_now())
    person = people.come(javascript=False)
    person.may_say("40[09]")  # a refused form, and an emergency that a page without a script may not hold
    page = sign_in(person, _hire(stack, cases, "Ada Field"))
    _at(page, report.contact_id).get_by_role("button", name="Take it").click()
    expect(page.locator(".case-hold--mine")).to_contain_text("until")
    follow(page, page.get_by_role("button", name="Keep this contact"))
    page.get_by_label("Reply to the person").fill("We have it.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".case-said--outbound")).to_contain_text("We have it.")
    page.get_by_label("Grade").select_option("priority")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("alert").first).to_contain_text("Give the reason")
    expect(page.get_by_label("Grade")).to_have_value("priority")
    _at(page, urgent.contact_id).get_by_role("button", name="Take it").click()
    expect(page.locator("h1")).not_to_contain_text(urgent.reference)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_state_can_be_read_by_everybody(
    people: People, stack: Stack, cases: Cases, size: tuple[int, int]
) -> None:
    report, urgent = cases.report(now=_now()), cases.emergency(now=_now())
    person = people.come(size)
    person.may_say("400")
    page = sign_in(person, _hire(stack, cases, "Priya Lane", Role.SUPERVISOR))
    check_axe(_at(page, report.contact_id), "a contact that waits")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator(".case-hold--mine")).to_be_visible()
    page.get_by_label("Note for colleagues").fill("Known address")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".case-said--note")).to_contain_text("Known address")
    for closed in page.locator("details").all():
        closed.evaluate("each => { each.open = true; }")
    check_axe(page, "a contact held, everything open")
    page.get_by_role("button", name="Close the contact").click()
    expect(page.get_by_role("alert").first).to_contain_text("There is a problem")
    check_axe(page, "a form refused")
    check_axe(_at(page, urgent.contact_id), "an emergency")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto(stack.address + "/control-room/search")
    check_axe(page, "the search")
    page.get_by_label("Reference, name, telephone, email or postcode").fill(report.reference)
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("link", name=report.reference)).to_be_visible()
    check_axe(page, "what was found")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_was_typed_before_the_script_arrived_is_kept_too(people: People, stack: Stack, cases: Cases) -> None:
    """On a slow line the words are there before anything listens."""
    report = cases.report(now=_now())
    page = sign_in(people.come(), _hire(stack, cases, "Ada Early"))
    _at(page, report.contact_id).get_by_role("button", name="Take it").click()
    expect(page.locator(".case-hold--mine")).to_be_visible()
    page.add_init_script(
        "document.addEventListener('readystatechange', () => {"
        " const box = document.getElementById('reply-body');"
        " if (box && document.readyState === 'interactive') box.value = 'Typed early'; })"
    )
    page.reload()
    expect(page.locator("[data-draft-state]")).to_have_text("Draft kept.")

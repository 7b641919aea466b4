"""The rape form is not a crime form (practice 21), and whoever holds the phone learns nothing from it (5, 13, 14)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from contact.domain.access import Role
from tests.support.browser import DESKTOP, PHONE, People, follow
from tests.support.pages import begin, fill_page, fill_to_check, follow_up, receipt, send, sign_in
from tests.support.stack import Stack

FORM = "sexual-offence"
SAFE = {
    "safeNow": "yes",
    "anyoneHurt": "no",
    "incidentWhen": "last_3_days",
    "incidentInvolvement": "victim",
    "suspectWorksForPolice": "no",
    "anonymous": "no",
    "intimateImages": "no",
    "communicationNeeds": "none",
    "contactPreference": {"how": "email", "email": "quiet@example.org", "safe_word": "kettle"},
}


def mails(stack: Stack, reference: str) -> int:
    """How many mails there are for a contact, in whatever state."""
    sql = "SELECT count(*) FROM mails JOIN contacts ON contacts.id = mails.contact_id WHERE reference = %s"
    return int(stack.rows(sql, reference)[0][0])


def jobs_are_done(stack: Stack, reference: str) -> None:
    """Wait until nothing that speaks for this contact is still to do."""
    left = """SELECT count(*) FROM procrastinate_jobs JOIN contacts ON args ->> 'contact_id' = contacts.id::text
        WHERE reference = %s AND status IN ('todo', 'doing') AND task_name LIKE '%%mail%%'"""
    stack.until(lambda: stack.rows(left, reference)[0][0] == 0, "mail jobs were left")


def to_page(page: Page, wanted: str) -> None:
    """Answer until the page of that name is open."""
    for _ in range(30):
        page.wait_for_load_state()
        last = urlsplit(page.url).path.rsplit("/", 1)[1]
        if last == wanted:
            return
        fill_page(page, FORM, SAFE)
        follow(page, page.get_by_role("button", name="Continue", exact=True))
    raise AssertionError(page.url)


def test_the_way_out_is_explained_before_it_is_needed_and_every_page_has_it(people: People, stack: Stack) -> None:
    page = people.come(PHONE).page("/")
    follow(page, page.get_by_role("link", name="Report a crime"))
    page.get_by_role("link", name=re.compile("Rape|Sexual", re.I)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("leave this site quickly")
    follow(page, page.get_by_role("button", name="Continue"))
    follow(page, page.get_by_role("button", name="Start now"))
    for _ in range(6):
        expect(page.get_by_role("button", name="Exit this page")).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("contact me", re.I))).to_be_visible()
        fill_page(page, FORM, SAFE)
        follow(page, page.get_by_role("button", name="Continue", exact=True))


def test_stop_here_and_have_someone_contact_me(people: People, stack: Stack) -> None:
    """From any page on, nothing more is asked than how it is safe to reach the person."""
    page = people.come(PHONE, javascript=False).page("/")
    begin(page, FORM)
    to_page(page, "when")
    fill_page(page, FORM, SAFE)
    follow(page, page.get_by_role("button", name=re.compile("contact me", re.I)))
    asked = 0
    while not urlsplit(page.url).path.endswith("/check"):
        page.wait_for_load_state()
        fill_page(page, FORM, SAFE)
        follow(page, page.get_by_role("button", name="Continue", exact=True))
        asked += 1
        assert asked < 5, f"still asked: {page.url}"
    held = send(page)
    sql = "SELECT sensitive, grade, form_id FROM contacts WHERE reference = %s"
    ((sensitive, grade, form_id),) = stack.rows(sql, held.reference)
    assert (sensitive, form_id) == (True, FORM)
    assert grade == "priority"  # within seven days
    assert mails(stack, held.reference) == 0


def test_nothing_is_mailed_and_nothing_shown_before_the_safe_word(people: People, stack: Stack) -> None:
    person = people.come(DESKTOP)
    page = person.page("/")
    begin(page, FORM)
    fill_to_check(page, FORM, SAFE)
    held = send(page)
    jobs_are_done(stack, held.reference)
    assert mails(stack, held.reference) == 0
    expect(person.page("/demo/outbox").get_by_text("quiet@example.org")).to_have_count(0)

    agent = stack.hire("Bela Reid", kent=Role.CALL_HANDLER)
    force = stack.rows("SELECT force_id FROM contacts WHERE reference = %s", held.reference)[0][0]
    if force != "kent":
        agent = stack.hire("Bela Reid", **{force.replace("-", "_"): Role.CALL_HANDLER})
    room = sign_in(people.come(), agent)
    room.get_by_role("row").filter(has_text=held.reference).get_by_role("button", name=re.compile("Claim")).click()
    room.get_by_label("Reply to the person").fill("We can talk on Tuesday.")
    room.get_by_role("button", name="Send reply").click()
    expect(room.locator(".case-said--outbound")).to_contain_text("Tuesday")

    other = people.come(PHONE).page("/progress")
    follow_up(other, held)
    expect(other.get_by_role("heading", level=1)).to_have_text("We have your message")
    for word in ("Tuesday", "sexual", "rape", "offence"):
        assert word not in other.locator("main").inner_text().lower()
    other.get_by_label("Your safe word").fill("saucepan")
    other.get_by_role("button", name="Continue").click()
    expect(other.get_by_text("not the word").first).to_be_visible()
    other.get_by_label("Your safe word").fill("kettle")
    other.get_by_role("button", name="Continue").click()
    expect(other.locator("main")).to_contain_text("We can talk on Tuesday.")

    # A mail that an answer is there goes only where it was called safe, and gives nothing away.
    jobs_are_done(stack, held.reference)
    for (subject_and_body,) in stack.rows("SELECT row_to_json(mails)::text FROM mails WHERE recipient LIKE 'quiet@%'"):
        assert "Tuesday" not in subject_and_body


def test_quick_exit_then_the_back_button_shows_a_neutral_page(people: People) -> None:
    person = people.come(PHONE)
    person.may_say("status of 403")  # the neutral page
    page = person.page("/")
    begin(page, FORM)
    to_page(page, "hurt")
    page.get_by_role("button", name="Exit this page").click()
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is closed")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is closed")
    page.goto(person.address + "/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Contact the police online")


def test_shift_three_times_leaves(people: People) -> None:
    page = people.come().page("/")
    begin(page, FORM)
    page.wait_for_load_state()
    for _ in range(3):
        page.keyboard.press("Shift")
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()


def test_exit_works_without_javascript(people: People) -> None:
    person = people.come(PHONE, javascript=False)
    person.may_say("status of 403")
    page = person.page("/")
    begin(page, FORM)
    page.get_by_role("button", name="Exit this page").click()
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is closed")


def test_a_receipt_after_stopping_still_offers_help(people: People) -> None:
    page = people.come(PHONE).page("/")
    begin(page, FORM)
    follow(page, page.get_by_role("button", name=re.compile("contact me", re.I)))
    fill_to_check(page, FORM, SAFE)
    page.get_by_role("button", name="Send", exact=True).click()
    receipt(page)
    expect(page.locator("main")).to_contain_text("call 999")

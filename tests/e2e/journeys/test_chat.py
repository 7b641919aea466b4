"""Citizen and handler talk in two browsers: live, in order, once; over a lost line; without a script; small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from contact.domain.access import Role
from tests.support.browser import DESKTOP, NARROW, PHONE, People, check_axe
from tests.support.evidence import picture
from tests.support.pages import sign_in
from tests.support.pages_looked_at import tab_through
from tests.support.stack import Stack

SAID = ".chat-line__body"
_OF = "SELECT count(*) FROM messages m JOIN contacts c ON c.id = m.contact_id WHERE c.reference = %s AND "
READ, INBOUND = _OF + "m.kind = 'outbound' AND m.delivery_state = 'read'", _OF + "m.kind = 'inbound'"


def begin(page: Page, body: str = "Somebody took my bicycle", force: str = "kent") -> str:
    """Open a chat; answers its reference."""
    page.goto("/".join(page.url.split("/")[:3]) + f"/chat?force={force}") if "/chat" not in page.url else None
    page.get_by_label("Your message").fill(body)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your chat")
    return page.locator(".contact-step .govuk-\\!-font-weight-bold").inner_text()


def say(page: Page, body: str) -> None:
    """Write and press `Send`."""
    page.get_by_label("Your message").fill(body)
    page.get_by_role("button", name="Send", exact=True).click()


def said_by(page: Page, who: str) -> Locator:
    """The words of one side."""
    return page.locator(f".chat-line--{who} {SAID}")


def handler(people: People, stack: Stack, reference: str, name: str = "Ida North", force: str = "kent") -> Page:
    """An agent who has the chat before them and holds it."""
    contact_id = stack.rows("SELECT id FROM contacts WHERE reference = %s", reference)[0][0]
    person = people.come()
    page = sign_in(person, stack.hire(name, **{force: Role.CALL_HANDLER}))
    page.goto(f"{stack.address}/control-room/contacts/{contact_id}")
    page.get_by_role("button", name=re.compile("Take (it|over)")).first.click()
    expect(page.locator(".case-hold--mine")).to_be_visible()
    return page


def answer(page: Page, body: str) -> None:
    """The agent replies."""
    page.get_by_label("Reply to the person").fill(body)
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".case-said--outbound").filter(has_text=body)).to_be_visible()


def test_both_see_each_other_without_reloading_in_order_and_once(people: People, stack: Stack) -> None:
    citizen = people.come(PHONE).page("/chat?force=kent")
    reference = begin(citizen)
    agent = handler(people, stack, reference)
    expect(citizen.locator("[data-chat-talks]")).to_have_text("A person has your chat now.")
    for number in range(3):
        say(citizen, f"My number {number}")
        expect(agent.locator(".case-said--inbound").filter(has_text=f"My number {number}")).to_be_visible()
        answer(agent, f"Your number {number}")
        expect(citizen.locator(".chat-line--person").filter(has_text=f"Your number {number}")).to_be_visible()
    mine = ["Somebody took my bicycle", *(f"My number {number}" for number in range(3))]
    expect(said_by(citizen, "me")).to_have_text(mine)
    expect(said_by(citizen, "person")).to_have_text([f"Your number {number}" for number in range(3)])
    expect(citizen.locator(".chat-line--me .chat-line__mark").first).to_have_text("A person has read this.")
    stack.until(lambda: stack.rows(READ, reference)[0][0] == 3, "what the person has before them is not marked read")
    before = citizen.locator(SAID).all_inner_texts()
    citizen.reload()
    expect(citizen.locator(SAID)).to_have_text(before)
    check_axe(citizen)


def test_what_is_typed_outlives_a_lost_line_and_nothing_is_doubled(people: People, stack: Stack) -> None:
    person = people.come(PHONE)
    person.may_say("ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_NETWORK|net::")
    citizen = person.page("/chat?force=kent")
    reference = begin(citizen)
    agent = handler(people, stack, reference, "Leo South")
    person.context.set_offline(True)
    say(citizen, "Typed while there was no line")
    expect(citizen.locator("[data-chat-error]")).to_contain_text("still in the box")
    expect(citizen.get_by_label("Your message")).to_have_value("Typed while there was no line")
    answer(agent, "Said while you were away")
    person.context.set_offline(False)
    citizen.get_by_role("button", name="Send", exact=True).click()
    expect(citizen.get_by_label("Your message")).to_have_value("")
    expect(citizen.locator(".chat-line--person")).to_contain_text("Said while you were away")

    # The answer to a message that was stored is lost: sent again, it is still one.
    lost = re.compile(r"/chat/[^/]+$")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    citizen.route(lost, lose)
    say(citizen, "Sent twice, kept once")
    expect(citizen.locator("[data-chat-error]")).to_be_visible()
    citizen.unroute(lost)
    citizen.get_by_role("button", name="Send", exact=True).click()
    expect(citizen.get_by_label("Your message")).to_have_value("")
    expect(citizen.locator(".chat-line--me").filter(has_text="kept once")).to_have_count(1)
    assert stack.rows(INBOUND, reference) == [(3,)]


def test_it_all_works_without_a_script_at_320_pixels_in_welsh(people: People, stack: Stack) -> None:
    citizen = people.come(NARROW, javascript=False).page("/chat?force=north-wales&lang=cy")
    citizen.get_by_label("Eich neges").fill("Mae fy meic wedi mynd")
    citizen.get_by_role("button", name="Anfon", exact=True).click()
    expect(citizen).to_have_url(re.compile(r"/chat/[A-Z0-9-]+"))
    reference = citizen.url.partition("/chat/")[2].partition("#")[0]
    agent = handler(people, stack, reference, "Mair Lloyd", "north_wales")
    answer(agent, "Diolch, rydym yn edrych")
    citizen.get_by_role("link", name="Gwirio am negeseuon newydd").click()
    expect(citizen.locator(".chat-line--person")).to_contain_text("Diolch")
    citizen.get_by_label("Eich neges").fill("Diolch")
    citizen.get_by_role("button", name="Anfon", exact=True).click()
    expect(said_by(citizen, "me")).to_have_text(["Mae fy meic wedi mynd", "Diolch"])
    assert citizen.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_scenario_14_danger_shows_999_at_once_and_alarms_whoever_watches_the_queue(
    people: People, stack: Stack
) -> None:
    watcher = sign_in(people.come(), stack.hire("Una West", kent=Role.CALL_HANDLER))
    expect(watcher.get_by_role("heading", level=1)).to_be_visible()
    citizen = people.come(PHONE).page("/chat?force=kent")
    reference = begin(citizen)
    expect(watcher.locator(".queue-row").filter(has_text=reference)).to_be_visible()
    say(citizen, "He is here now, he has a knife")
    expect(citizen.locator("#danger")).to_be_visible()
    expect(citizen.locator("#danger")).to_contain_text("999")
    expect(citizen.locator("#danger")).to_be_focused()
    assert stack.rows("SELECT grade FROM contacts WHERE reference = %s", reference) == [("emergency",)]
    expect(watcher.locator("[data-part=emergencies] .queue-row").filter(has_text=reference)).to_be_visible()
    expect(watcher.locator("#queue-said")).to_contain_text("waiting")
    citizen.reload()
    expect(citizen.locator("#danger")).to_be_visible()


def test_photos_are_added_without_leaving_the_chat(people: People, stack: Stack, tmp_path: Path) -> None:
    photo = tmp_path / "gate.jpg"
    photo.write_bytes(picture())
    citizen = people.come(PHONE).page("/chat?force=kent")
    begin(citizen)
    citizen.get_by_label("Your message").fill("Half a sentence")
    citizen.get_by_text("Add photos or files", exact=True).click()
    citizen.locator("input[type=file]").set_input_files(photo)
    expect(citizen.locator("[data-file]")).to_have_attribute("data-state", re.compile("checking|ready"), timeout=30_000)
    expect(citizen.locator(".chat-line--me").last).to_contain_text("I have added photos or files.")
    expect(citizen.get_by_label("Your message")).to_have_value("Half a sentence")


def test_leaving_shows_nothing_and_coming_back_takes_reference_and_words(people: People, stack: Stack) -> None:
    person = people.come(PHONE)
    person.may_say("status of 403")
    citizen = person.page("/chat?force=kent")
    begin(citizen, "A thing that nobody else may read")
    citizen.get_by_text("Leave and come back later").click()
    keys = citizen.locator(".chat-key").all_inner_texts()
    assert citizen.evaluate("localStorage.length + sessionStorage.length") == 0
    citizen.get_by_role("button", name="Exit this page").click()
    expect(citizen.get_by_role("heading", name="Weather")).to_be_visible()
    citizen.go_back()
    expect(citizen.get_by_role("heading", level=1)).to_have_text("This page is closed")
    expect(citizen.locator("body")).not_to_contain_text("nobody else may read")

    later = people.come(DESKTOP).page("/progress")
    later.get_by_label("Your reference").fill(keys[0])
    later.get_by_label("Your four words").fill(keys[1])
    later.get_by_role("button", name="Continue").click()
    expect(later.locator(SAID).first).to_have_text("A thing that nobody else may read")


def test_stopping_online_access_clears_an_open_page(people: People, stack: Stack) -> None:
    person = people.come()
    person.may_say("status of 403")
    citizen = person.page("/chat?force=kent")
    begin(citizen, "A thing that nobody else may read")
    other = person.page(citizen.url.removeprefix(stack.address))
    other.get_by_role("link", name="Stop online access to this chat").click()
    other.get_by_role("button", name="Stop online access").click()
    expect(citizen.locator("[data-chat-error]")).to_contain_text("This chat has ended on this device")
    expect(citizen.locator(SAID)).to_have_count(0)


def test_two_tabs_show_the_same_once_each(people: People, stack: Stack) -> None:
    person = people.come()
    first = person.page("/chat?force=kent")
    reference = begin(first)
    second = person.page(f"/chat/{reference}")
    say(first, "From the first")
    expect(second.locator(".chat-line--me").filter(has_text="From the first")).to_have_count(1)
    say(second, "From the second")
    expect(first.locator(".chat-line--me").filter(has_text="From the second")).to_have_count(1)
    first.close()
    say(second, "After the first is gone")
    expect(second.locator(".chat-line--me")).to_have_count(4)


def test_keys_are_enough_and_escape_does_nothing(people: People, stack: Stack) -> None:
    citizen = people.come().page("/chat?force=kent")
    begin(citizen)
    tab_through(citizen, "a chat")
    box = citizen.get_by_label("Your message")
    box.focus()
    citizen.keyboard.type("Written by keys alone")
    citizen.keyboard.press("Escape")
    expect(box).to_have_value("Written by keys alone")
    citizen.keyboard.press("Control+Enter")
    expect(citizen.locator(".chat-line--me").last).to_contain_text("Written by keys alone")
    expect(box).to_be_focused()


@pytest.mark.parametrize("width", [320, 360, 440, 620, 700, 1280])
def test_the_way_out_is_never_covered_by_the_way_to_999(people: People, stack: Stack, width: int) -> None:
    """Both stay in sight while one scrolls, in both languages (practice 14)."""
    for language in ("en", "cy"):
        page = people.come((width, 740)).page(f"/chat?force=north-wales&lang={language}")
        page.locator("#body").fill("x " * 900)
        page.locator(".chat-box button").first.click()
        page.wait_for_selector(".chat-line--me")
        page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight / 2)")
        boxes = [page.locator(name).bounding_box() for name in (".contact-emergency", ".govuk-exit-this-page__button")]
        strip, leave = boxes
        assert strip is not None
        assert leave is not None
        assert leave["y"] >= strip["y"] + strip["height"] - 1, (width, language, boxes)
        assert leave["y"] < 300, "in sight"

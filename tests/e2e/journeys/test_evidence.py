"""Photos and files in a browser: sent piece by piece, cut off and gone on with, by plain form, and seen by an agent."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

import forms
from contact.domain.access import Role
from tests.support.answers import complete
from tests.support.browser import DESKTOP, PHONE, People, Person, follow
from tests.support.evidence import film, picture
from tests.support.pages import QUIET_THEFT, Receipt, follow_up, send, sign_in
from tests.support.pages_looked_at import Faults, look, tab_through
from tests.support.stack import Stack

FORM = "burglary"
GIVEN: Mapping[str, Any] = {
    "contactPreference": QUIET_THEFT["contactPreference"],
    "incidentLocation": QUIET_THEFT["incidentLocation"],
}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photograph."""
    made = tmp_path / "back-gate.jpg"
    made.write_bytes(picture((900, 600)))
    return made


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """A video of several pieces."""
    made = tmp_path / "doorbell.mp4"
    made.write_bytes(film(6_000_000))
    return made


def to_files(page: Page, stack: Stack) -> None:
    """A burglary all of whose questions are answered, its page of files open."""
    page.goto(f"{stack.address}/report/{FORM}/before-you-start")
    follow(page, page.get_by_role("button", name="Start now"))
    draft = page.url.rsplit("/", 1)[0]
    form = forms.load_all()[FORM]
    answers = complete(form, GIVEN, now=dt.datetime.now(dt.UTC))
    stack.rows("UPDATE drafts SET answers = %s WHERE id = %s", json.dumps(answers), draft.rsplit("/", 1)[1])
    of_files = next(each for each in form.pages if any(q.type == "files" for q in each.questions))
    page.goto(f"{draft}/{of_files.id}")


def to_check(page: Page) -> None:
    """On, over what is answered already, to check-your-answers."""
    follow(page, page.get_by_role("button", name="Continue", exact=True))
    page.goto(page.url.rsplit("/", 1)[0] + "/check")


def held(stack: Stack, name: str) -> int:
    """How many bytes of a file are here."""
    rows = stack.rows("SELECT received_size FROM evidence WHERE name = %s ORDER BY created_at DESC LIMIT 1", name)
    return int(rows[0][0]) if rows else 0


def test_files_are_sent_together_and_come_with_the_report(
    people: People, stack: Stack, photo: Path, video: Path
) -> None:
    person = people.come(PHONE)
    page = person.page("/")
    to_files(page, stack)
    chooser = page.locator("input[type=file]")
    assert chooser.get_attribute("multiple") is not None
    chooser.set_input_files([photo, video])
    expect(page.locator("[data-file]")).to_have_count(2)
    expect(page.get_by_role("progressbar", include_hidden=True)).to_have_count(2)
    for name in (photo.name, video.name):
        row = page.locator("[data-file]").filter(has_text=name)
        expect(row).to_have_attribute("data-state", re.compile("checking|ready"))
    # The checks end by themselves, and the page says so.
    expect(page.locator("[data-file]").filter(has_text=photo.name)).to_have_attribute("data-state", "ready")
    faults = Faults()
    look(page, "the page of files", faults)
    faults.check()
    tab_through(page, "the page of files")
    to_check(page)
    expect(page.locator("main")).to_contain_text(photo.name)
    expect(page.locator("main")).to_contain_text("Received")
    receipt = send(page)
    got = stack.rows(
        "SELECT count(*) FROM evidence JOIN contacts ON contacts.id = contact_id WHERE reference = %s",
        receipt.reference,
    )
    assert got == [(2,)]


def test_lost_connection_is_told_and_gone_on_with(people: People, stack: Stack, video: Path) -> None:
    person = people.come(PHONE)
    person.may_say("Failed to load resource|ERR_")
    page = person.page("/")
    to_files(page, stack)
    pieces: list[str] = []
    away = {"after": 1}

    def cutting(route: Route) -> None:
        pieces.extend(["piece"] * (route.request.method == "PATCH"))
        if len(pieces) > away["after"] and route.request.method in {"PATCH", "HEAD"}:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/files/**", cutting)
    page.locator("input[type=file]").set_input_files(video)
    row = page.locator("[data-file]").filter(has_text=video.name)
    expect(row.locator("[data-file-state]")).to_contain_text("The connection is lost")
    kept = held(stack, video.name)
    assert 0 < kept < video.stat().st_size
    # One press of Continue does not lose it: the page says that it is still on its way.
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.locator("[data-files-error]")).to_contain_text("still being sent")
    away["after"] = 1_000
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(row).to_have_attribute("data-state", re.compile("checking|ready"), timeout=40_000)
    assert held(stack, video.name) == video.stat().st_size


def test_half_a_file_is_named_before_sending_and_gone_on_with_when_chosen_again(
    people: People, stack: Stack, video: Path
) -> None:
    """Scenario 19, after the page was left in the middle."""
    person = people.come(DESKTOP)
    person.may_say("Failed to load resource|ERR_")
    page = person.page("/")
    to_files(page, stack)
    seen: list[str] = []

    def second_is_cut(route: Route) -> None:
        seen.append(route.request.method)
        if seen.count("PATCH") > 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/files/**", second_is_cut)
    page.locator("input[type=file]").set_input_files(video)
    expect(page.locator("[data-file-state]").first).to_contain_text("The connection is lost")
    here = page.url
    page.unroute("**/files/**")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.locator("[data-files-error]")).to_contain_text("still being sent")
    # The next press goes on; its button takes two presses within a second for one.
    page.evaluate("document.querySelector('form[data-files-wait]').requestSubmit()")
    page.wait_for_url(lambda url: url != here)
    page.goto(here.rsplit("/", 1)[0] + "/check")
    expect(page.locator("#files-missing")).to_contain_text(video.name)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Some of your files are not with us")
    faults = Faults()
    look(page, "check answers with a file that is not here", faults)
    faults.check()
    page.locator("#files-missing").get_by_role("link").click()
    page.locator("input[type=file]").set_input_files(video)
    row = page.locator("[data-file]")
    expect(row).to_have_attribute("data-state", re.compile("checking|ready"))
    expect(row).to_have_count(1)


def test_removed_file_is_gone(people: People, stack: Stack, photo: Path) -> None:
    page = people.come().page("/")
    to_files(page, stack)
    page.locator("input[type=file]").set_input_files(photo)
    row = page.locator("[data-file]").filter(has_text=photo.name)
    expect(row).to_have_attribute("data-state", re.compile("checking|ready"))
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    expect(page.locator("input[type=file]")).to_be_focused()
    page.reload()
    expect(page.get_by_text("You have not added any files.")).to_be_visible()


def test_everything_works_without_a_script(people: People, stack: Stack, photo: Path, tmp_path: Path) -> None:
    person = people.come(PHONE, javascript=False)
    page = person.page("/")
    to_files(page, stack)
    wrong = tmp_path / "setup.exe"
    wrong.write_bytes(b"MZ" + bytes(9000))
    page.get_by_label("Choose a file").set_input_files(wrong)
    page.get_by_role("button", name="Add this file").click()
    expect(page.locator("[data-files-error]")).to_contain_text("We cannot open this kind of file")
    page.get_by_role("button", name="Remove setup.exe").click()
    page.get_by_label("Choose a file").set_input_files(photo)
    page.get_by_role("button", name="Add this file").click()
    expect(page.locator("main")).to_contain_text(photo.name)
    to_check(page)
    expect(page.locator("main")).to_contain_text(photo.name)


def _report_with(page: Page, stack: Stack, files: list[Path]) -> Receipt:
    to_files(page, stack)
    page.locator("input[type=file]").set_input_files(files)
    for each in files:
        row = page.locator("[data-file]").filter(has_text=each.name)
        expect(row).to_have_attribute("data-state", "ready", timeout=40_000)
    to_check(page)
    return send(page)


def _at_contact(person: Person, stack: Stack, reference: str) -> Page:
    force, contact = stack.rows("SELECT force_id, id FROM contacts WHERE reference = %s", reference)[0]
    agent = stack.hire("Ana Ruiz", **{str(force).replace("-", "_"): Role.CALL_HANDLER})
    page = sign_in(person, agent)
    page.goto(f"{stack.address}/control-room/contacts/{contact}")
    return page


def test_agent_opens_what_is_covered_and_it_is_written_down(
    people: People, stack: Stack, photo: Path, video: Path
) -> None:
    receipt = _report_with(people.come(PHONE).page("/"), stack, [photo, video])
    person = people.come(DESKTOP)
    # The invented video cannot be played; that it is asked for is enough.
    person.may_say("ERR_|Failed to load resource|DEMUXER")
    page = _at_contact(person, stack, receipt.reference)
    expect(page.locator("#files")).to_contain_text("2 not opened yet")
    expect(page.locator("#files")).to_contain_text("Not scanned")
    faults = Faults()
    look(page, "a contact with files", faults)
    page.get_by_role("link", name=photo.name).click()
    expect(page.get_by_text("covered until you open it")).to_be_visible()
    expect(page.locator("[data-stage] img")).to_have_count(0)
    look(page, "a covered file", faults)
    page.get_by_role("button", name="Show").click()
    shown = page.locator("[data-stage] img")
    expect(shown).to_be_visible()
    assert shown.evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
    page.get_by_role("button", name="Closer").click()
    page.get_by_role("button", name="Turn").click()
    expect(page.locator("[data-tools] output")).to_have_text("150%, turned 90°")
    assert "rotate(90deg)" in (shown.get_attribute("style") or "")
    look(page, "an open file", faults)
    page.reload()
    tab_through(page, "an open file")
    page.get_by_role("button", name="Cover it again").click()
    expect(page.locator("#custody")).to_contain_text("Ana Ruiz opened the preview")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download the file as it was sent").click()
    assert taken.value.suggested_filename == "file-1.jpg"
    assert Path(taken.value.path()).read_bytes() == photo.read_bytes()
    page.reload()
    expect(page.locator("#custody")).to_contain_text("Ana Ruiz downloaded it")
    page.get_by_role("link", name="Back to").click()
    expect(page.locator("#files")).to_contain_text("1 not opened yet")
    page.get_by_role("link", name=video.name).click()
    page.get_by_role("button", name="Show").click()
    player = page.locator("video")
    expect(player).to_be_visible()
    assert player.evaluate("video => video.muted && video.paused && !video.autoplay && video.controls")
    look(page, "an open video", faults)
    faults.check()


def test_link_of_an_agent_brings_files_that_appear_by_themselves(people: People, stack: Stack, photo: Path) -> None:
    citizen = people.come(PHONE)
    receipt = _report_with(citizen.page("/"), stack, [photo])
    room = people.come(DESKTOP)
    agent_page = _at_contact(room, stack, receipt.reference)
    agent_page.get_by_role("button", name="Take it").click()
    expect(agent_page.locator(".case-hold--mine")).to_be_visible()
    agent_page.get_by_role("button", name="Make a one-time link").click()
    address = agent_page.locator("#upload-link").inner_text()
    agent_page.get_by_role("button", name="Put it into the reply").click()
    expect(agent_page.get_by_label("Reply to the person")).to_have_value(re.compile(re.escape(address)))
    faults = Faults()
    look(agent_page, "a link just made", faults)

    other = people.come(PHONE)
    page = other.page(urlsplit(address).path)
    look(page, "a link that was sent", faults)
    page.get_by_role("button", name="Open the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Send us more")
    expect(page.locator("body")).not_to_contain_text(receipt.reference)
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.locator("[data-file]")).to_have_attribute("data-state", re.compile("checking|ready"))
    look(page, "files by a link", faults)
    expect(agent_page.locator("#files li")).to_have_count(2)
    expect(agent_page.locator("[data-said]")).to_contain_text(re.compile("1 file was added|The person wrote"))

    back = citizen.page("/")
    follow_up(back, receipt)
    back.get_by_role("link", name="Add photos or files").click()
    expect(back.get_by_role("heading", level=1)).to_have_text("Send us more")
    look(back, "more files from the progress page", faults)
    faults.check()

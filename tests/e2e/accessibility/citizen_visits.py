"""The public's pages, each in the states it can be brought into."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.accessibility.conftest import World
from tests.e2e.accessibility.visits import States, Visit, legal, plain, press, wrong
from tests.support.browser import follow


def door(world: World) -> States:
    page = world.open("/emergency")
    yield "as it is", page
    press(page, "Send now")
    yield "empty", page
    page.get_by_label("What is happening?").fill("A fire")
    press(page, "Send now")
    yield "asked for the force", page


def chosen_force(world: World) -> States:
    page = world.open("/")
    yield "as it is", page
    press(page, "Find the force")
    yield "with an error", page
    page.get_by_label("Postcode, or name").fill("Newport")
    press(page, "Find the force")
    yield "several forces", page


def saved(world: World) -> States:
    page = world.open(f"{world.draft}/check")
    yield "as it is", page
    press(page, "Save and come back later")
    page.get_by_text("Use a link instead").click()
    yield "saved", page


def copy(world: World) -> States:
    page = world.open(world.sent)
    follow(page, page.get_by_role("link", name="Keep a copy"))
    yield "as it is", page


def equality(world: World) -> States:
    page = world.open(world.sent)
    follow(page, page.get_by_role("link", name="optional questions"))
    yield "as it is", page


def mailed_link(world: World) -> States:
    page = world.open(f"{world.draft}/check")
    press(page, "Save and come back later")
    page.goto(f"{world.stack.address}{world.draft}/link")
    yield "as it is", page
    press(page, "Send the link")
    yield "with an error", page
    page.get_by_label("Your email address").fill("sam@example.org")
    press(page, "Send the link")
    yield "on its way", page


def chooser(world: World) -> States:
    page = world.open("/report/")
    yield "as it is", page
    press(page, "Find")
    yield "with an error", page
    for words in ("noisy neighbours", "xyzzy", "he has a knife and is outside now"):
        page.get_by_label("Find it in your own words").fill(words)
        press(page, "Find")
        yield f"found by {words}", page


def progress(world: World) -> States:
    page = world.open(f"/progress/{world.held.reference}")
    yield "open", page
    press(page, "Send message")
    yield "with an error", page
    page = world.open(f"/progress/{world.sensitive.reference}")
    yield "sensitive, not unlocked", page
    press(page, "Continue")
    yield "with a wrong safe word", page


def more_files(world: World) -> States:
    page = world.open(f"/progress/{world.held.reference}/files")
    yield "empty", page
    page.goto(page.url + "?fault=too_big")
    yield "with an error", page


def upload_link(world: World) -> States:
    agent = world.handler
    agent.goto(f"{world.stack.address}/control-room/contacts/{world.contact}")
    agent.get_by_role("button", name="Make a one-time link").click()
    address = agent.locator("#upload-link").inner_text()
    page = world.open(address.removeprefix(world.stack.address))
    yield "not opened yet", page
    press(page, "Open the link")
    yield "opened", page
    page.goto(address)
    press(page, "Open the link")
    yield "used up", page


def danger_in_a_message(world: World) -> States:
    page = world.open(f"/progress/{world.held.reference}")
    page.get_by_label("Send us a message").fill("He is here now, he has a knife and will kill me")
    press(page, "Send message")
    if "/danger" not in page.url:
        page.goto(f"{world.stack.address}/progress/{world.held.reference}/danger")
    yield "after a message", page


def closed(world: World) -> States:
    page = world.open(f"/progress/{world.waiting.reference}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is closed")
    yield "not proven", page
    page.goto(world.stack.address + "/nothing/here")
    yield "missing page", page


CITIZENS: dict[str, Visit] = {
    "citizen.accessibility": legal("/accessibility"),
    "citizen.before_you_start": plain("/report/theft/before-you-start"),
    "citizen.chat": wrong("/chat", "Send", body="He has a knife and is here"),
    "citizen.check_answers": saved,
    "citizen.chooser": chooser,
    "citizen.cookies": legal("/cookies"),
    "citizen.copy": copy,
    "citizen.danger": wrong("{world.draft}/danger", "Send now", where="", what=""),
    "citizen.emergency": door,
    "citizen.emergency_sent": plain("{world.door}"),
    "citizen.equality_questions": equality,
    "citizen.force_front": plain("/force/{force}/"),
    "citizen.front": chosen_force,
    "citizen.link_files": upload_link,
    "citizen.leaving": plain("/report/sexual-offence/leaving"),
    "citizen.privacy": legal("/privacy"),
    "citizen.progress": progress,
    "citizen.mail_link": mailed_link,
    "citizen.message_danger": danger_in_a_message,
    "citizen.progress_files": more_files,
    "citizen.progress_sign_in": wrong("/progress", "Continue", reference="K7R-D4M-X2P", words="one two three four"),
    "citizen.question": closed,  # its own states are looked at in test_every_form.py
    "citizen.renew_begun": closed,  # three lines and a button
    "citizen.resume": wrong("/return", "Continue", words="amber river"),
    "citizen.saved_link": wrong("/return/nothing", "Open my saved report"),
    "citizen.sent": plain("{world.sent}"),
    "citizen.signpost": wrong("/signpost/noise", "Continue"),
    "citizen.signpost_way": plain("/signpost/noise/way"),
    "citizen.start": wrong("/report/theft/start", "Continue"),
    "citizen.stop_access": plain("/progress/{world.held.reference}/stop"),
    "citizen.text_link_page": plain("/t/nothing"),
    "citizen.upload_link": plain("/files/nothing"),
    "demo.outbox": plain("/demo/outbox"),
    "demo.payments": plain("/demo/payments"),
    "demo.phone": plain("/demo/phone"),
    "widget.open_frame": wrong("/widget/{force}", "Send"),
}

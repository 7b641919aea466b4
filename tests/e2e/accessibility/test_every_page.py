"""Every page that there is, in every state it can be brought into from outside, for everybody (practice 23).

The list is made from the application's own routes: a page that nobody visits here fails the first test.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from contact.domain.access import Role
from contact.domain.taxonomy import Channel
from tests.architecture.test_routes_declare_access import build
from tests.e2e.accessibility.conftest import FORCE, World
from tests.e2e.accessibility.licensing_visits import LICENSING
from tests.e2e.accessibility.money_visits import MONEY
from tests.e2e.accessibility.register_visits import REGISTER
from tests.support.browser import DESKTOP
from tests.support.evidence import picture
from tests.support.outsiders import practice_link, referee_link
from tests.support.pages import sign_in
from tests.support.pages_looked_at import Faults, look
from tests.support.stack_reports import report
from tests.support.stack_talks import Talk, assistant_there

States = Iterator[tuple[str, Page]]
Visit = Callable[[World], States]
NOT_PAGES = {
    "health.live", "health.health", "health.metrics", "static", "static_other", "controlroom.events",
    "controlroom.thread", "map.places",
    "citizen.leave",  # leads away at once
    # Bytes and states, asked for by pages that tests/e2e/journeys/test_evidence.py looks at.
    "citizen.draft_files_state", "citizen.link_files_state", "citizen.practice_files_state",
    "citizen.report_files_state",
    "controlroom.evidence_download", "controlroom.evidence_view",
    "licensing.evidence_download", "licensing.evidence_view",
    "citizen.application_calendar",  # a file for a calendar
    "licensing.evidence",  # the page of `controlroom.evidence`
    "citizen.chat_copy_file", "citizen.copy_file", "citizen.paper_form", "licensing.letter_file",  # a PDF
    "citizen.chat_events", "citizen.chat_files_state", "widget.chat_events", "widget.script",
    "admin.paper_file",  # Markdown
    "licensing.money_csv",
}  # fmt: skip


def press(page: Page, name: str) -> None:
    """Press a button of the page and wait for what comes."""
    page.get_by_role("main").get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def plain(path: str) -> Visit:
    """A page of the public's that has one state."""

    def visit(world: World) -> States:
        yield "as it is", world.open(path.format(world=world, force=FORCE))

    return visit


def wrong(path: str, button: str, **fields: str) -> Visit:
    """A page of the public's, and the same after a form that could not be taken."""

    def visit(world: World) -> States:
        page = world.open(path.format(world=world, force=FORCE))
        yield "as it is", page
        for label, value in fields.items():
            page.locator(f"[name={label}]").first.fill(value)
        press(page, button)
        yield "with an error", page

    return visit


def staff(path: str) -> Visit:
    """A page of the control room's."""

    def visit(world: World) -> States:
        page = world.handler
        page.goto(world.stack.address + path.format(world=world))
        yield "as it is", page

    return visit


def office(path: str, button: str = "") -> Visit:
    """A page of the administrators', and after an empty form."""

    def visit(world: World) -> States:
        page = world.admin
        page.goto(world.stack.address + path.format(world=world))
        yield "as it is", page
        if button:
            press(page, button)
            yield "with an error", page

    return visit


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
    page.get_by_role("link", name="Keep a copy").click()
    yield "as it is", page


def equality(world: World) -> States:
    page = world.open(world.sent)
    page.get_by_role("link", name="optional questions").click()
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


def file_of_a_contact(world: World) -> States:
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "gate.jpg"
        photo.write_bytes(picture())
        page = world.open(f"/progress/{world.held.reference}/files")
        page.locator("input[type=file]").set_input_files(photo)
        expect(page.locator("[data-file]").last).to_have_attribute("data-state", "ready", timeout=30_000)
    yield "with a file", page
    contact_id = world.stack.rows("SELECT id FROM contacts WHERE reference = %s", world.held.reference)[0][0]
    agent = world.crowd.come(DESKTOP)
    agent.may_say("status of 400")  # the form that is refused below
    force = str(world.stack.rows("SELECT force_id FROM contacts WHERE id = %s", contact_id)[0][0])
    seen = sign_in(agent, world.stack.hire("Ana Ruiz", **{force.replace("-", "_"): Role.CALL_HANDLER}))
    seen.goto(f"{world.stack.address}/control-room/contacts/{contact_id}")
    seen.locator("#files a").first.click()
    yield "covered", seen
    seen.get_by_role("button", name="Show").click()
    yield "open", seen
    for more in seen.locator("details > summary").all():
        more.click()
    seen.get_by_role("button", name="Seal it").click()
    yield "with an error", seen


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


def sign_in_page(world: World) -> States:
    page = world.citizen.page("/control-room/sign-in")
    yield "as it is", page
    press(page, "Sign in")
    yield "with errors", page
    page.goto(world.stack.address + "/control-room/")
    yield "sent there by another page", page


def invitation(world: World) -> States:
    page = world.citizen.page(world.invitation)
    yield "as it is", page
    press(page, "Save and sign in")
    yield "with errors", page
    page.goto(world.stack.address + "/control-room/invitation/nothing")
    yield "a link that is over", page


def contact(world: World) -> States:
    page = world.handler
    page.goto(f"{world.stack.address}/control-room/contacts/{world.contact}")
    yield "not held", page
    page.get_by_role("button", name="Take it").click()
    expect(page.locator(".case-hold--mine")).to_be_visible()
    for more in page.locator("details > summary").all():
        more.click()
    yield "held, everything open", page
    page.locator("#letting-go").get_by_role("button", name="Close the contact").click()
    page.wait_for_load_state()
    yield "with an error", page


def source(world: World) -> States:
    safe = {"how": "phone", "value": "+447700900821", "when": "after ten", "safe_word": ""}
    name = {"given": "Wren", "surname": "Calloway"}
    given = {"infoAbout": "drugs", "anonymous": "no", "under18": "no", "infoSource": ["work"]}
    for _ in range(2):
        told = report(world.stack, "information", FORCE, **given, reporterName=name, contactPreference=safe)
    contact_id = world.stack.rows("SELECT id FROM contacts WHERE reference = %s", told.reference)[0][0]
    address = f"{world.stack.address}/control-room/contacts/{contact_id}"
    page = world.handler
    page.goto(address)
    yield "a handler's contact page", page
    page = sign_in(
        world.crowd.come(DESKTOP),
        world.stack.hire("Robin Hale", **{FORCE.replace("-", "_"): Role.INTELLIGENCE_OFFICER}),
    )
    page.goto(address)
    yield "the officer's contact page", page
    page.get_by_role("link", name="Read who told us").click()
    yield "who told us", page


def talks(world: World) -> States:
    page = world.handler
    with assistant_there(world.stack):
        for channel in (Channel.CHAT, Channel.SMS):
            talk = Talk(world.stack, FORCE, "someone took my bike last night from 12 Mill Lane", channel=channel)
            talk.turn(
                "What does it look like?", summary=("Bicycle taken", "From 12 Mill Lane last night"),
                facts=(("time", "yesterday evening", "last night"), ("place", "12 Mill Lane", "12 Mill Lane")),
            )  # fmt: skip
            page.goto(f"{world.stack.address}/control-room/?view=with_bot")
            yield f"the assistant's list, {channel.value}", page
            page.goto(talk.address)
            yield f"with the assistant, {channel.value}", page
            page.get_by_role("button", name="Take over").click()
            expect(page.locator(".case-hold--mine")).to_be_visible()
            page.get_by_role("button", name="Safe to talk?", exact=True).click()
            yield f"taken over, {channel.value}", page
            page.get_by_role("button", name="Send reply").click()
            expect(page.locator(".case-said--outbound")).to_be_visible()
            page.get_by_role("button", name="Ask the assistant back").click()
            expect(page.get_by_role("button", name="Take over")).to_be_visible()
            yield f"asked back, {channel.value}", page


def why_open(world: World) -> States:
    page = world.handler
    page.goto(f"{world.stack.address}/control-room/contacts/{world.contact[:-12]}000000000000")
    yield "not there", page


def search(world: World) -> States:
    page = world.handler
    page.goto(f"{world.stack.address}/control-room/search")
    yield "as it is", page
    press(page, "Find")
    yield "empty", page
    page.get_by_label("Reference, name").fill(world.waiting.reference)
    press(page, "Find")
    yield "found", page


def queue(world: World) -> States:
    page = world.handler
    for view in ("", "?view=with_bot", "?view=mine", "?view=unread", "?view=snoozed"):
        page.goto(f"{world.stack.address}/control-room/{view}")
        yield view or "waiting", page


def legal(path: str) -> Visit:
    """A page that every site must have, in each language, as the national front and as a force say it."""

    def visit(world: World) -> States:
        yield "as it is", world.open(path)
        for language in ("cy", "en"):
            yield f"of a force, {language}", world.open(f"{path}?force={FORCE}&lang={language}")

    return visit


def eligible(world: World) -> States:
    page = world.open("/firearms/eligible")
    yield "as it is", page
    press(page, "Show the answer")
    yield "with errors", page
    for name in ("nation", "licence", "age", "sentence"):
        page.locator(f"[name={name}]").first.check()
    press(page, "Show the answer")
    yield "answered", page


def referee(world: World) -> States:
    path, words = referee_link(world.stack, FORCE)
    page = world.open(path)
    yield "as it is", page
    press(page, "Continue")
    yield "with an error", page
    page.get_by_label("The four words").fill(words)
    press(page, "Continue")
    yield "questions", page
    press(page, "Send these answers")
    yield "questions with errors", page
    press(page, "I do not want to be a referee")
    yield "declined", page
    press(page, "Send")
    yield "a worry with an error", page


def doctor(world: World) -> States:
    page = world.open(practice_link(world.stack, FORCE))
    yield "as it is", page
    press(page, "Open the link")
    yield "opened", page
    press(page, "Send")
    yield "with an error", page


def application(world: World, force_id: str) -> Page:
    """The checklist of an application that was just begun."""
    page = world.open(f"/report/firearms-certificate/before-you-start?force={force_id}")
    press(page, "Start now")
    page.goto(page.url.rsplit("/", 1)[0] + "/tasks")
    return page


def checklist(world: World) -> States:
    yield "begun", application(world, FORCE)
    yield "to be posted", application(world, "cumbria")


def to_be_posted(world: World) -> States:
    page = application(world, "cumbria")
    page.goto(page.url.removesuffix("/tasks") + "/paper")
    yield "as it is", page


def renewal(world: World) -> States:
    page = world.open("/firearms/renew")
    yield "as it is", page
    press(page, "Send me four words")
    yield "with errors", page
    for name, words in (("certificateNumber", "SG-1"), ("surname", "Tregear"), ("born-day", "2"), ("born-month", "5")):
        page.locator(f"[name={name}]").fill(words)
    page.locator("[name=born-year]").fill("1974")
    page.locator("[name=way]").first.check()
    press(page, "Send me four words")
    yield "words asked for", page
    press(page, "Continue")
    yield "words with an error", page


def papers_of_a_force(world: World) -> States:
    page = world.admin
    for name in ("dpia", "equality", "transparency", "privacy?language=cy"):
        page.goto(f"{world.stack.address}/control-room/admin/forces/{FORCE}/drafts/{name}")
        yield name, page


def chat_of(world: World, path: str) -> Page:
    """A chat just begun there, by somebody whose browser knows it."""
    page = world.open(path)
    if page.get_by_label("Police force").count():
        page.get_by_label("Police force").select_option(FORCE)
    page.get_by_label("Your message").fill("My bicycle was taken from outside the library")
    press(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your chat")
    return page


def talking(path: str) -> Visit:
    """A conversation: as it begins, with everything open, with an error, and with danger in it."""

    def visit(world: World) -> States:
        page = chat_of(world, path)
        yield "begun", page
        for more in page.locator("main details > summary").all():
            if more.is_visible():
                more.click()
        press(page, "Send")
        expect(page.locator("[data-chat-error]")).to_be_visible()
        yield "everything open, with an error", page
        page.get_by_label("Your message").fill("He is here with a knife and will kill me")
        press(page, "Send")
        expect(page.locator("#danger")).to_be_visible()
        yield "danger", page

    return visit


def copy_of_a_chat(world: World) -> States:
    page = chat_of(world, f"/chat?force={FORCE}")
    page.get_by_role("link", name="Keep a copy of this chat").click()
    yield "as it is", page


def chat_by_mail(world: World) -> States:
    page = chat_of(world, f"/chat?force={FORCE}")
    page.get_by_role("link", name="Get this chat by email").click()
    yield "as it is", page
    press(page, "Send the email")
    yield "with errors", page
    page.get_by_label("A link to come back to this chat").check()
    page.get_by_label("Your email address").fill("sam@example.org")
    page.get_by_label("Nobody else reads this email").check()
    press(page, "Send the email")
    yield "sent", page


def report_beside_a_chat(world: World) -> States:
    page = chat_of(world, f"/chat?force={FORCE}")
    reference, words = (
        page.url.rsplit("/", 1)[1].split("?")[0].split("#")[0],
        page.locator(".chat-keys .chat-key").nth(1),
    )
    spoken = words.text_content() or ""
    page.get_by_role("link", name="See how a report is going").click()
    yield "as it is", page
    press(page, "Continue")
    yield "with an error", page
    page.get_by_label("Your reference").fill(reference)
    page.get_by_label("Your four words").fill(spoken)
    press(page, "Continue")
    expect(page.get_by_role("heading", level=2).first).to_contain_text(reference)
    yield "found", page


VISITS: dict[str, Visit] = {
    **LICENSING,
    **MONEY,
    **REGISTER,
    "admin.agent": office("/control-room/admin/agents/{world.colleague}"),
    "admin.agents": office("/control-room/admin/agents"),
    "admin.force": office("/control-room/admin/forces/" + FORCE, "Save the numbers"),
    "admin.force_licensing": office(f"/control-room/admin/forces/{FORCE}/licensing"),
    "admin.forces": office("/control-room/admin/forces"),
    "admin.paper": papers_of_a_force,
    "admin.papers": office(f"/control-room/admin/forces/{FORCE}/drafts"),
    "admin.invite": office("/control-room/admin/agents/invite", "Make a link"),
    "admin.mutual_aid": office("/control-room/admin/mutual-aid", "Grant"),
    "admin.texts": office(f"/control-room/admin/forces/{FORCE}/texts", "Save the number"),
    "auth.account": staff("/control-room/account"),
    "auth.invitation": invitation,
    "auth.recovery_codes": staff("/control-room/account/recovery-codes"),
    "auth.sign_in": sign_in_page,
    "auth.step_up": staff("/control-room/step-up"),
    "citizen.accessibility": legal("/accessibility"),
    "citizen.before_you_start": plain("/report/theft/before-you-start"),
    "citizen.chat": wrong("/chat", "Send", body="He has a knife and is here"),
    "citizen.chat_copy": copy_of_a_chat,
    "citizen.chat_lookup": report_beside_a_chat,
    "citizen.chat_mail": chat_by_mail,
    "citizen.chat_talk": talking("/chat"),
    "citizen.check_answers": saved,
    "citizen.chooser": chooser,
    "citizen.cookies": legal("/cookies"),
    "citizen.copy": copy,
    "citizen.danger": wrong("{world.draft}/danger", "Send now", where="", what=""),
    "citizen.emergency": door,
    "citizen.emergency_sent": plain("{world.door}"),
    "citizen.equality_questions": equality,
    "citizen.doctor": doctor,
    "citizen.eligible": eligible,
    "citizen.firearms": plain("/firearms/"),
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
    "citizen.paper": to_be_posted,
    "citizen.practice": plain("/firearms/practice/01a201be-7b66-77f8-86af-8354e9b84927"),  # its states: citizen.doctor
    "citizen.question": closed,  # its own states are looked at in test_every_form.py
    "citizen.referee": referee,
    "citizen.referee_concern": plain("/firearms/referee/nothing/concern"),  # its states: citizen.referee
    "citizen.referee_questions": plain("/firearms/referee/nothing/questions"),
    "citizen.renew": renewal,
    "citizen.renew_begun": closed,  # three lines and a button
    "citizen.renew_code": plain("/firearms/renew/words"),  # its states: citizen.renew
    "citizen.resume": wrong("/return", "Continue", words="amber river"),
    "citizen.saved_link": wrong("/return/nothing", "Open my saved report"),
    "citizen.sent": plain("{world.sent}"),
    "citizen.signpost": wrong("/signpost/noise", "Continue"),
    "citizen.signpost_way": plain("/signpost/noise/way"),
    "citizen.start": wrong("/report/theft/start", "Continue"),
    "citizen.tasks": checklist,
    "citizen.stop_access": plain("/progress/{world.held.reference}/stop"),
    "citizen.text_link_page": plain("/t/nothing"),
    "citizen.upload_link": plain("/files/nothing"),
    "controlroom.alarms": staff("/control-room/alarms"),
    "controlroom.contact": contact,
    "controlroom.contact not there": why_open,
    "controlroom.contact talks": talks,
    "controlroom.evidence": file_of_a_contact,
    "controlroom.queue": queue,
    "controlroom.search": search,
    "controlroom.source": source,
    "demo.outbox": plain("/demo/outbox"),
    "demo.payments": plain("/demo/payments"),
    "demo.phone": plain("/demo/phone"),
    "widget.chat_talk": talking("/widget/" + FORCE),
    "widget.open_frame": wrong("/widget/{force}", "Send"),
}


def test_every_page_is_visited(tmp_path: Path) -> None:
    app = build("demo", tmp_path)
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    missing = sorted(pages - NOT_PAGES - set(VISITS))
    assert missing == [], "pages that nobody looks at: add them to VISITS"
    assert sorted(name for name in VISITS if " " not in name and name not in pages) == []


@pytest.mark.parametrize("name", sorted(VISITS))
def test_a_page_is_for_everybody(world: World, name: str) -> None:
    faults = Faults()
    for state, page in VISITS[name](world):
        page.wait_for_load_state()
        look(page, f"{name}, {state}", faults)
    faults.check()

"""The control room's and the administrators' pages, each in the states it can be brought into."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import expect

from contact.domain.access import Role
from contact.domain.taxonomy import Channel
from tests.e2e.accessibility.conftest import FORCE, World
from tests.e2e.accessibility.visits import States, Visit, office, press, staff
from tests.support.browser import DESKTOP, follow
from tests.support.evidence import picture
from tests.support.pages import sign_in
from tests.support.stack_reports import report
from tests.support.stack_talks import Talk, assistant_there


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
    follow(seen, seen.locator("#files a").first)
    yield "covered", seen
    seen.get_by_role("button", name="Show").click()
    expect(seen.locator("[data-stage] img")).to_be_visible()
    yield "open", seen
    for more in seen.locator("details > summary").all():
        more.click()
    follow(seen, seen.get_by_role("button", name="Seal it"), surely=False)
    yield "with an error", seen


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
    follow(page, page.locator("#letting-go").get_by_role("button", name="Close the contact"), surely=False)
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
    follow(page, page.get_by_role("link", name="Read who told us"))
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
            follow(page, page.get_by_role("button", name="Safe to talk?", exact=True), surely=False)
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


def for_a_caller(world: World) -> States:
    page = world.handler
    page.goto(f"{world.stack.address}/control-room/new")
    yield "as it is", page
    press(page, "Open the contact")
    yield "empty", page
    for name, code in (
        ("safe_how", "none"),
        ("about_police", "yes"),
        ("category", "complaint_feedback"),
        ("grade", "standard"),
    ):
        page.locator(f"#caller-{name}").select_option(code)
    page.locator("#caller-what").fill("An officer shouted at me at the counter")
    if page.locator("#caller-force").count():
        page.locator("#caller-force").select_option(FORCE)
    press(page, "Open the contact")
    expect(page.get_by_role("heading", level=1)).to_have_text("Stored and restricted")
    yield "restricted", page


def queue(world: World) -> States:
    page = world.handler
    for view in ("", "?view=with_bot", "?view=mine", "?view=unread", "?view=snoozed"):
        page.goto(f"{world.stack.address}/control-room/{view}")
        yield view or "waiting", page


def papers_of_a_force(world: World) -> States:
    page = world.admin
    for name in ("dpia", "equality", "transparency", "privacy?language=cy"):
        page.goto(f"{world.stack.address}/control-room/admin/forces/{FORCE}/drafts/{name}")
        yield name, page


STAFF: dict[str, Visit] = {
    "admin.agent": office("/control-room/admin/agents/{world.colleague}"),
    "admin.agents": office("/control-room/admin/agents"),
    "admin.force": office("/control-room/admin/forces/" + FORCE, "Save the numbers"),
    "admin.force_fees": office(f"/control-room/admin/forces/{FORCE}/fees", "Add the fee"),
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
    "controlroom.alarms": staff("/control-room/alarms"),
    "controlroom.contact": contact,
    "controlroom.contact not there": why_open,
    "controlroom.contact talks": talks,
    "controlroom.evidence": file_of_a_contact,
    "controlroom.new_contact": for_a_caller,
    "controlroom.queue": queue,
    "controlroom.search": search,
    "controlroom.source": source,
}

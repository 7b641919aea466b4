"""Pages about firearms before and beside an application, each in the states it can be brought into."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from contact.domain.licensing.outsiders import Role
from tests.e2e.accessibility.conftest import FORCE, World
from tests.e2e.accessibility.visits import States, Visit, plain, press
from tests.support.browser import follow
from tests.support.outsiders import practice_link, referee_link


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


def parent(world: World) -> States:
    path, words = referee_link(world.stack, FORCE, Role.PARENT)
    page = world.open(path)
    yield "as it is", page
    press(page, "Continue")
    yield "with an error", page
    page.get_by_label("The four words").fill(words)
    press(page, "Continue")
    yield "asked", page
    press(page, "Send my answer")
    yield "asked, with errors", page
    page.get_by_label("A parent", exact=True).check()
    page.get_by_label("Yes, I agree").check()
    page.get_by_label("Type your full name").fill("Ana Tregear")
    press(page, "Send my answer")
    yield "answered", page
    press(page, "Send")
    yield "more, with an error", page


def doctor(world: World) -> States:
    page = world.open(practice_link(world.stack, FORCE))
    yield "as it is", page
    follow(page, page.get_by_role("link", name="Tell the licensing team"))
    press(page, "Send")
    yield "a worry with an error", page
    page.get_by_label("What worries you").fill("He says that he hears voices")
    press(page, "Send")
    yield "a worry told", page
    page.goto(page.url.rpartition("/concern")[0])
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


def which_force(world: World) -> States:
    page = world.open("/report/firearms-certificate/before-you-start")
    press(page, "Start now")
    draft = page.url.rsplit("/", 1)[0]
    for postcode, state in (("TN8 5AA", "on a border"), ("ZZ99 9ZZ", "anywhere")):
        home = {"homeAddress": {"line1": "1 High Street", "line2": "", "town": "Anyham", "postcode": postcode}}
        world.stack.rows("UPDATE drafts SET answers = %s WHERE id = %s", json.dumps(home), draft.rsplit("/", 1)[1])
        page.goto(f"{draft}/police-force")
        yield state, page
        press(page, "Continue")
        yield f"{state}, with an error", page


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


def by_letter(world: World) -> States:
    page = world.open("/firearms/renew/letter?asked=1")
    yield "asked for", page
    follow(page, page.get_by_role("link", name="I have a letter"))
    yield "as it is", page
    press(page, "Continue")
    yield "with errors", page


FIREARMS: dict[str, Visit] = {
    "citizen.doctor": doctor,
    "citizen.doctor_concern": plain("/firearms/doctor/nothing/concern"),  # its states: citizen.doctor
    "citizen.eligible": eligible,
    "citizen.firearms": plain("/firearms/"),
    "citizen.paper": to_be_posted,
    "citizen.practice": plain("/firearms/practice/01a201be-7b66-77f8-86af-8354e9b84927"),  # its states: citizen.doctor
    "citizen.parent": parent,
    "citizen.parent_more": plain("/firearms/parent/nothing/more"),  # its states: citizen.parent
    "citizen.parent_questions": plain("/firearms/parent/nothing/agree"),
    "citizen.referee": referee,
    "citizen.referee_concern": plain("/firearms/referee/nothing/concern"),  # its states: citizen.referee
    "citizen.referee_questions": plain("/firearms/referee/nothing/questions"),
    "citizen.renew": renewal,
    "citizen.renew_code": plain("/firearms/renew/words"),  # its states: citizen.renew
    "citizen.renew_letter": by_letter,
    "citizen.tasks": checklist,
    "citizen.which_force": which_force,
}

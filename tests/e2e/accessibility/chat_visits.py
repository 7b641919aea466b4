"""A chat and the pages beside it, each in the states it can be brought into."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.accessibility.conftest import FORCE, World
from tests.e2e.accessibility.visits import States, Visit, press
from tests.support.browser import follow


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


CHAT, FRAME = f"/chat?force={FORCE}", f"/widget/{FORCE}"


def copy_of_a_chat(path: str) -> Visit:
    """A copy to keep."""

    def visit(world: World) -> States:
        page = chat_of(world, path)
        follow(page, page.get_by_role("link", name="Keep a copy of this chat"))
        yield "as it is", page

    return visit


def files_in_the_frame(world: World) -> States:
    page = chat_of(world, FRAME)
    page.get_by_role("link", name="Add photos or files").click()
    yield "as it is", page
    page.locator("input[type=file]").set_input_files(
        {"name": "door.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    expect(page.locator("[data-file]")).to_contain_text("door.pdf")
    yield "with a file", page


def chat_by_mail(path: str) -> Visit:
    """The chat by email."""

    def visit(world: World) -> States:
        yield from _by_mail(chat_of(world, path))

    return visit


def _by_mail(page: Page) -> States:
    follow(page, page.get_by_role("link", name="Get this chat by email"))
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
    follow(page, page.get_by_role("link", name="See how a report is going"))
    yield "as it is", page
    press(page, "Continue")
    yield "with an error", page
    page.get_by_label("Your reference").fill(reference)
    page.get_by_label("Your four words").fill(spoken)
    press(page, "Continue")
    expect(page.get_by_role("heading", level=2).first).to_contain_text(reference)
    yield "found", page


CHATS: dict[str, Visit] = {
    "citizen.chat_copy": copy_of_a_chat(CHAT),
    "citizen.chat_lookup": report_beside_a_chat,
    "citizen.chat_mail": chat_by_mail(CHAT),
    "citizen.chat_talk": talking("/chat"),
    "widget.chat_copy": copy_of_a_chat(FRAME),
    "widget.chat_files": files_in_the_frame,
    "widget.chat_mail": chat_by_mail(FRAME),
    "widget.chat_talk": talking(FRAME),
}

"""Welsh is whole or not there: every page and every error for the public has it, and staff pages stay English."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from tests.support.clients import StrictClient

ROOT = Path(__file__).resolve().parents[3]
STAFF_ERRORS = {
    "already_taken.html", "at_capacity.html", "emergency_needs_live_page.html", "lease_lost.html", "link_expired.html",
    "move_not_allowed.html", "not_yours.html", "nothing_waiting.html", "reason_needed.html",
    "release_needs_log_number.html", "sign_in_refused.html", "signed_out.html", "step_up_needed.html",
    "transfer_refused.html", "unsafe_to_reply.html",
}  # fmt: skip
STAFF_WORDS = {
    "Back to where you start",
    "Your roles do not allow it. That you asked has been noted. An administrator of your force can change your roles.",
}


def translated() -> set[str]:
    with (ROOT / "contact/translations/cy/contact.po").open("rb") as file:
        return {str(each.id) for each in read_po(file, locale="cy") if each.id and each.string}


def said_to_the_public() -> Iterator[tuple[str, str]]:
    """(file, words) of everything that a page for the public may say through gettext."""
    for folder in ("templates/citizen", "templates/components", "templates/errors", "templates/widget"):
        for path in sorted((ROOT / folder).rglob("*.html")):
            if path.name not in STAFF_ERRORS:
                with path.open("rb") as file:
                    for _line, _function, words, _comments in babel_extract(file, ("_", "gettext"), [], {}):
                        yield path.name, str(words[0] if isinstance(words, tuple) else words)
    rooms = ("citizen", "widget", "shared/chat")
    for path in sorted(path for room in rooms for path in (ROOT / "contact/web" / room).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            match call:
                case ast.Call(func=ast.Name(id="_" | "gettext"), args=[ast.Constant(value=str(words))]):
                    yield path.name, words


def test_everything_the_public_reads_has_welsh() -> None:
    known = translated() | STAFF_WORDS
    found = list(said_to_the_public())
    assert len(found) > 200
    assert [(name, words) for name, words in found if words not in known] == []


def test_an_error_is_told_in_welsh(client: StrictClient) -> None:
    page = client.get("/nothing/here?lang=cy").get_data(as_text=True)
    assert "Ni allwn ddod o hyd i&#39;r dudalen honno" in page
    assert '<html lang="cy"' in page


def test_staff_pages_stay_english(client: StrictClient) -> None:
    page = client.get("/control-room/sign-in?lang=cy").get_data(as_text=True)
    assert '<html lang="en"' in page
    assert "Sign in" in page

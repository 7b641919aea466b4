"""The words that save lives are the reviewed ones: pages show the fixed texts themselves, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from contact.domain.fixed_texts import FixedText, fixed_text
from contact.web.shared.fixed_words import fixed_line, fixed_parts
from forms.doors import load_doors
from tests.support.clients import StrictClient

TEMPLATES = Path(__file__).parents[3] / "templates"
BY_SMS = {each for each in FixedText if each.value.startswith("sms_")}


def test_every_fixed_text_is_shown_by_a_page_or_is_for_texts() -> None:
    sources = "".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    shown = {FixedText(name) for name in re.findall(r'fixed_(?:parts|line)\("(\w+)"\)', sources)}
    assert shown == set(FixedText) - BY_SMS - {FixedText.DANGER_REPLY, FixedText.CHAT_999}  # said in conversations


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_emergency_page_says_every_reviewed_word(client: StrictClient, language: str) -> None:
    tree = client.tree(f"/emergency?lang={language}")
    said = " ".join("".join(tree.itertext()).split())
    for key in (FixedText.DEMO_BANNER, FixedText.WEB_999, FixedText.SUICIDE_HELP):
        for line in fixed_text(key, language).splitlines():
            plain = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", line.removeprefix("# "))
            assert plain in said


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_chooser_shows_every_door(client: StrictClient, language: str) -> None:
    said = " ".join("".join(client.tree(f"/report/?lang={language}").itertext()).split())
    for door in load_doors():
        assert door.label.in_(language) in said
        assert door.hint.in_(language) in said


def test_labels_links_and_signs(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "Bold: see [us & them](https://example.org)\n# Next\nIf <b> you are hurt:"
    monkeypatch.setattr("contact.web.shared.fixed_words.fixed_text", lambda _key, _language: words)
    with app.test_request_context("/"):
        first, second = fixed_parts("web_999")
        assert fixed_line("web_999").label == "Bold:"
    assert first.lines[0].words == (
        'see <a class="govuk-link" href="https://example.org" rel="noreferrer">us &amp; them</a>'
    )
    assert (second.heading, second.lines[0].label) == ("Next", "")
    assert second.lines[0].words == "If &lt;b&gt; you are hurt:"

"""What nobody has read is named, and only that; `contact screen check` says so by its exit code."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner

from contact.cli import main
from contact.domain.screen import DataReview
from contact.gateways import chatbot_words
from contact.services import reviews
from contact.services.reviews import Unreviewed, is_signed_off, list_unreviewed

READ = DataReview("danger.en.json", "written here", "Control room lead", "A. Reader", "2026-11-21")
UNREAD = DataReview("danger.cy.json", "written here", "Welsh language officer", "A. Reader", None)


def all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if somebody had read everything."""
    monkeypatch.setattr("contact.domain.screen.reviews", lambda: (READ,))
    monkeypatch.setattr("contact.domain.fixed_texts.reviews", lambda: ())
    monkeypatch.setattr("contact.domain.fixed_texts.unread_welsh", lambda: ())
    monkeypatch.setattr("contact.domain.approved_replies.reviews", lambda: ())
    monkeypatch.setattr("contact.domain.approved_replies.unread_welsh", lambda: ())
    monkeypatch.setattr("contact.domain.retention.reviews", lambda: ())
    monkeypatch.setattr("contact.domain.reading.reviews", lambda: ())
    monkeypatch.setattr("contact.gateways.chatbot_words.reviews", lambda: ())
    monkeypatch.setattr("contact.gateways.chatbot_words.unread_welsh", lambda: ())
    monkeypatch.setattr("contact.gateways.chatbot_words.out_of_date", lambda _day: ())
    monkeypatch.setattr("contact.gateways.wording.unreviewed", list)
    monkeypatch.setattr("contact.gateways.papers.document.unreviewed", list)
    monkeypatch.setattr("contact.gateways.papers.licensing_letter.unreviewed", list)
    monkeypatch.setattr("contact.domain.licensing.fees.reviews", lambda: ())
    monkeypatch.setattr(reviews, "unreviewed_forms", list)
    monkeypatch.setattr(reviews, "_catalogue_read", lambda _language: True)


def test_every_kind_of_text_is_asked_about() -> None:
    assert {each.kind for each in list_unreviewed()} == {
        "danger words", "fixed text", "approved reply", "chatbot", "message", "retention", "form", "paper", "pages",
        "learnt weights", "letters", "fees",
    }  # fmt: skip


def test_what_is_read_is_not_named_and_half_a_review_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    all_read(monkeypatch)
    assert list_unreviewed() == []
    monkeypatch.setattr("contact.domain.screen.reviews", lambda: (READ, UNREAD))
    assert list_unreviewed() == [Unreviewed("danger words", "danger.cy.json (owner: Welsh language officer)")]


@pytest.mark.parametrize(
    ("head", "signed"),
    [
        ("# Owner: head of digital contact. Reviewer: none. Review date: none.\n", False),
        ("# Reviewer: none\n# Review date: none\n", False),
        ("# Reviewer: A. Reader\n# Review date: none.\n", False),
        ("# Reviewer: A. Reader\n# Review date: 2026-11-21\n", True),
        ("", False),
    ],
)
def test_a_catalogue_is_read_when_its_head_names_who_and_when(head: str, signed: bool) -> None:
    assert is_signed_off(head) is signed


def test_the_command_names_each_and_ends_with_1() -> None:
    shown = CliRunner().invoke(main, ["screen", "check"])
    assert shown.exit_code == 1
    assert "unreviewed: danger words: danger.cy.json (owner: Force Welsh language officer)" in shown.output
    assert f"{len(list_unreviewed())} unreviewed." in shown.output


def test_the_command_ends_with_0_once_all_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    all_read(monkeypatch)
    shown = CliRunner().invoke(main, ["screen", "check"])
    assert (shown.exit_code, shown.output) == (0, "Everything has been reviewed.\n")


def test_the_chatbots_words_are_asked_about_file_by_file(tmp_path: Path) -> None:
    for folder, text in (
        ("answers", "owner: Records\nreviewed: A. Reader, 2026-11-22\n"),
        ("lines", "reviewed: null\n"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "one.yml").write_text(text, encoding="utf-8")
    read, unread = chatbot_words.reviews(tmp_path)
    assert (read.name, read.is_reviewed, read.reviewer, read.reviewed_on) == (
        "answers/one.yml", True, "A. Reader", "2026-11-22",
    )  # fmt: skip
    assert (unread.owner, unread.is_reviewed) == ("nobody", False)
    assert chatbot_words.unread_welsh(tmp_path) == ("answers/one.yml", "lines/one.yml")
    assert chatbot_words.reviews(tmp_path / "elsewhere") == ()


def test_what_is_past_its_day_of_review_is_named_with_its_owner(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for folder in chatbot_words.FOLDERS:
        (tmp_path / folder).mkdir()
    (tmp_path / "answers" / "old.yml").write_text("owner: Sam Example\nreview_by: '2026-10-31'\n", encoding="utf-8")
    (tmp_path / "answers" / "new.yml").write_text("owner: Sam Example\nreview_by: '2026-11-22'\n", encoding="utf-8")
    late = chatbot_words.out_of_date(dt.date(2026, 11, 22), tmp_path)
    assert [(each.name, each.owner) for each in late] == [("answers/old.yml", "Sam Example")]
    all_read(monkeypatch)
    monkeypatch.setattr("contact.gateways.chatbot_words.out_of_date", lambda _day: late)
    ran = CliRunner().invoke(main, ["screen", "check"])
    assert "past its day of review: chatbot: answers/old.yml (owner: Sam Example)" in ran.stdout
    assert ran.exit_code == 1

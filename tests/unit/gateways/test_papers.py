"""Papers: both languages say the same, every word is true of this program, and what is typed is never a link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from contact.gateways.papers import document
from contact.gateways.papers.document import Text

ROOT = Path(__file__).resolve().parents[3]
PUBLIC = (Text.PRIVACY, Text.COOKIES, Text.ACCESSIBILITY)
MARKS = re.compile(r"\[\[(\w*)\||\]\((\S+?)\)|\{\{ ?(\w+(?:\.\w+)?) ?\}\}")


def load(name: Text) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((document.TEXTS / f"{name}.yml").read_text("utf-8"))
    return found


def pairs(given: object) -> Iterator[dict[str, Any]]:
    """Every text that is there once for each language."""
    if isinstance(given, dict):
        if "en" in given or "cy" in given:
            yield given
        for each in given.values():
            yield from pairs(each)
    elif isinstance(given, list):
        for each in given:
            yield from pairs(each)


def words(given: object) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, dict):
        for key, each in given.items():
            yield from () if key in {"when", "id"} else words(each)
    elif isinstance(given, list):
        for each in given:
            yield from words(each)


@pytest.mark.parametrize("name", PUBLIC)
def test_what_the_public_reads_is_there_in_both_languages(name: Text) -> None:
    found = list(pairs(load(name)))
    assert len(found) > 10
    for pair in found:
        assert all(pair.get(each) for each in ("en", "cy")), pair
        assert sorted(MARKS.findall(pair["en"])) == sorted(MARKS.findall(pair["cy"])), "same links, places and values"
    assert [each["title"] for each in load(name)["sections"] if not isinstance(each["title"], dict)] == []


@pytest.mark.parametrize("name", list(Text))
def test_each_says_whose_it_is_and_when_it_was_written(name: Text) -> None:
    review = load(name)["review"]
    assert all(review[each] for each in ("source", "owner"))
    assert set(review) == {"source", "owner", "reviewer", "reviewed_on"}
    assert date(2026, 1, 1) <= document.prepared_on(name)


@pytest.mark.parametrize("name", list(Text))
def test_ids_are_there_once_and_links_within_lead_somewhere(name: Text) -> None:
    sections = load(name)["sections"]
    ids = [each["id"] for each in sections]
    assert len(set(ids)) == len(ids)
    inside = {found for text in words(sections) for found in re.findall(r"\]\(#([^)]+)\)", text)}
    assert inside <= set(ids)


def test_each_test_that_a_paper_names_is_there() -> None:
    named = {found for name in Text for text in words(load(name)) for found in re.findall(r"tests/[\w/]+\.py", text)}
    assert len(named) > 15
    assert sorted(each for each in named if not (ROOT / each).is_file()) == []


def test_figures_of_the_transparency_record_are_those_that_were_measured() -> None:
    measured = (ROOT / "contact/domain/data/README.md").read_text("utf-8")
    said = "\n".join(words(load(Text.TRANSPARENCY)))
    for figure in ("263 messages", "234", "430 hard messages", "0.75", "0.028", "0.95", "166", "116"):
        assert figure in " ".join(measured.split()), f"{figure} is measured no more: mend the record"
        assert figure in said


def test_the_cookies_are_those_that_the_code_sets() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "contact/web").rglob("*.py"))
    said = "\n".join(words(load(Text.COOKIES)))
    assert set(re.findall(r"[\"'](contact_(?:citizen|agent|language|left))[\"']", code)) == set(
        re.findall(r"contact_[a-z]+", said)
    )
    assert len(re.findall(r"\.set_cookie\(", code)) == 3, "a new cookie belongs on the cookies page"


def test_nobody_has_read_them_yet_or_somebody_is_named() -> None:
    unread = {name for name, _owner in document.unreviewed()}
    for name in Text:
        assert (name.value in unread) is not bool(load(name)["review"]["reviewer"] and document.reviewed_on(name))


class TestLines:
    """How a line becomes spans."""

    def line(self, text: str, **facts: object) -> list[tuple[str, str, str]]:
        pen = document._Pen("en", {"own": {}, "instead": None, **facts})
        return [(span.kind, span.text, span.href) for span in pen.line(text)]

    def test_marks(self) -> None:
        assert self.line("A **b** [c](https://d.example) [[x|e]].") == [
            ("text", "A ", ""),
            ("strong", "b", ""),
            ("text", " ", ""),
            ("link", "c", "https://d.example"),
            ("text", " ", ""),
            ("gap", "for the force: e", ""),
            ("text", ".", ""),
        ]

    def test_what_the_force_says_takes_the_place(self) -> None:
        assert self.line("[[x|e]]", own={"x": "Northshire"}) == [("text", "Northshire", "")]
        assert self.line("[[x|e]]", instead="ask us on 101") == [("text", "ask us on 101", "")]

    @pytest.mark.parametrize("typed", ["[a](https://b.example)", "**a**", "[[|a]]", "{{ 7 * 7 }}", "<b>"])
    def test_what_is_typed_stays_words(self, typed: str) -> None:
        assert self.line("[[x|e]]", own={"x": typed}) == [("text", typed, "")]
        assert self.line("{{ force }}", force=typed) == [("text", typed, "")]

    def test_an_address_that_is_typed_alone_is_a_link(self) -> None:
        web, mail = "https://northshire.example/keep", "help@northshire.example"
        assert self.line("[[x|e]]", own={"x": web}) == [("link", web, web)]
        assert self.line("[[x|e]]", own={"x": mail}) == [("link", mail, f"mailto:{mail}")]
        assert self.line("[[x|e]]", own={"x": "javascript:alert(1)"}) == [("text", "javascript:alert(1)", "")]

    def test_an_address_that_runs_something_is_no_link(self) -> None:
        assert self.line("[a]({{to}})", to="javascript:alert(1)") == [("text", "a", "")]

    def test_markdown_escapes_what_is_typed(self) -> None:
        pen = document._Pen("en", {"own": {"x": "[a](b) | *c*"}, "instead": None})
        assert document._markdown_line(pen.line("[[x|e]]")) == r"\[a\](b) \| \*c\*"

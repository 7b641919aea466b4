"""A force's overlay merged into the national set: other words, more questions, hidden or moved pages, its own promise.

Only what the national set leaves open: a locked question keeps its words, its place and its being asked (practice 24).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from forms.entry import Entry
from forms.errors import OverlayRefusedError
from forms.parse import read_review
from forms.parts import Review

Raw = dict[str, Any]
QUESTION_WORDS = frozenset({"label", "hint", "why", "errors"})
PAGE_WORDS = frozenset({"title", "before", "after"})
# On a locked question a force may explain, never ask differently.
LOCKED_WORDS = frozenset({"hint", "why"})


def merge(national: Mapping[str, Any], overlay: Mapping[str, Any]) -> Raw:
    """A new definition; OverlayRefusedError names what is not allowed. Order: wording, hide, add, reorder, promise."""
    form: Raw = copy.deepcopy(dict(national))
    entry = Entry(overlay, f"overlay of {national['id']}")
    if entry.string("form") != national["id"]:
        raise OverlayRefusedError(entry.where, "made for another form")
    form["force"] = entry.string("force")
    entry.pop("review")  # who answers for the overlay: see review_of
    _reword(form, entry)
    _hide(form, entry)
    _add(form, entry)
    _reorder(form, entry)
    promise = entry.pop("promise")
    if promise is not None:
        form["promise"] = promise
    entry.finish()
    return form


def review_of(overlay: Mapping[str, Any], where: str) -> Review:
    """Who answers for an overlay's words. Raises FormDefinitionError where nobody is named."""
    return read_review(Entry(overlay.get("review"), f"{where}.review"))


def _pages(form: Raw) -> Iterator[tuple[Raw, Raw]]:
    for section in form["sections"]:
        for page in section.get("pages", []):
            yield section, page


def _is_locked(page: Raw) -> bool:
    return bool(page.get("locked")) or any(question.get("locked") for question in page.get("questions", []))


def _find_page(form: Raw, page_id: str, where: str) -> tuple[Raw, int]:
    for section in form["sections"]:
        for position, page in enumerate(section["pages"]):
            if page["id"] == page_id:
                return section, position
    raise OverlayRefusedError(where, f"there is no page {page_id!r}")


def _reword(form: Raw, entry: Entry) -> None:
    where = entry.at("wording")
    pages = {page["id"]: page for _, page in _pages(form)}
    questions = {question["id"]: question for page in pages.values() for question in page.get("questions", [])}
    for name, words in entry.mapping("wording").items():
        if not isinstance(words, Mapping):
            raise OverlayRefusedError(f"{where}.{name}", "expected names with texts")
        if name in questions:
            target, allowed = questions[name], LOCKED_WORDS if questions[name].get("locked") else QUESTION_WORDS
        elif name in pages:
            target, allowed = pages[name], frozenset() if _is_locked(pages[name]) else PAGE_WORDS
        else:
            raise OverlayRefusedError(f"{where}.{name}", "there is no such question or page")
        refused = set(words) - allowed
        if refused:
            raise OverlayRefusedError(f"{where}.{name}", f"may not change {', '.join(sorted(refused))}")
        target |= copy.deepcopy(dict(words))


def _hide(form: Raw, entry: Entry) -> None:
    """Hide whole pages by their id. What later rules still look at, or what is locked, cannot go."""
    for page_id in entry.words("hide"):
        section, position = _find_page(form, page_id, entry.at("hide"))
        if _is_locked(section["pages"][position]):
            raise OverlayRefusedError(entry.at("hide"), f"page {page_id!r} is locked")
        del section["pages"][position]


def _add(form: Raw, entry: Entry) -> None:
    for number, raw in enumerate(entry.several("add")):
        one = Entry(raw, f"{entry.at('add')}[{number}]")
        after, page = one.string("after"), one.mapping("page")
        one.finish()
        section, position = _find_page(form, after, one.where)
        if form.get("prescribed") and _locked_pages_after(form, after):
            raise OverlayRefusedError(
                one.where, "in a prescribed form a force asks only after the prescribed questions"
            )
        section["pages"].insert(position + 1, copy.deepcopy(page))


def _locked_pages_after(form: Raw, page_id: str) -> bool:
    ids = [page["id"] for _, page in _pages(form)]
    later = ids[ids.index(page_id) + 1 :]
    return any(_is_locked(page) for _, page in _pages(form) if page["id"] in later)


def _reorder(form: Raw, entry: Entry) -> None:
    for number, raw in enumerate(entry.several("reorder")):
        one = Entry(raw, f"{entry.at('reorder')}[{number}]")
        moved, after = one.string("move"), one.string("after")
        one.finish()
        section, position = _find_page(form, moved, one.where)
        if _is_locked(section["pages"][position]):
            raise OverlayRefusedError(one.where, f"page {moved!r} is locked")
        page = section["pages"].pop(position)
        target, place = _find_page(form, after, one.where)
        target["pages"].insert(place + 1, page)

"""A force's overlay changes what the national set leaves open, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contact.domain.taxonomy import Category, Flag, Grade
from forms import check, loader
from forms.compiler import canonical, compile_for, compile_form, compile_raw
from forms.errors import FormDefinitionError, OverlayRefusedError
from forms.overlay import merge
from forms.schema import Form
from tests.unit.forms.tiny import with_pages


def page(name: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    question = {"id": f"{name}Asked", "type": "text", "label": name, "required": False, **changes}
    return {"id": name, "questions": [question]}


NATIONAL = with_pages(page("first"), page("second", locked=True), page("third"), page("fourth"))


def served(national: dict[str, Any] = NATIONAL, **overlay: Any) -> Form:  # noqa: ANN401
    return compile_raw(merge(national, {"form": "made", "force": "seaside", **overlay}), "made").form


def ids(form: Form) -> list[str]:
    return [each.id for each in form.pages]


def test_an_overlay_says_whose_it_is_and_leaves_the_national_set_alone() -> None:
    before = canonical(NATIONAL)
    form = served(wording={"firstAsked": {"label": "Ours"}}, hide=["third"])
    assert form.force == "seaside"
    assert form.question("firstAsked").label.en == "Ours"
    assert ids(form) == ["first", "second", "fourth"]
    assert canonical(NATIONAL) == before


def test_words_of_a_page_and_help_on_a_locked_question() -> None:
    form = served(wording={"first": {"title": "A title"}, "secondAsked": {"hint": "Some help", "why": "Because"}})
    assert (form.page("first").title or form.title).en == "A title"
    assert (form.question("secondAsked").hint or form.title).en == "Some help"


def test_pages_are_added_moved_and_the_promise_is_the_forces_own() -> None:
    form = served(
        add=[{"after": "first", "page": page("ours")}],
        reorder=[{"move": "fourth", "after": "first"}],
        promise={"answer_hours": 12, "steps": ["Sooner."]},
    )
    assert ids(form) == ["first", "fourth", "ours", "second", "third"]
    assert form.promise.answer_hours == 12


@pytest.mark.parametrize(
    "overlay",
    [
        {"wording": {"secondAsked": {"label": "Ours"}}},
        {"wording": {"second": {"title": "Ours"}}},
        {"wording": {"firstAsked": {"required": False}}},
        {"wording": {"firstAsked": {"id": "other"}}},
        {"wording": {"firstAsked": "Ours"}},
        {"wording": {"nothing": {"label": "Ours"}}},
        {"hide": ["second"]},
        {"hide": ["nothing"]},
        {"reorder": [{"move": "second", "after": "first"}]},
        {"reorder": [{"move": "first", "after": "nothing"}]},
        {"add": [{"after": "nothing", "page": page("ours")}]},
        {"form": "other"},
    ],
)
def test_what_is_refused(overlay: dict[str, Any]) -> None:
    with pytest.raises(OverlayRefusedError):
        served(**overlay)


def test_an_unknown_wish_is_refused() -> None:
    with pytest.raises(FormDefinitionError, match="unknown: colours"):
        served(colours="blue")


def test_a_page_that_later_rules_look_at_cannot_be_hidden_or_moved_behind_them() -> None:
    follows = {**page("third"), "when": {"answered": "firstAsked"}}
    national = with_pages(page("first"), page("second"), follows)
    with pytest.raises(FormDefinitionError, match="no question of an earlier page"):
        served(national, hide=["first"])
    with pytest.raises(FormDefinitionError, match="no question of an earlier page"):
        served(national, reorder=[{"move": "first", "after": "third"}])


def test_a_locked_page_of_information_stays() -> None:
    told = {"id": "told", "kind": "information", "title": "Told", "locked": True, "before": [{"text": "Told."}]}
    with pytest.raises(OverlayRefusedError):
        served(with_pages(told, page("first")), hide=["told"])


def test_in_a_prescribed_form_a_force_asks_only_later() -> None:
    national = {**NATIONAL, "prescribed": "SI 2025/914"}
    assert ids(served(national, add=[{"after": "second", "page": page("ours")}]))[2] == "ours"
    with pytest.raises(OverlayRefusedError):
        served(national, add=[{"after": "first", "page": page("ours")}])


def test_the_real_forms_refuse_overlays_that_would_unsettle_them() -> None:
    for overlay in (
        {"hide": ["evidence"]},
        {"hide": ["safe-now"]},
        {"hide": ["works-for-police"]},
        {"hide": ["who-you-are"]},
    ):
        with pytest.raises(OverlayRefusedError):
            compile_form("sexual-offence", {"form": "sexual-offence", "force": "seaside", **overlay})


def test_a_force_cannot_drop_what_every_form_must_ask() -> None:
    for page_id in ("what-happened", "call-now", "ring-your-bank"):
        with pytest.raises(OverlayRefusedError):
            compile_form("theft", {"form": "theft", "force": "seaside", "hide": [page_id]})


def test_an_overlay_is_another_version_under_its_own_digest() -> None:
    national = compile_form("theft")
    ours = compile_form(
        "theft", {"form": "theft", "force": "seaside", "promise": {"answer_hours": 12, "steps": ["Soon."]}}
    )
    again = compile_form(
        "theft", {"force": "seaside", "promise": {"steps": ["Soon."], "answer_hours": 12}, "form": "theft"}
    )
    assert ours.sha256 == again.sha256 != national.sha256


@pytest.fixture
def overlays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of overlay files in place of the stored ones."""
    for module in (loader, check):
        monkeypatch.setattr(module, "OVERLAYS", tmp_path)
    monkeypatch.setattr(check, "check_doors", lambda _categories: [])
    for cached in (loader.load_overlay, compile_for):
        cached.cache_clear()
    (tmp_path / "seaside").mkdir()
    yield tmp_path
    for cached in (loader.load_overlay, compile_for):
        cached.cache_clear()


def problems() -> list[str]:
    return [each.where for each in check.check_all(list(Category), list(Grade), list(Flag))]


def test_a_forces_file_is_served_to_that_force_alone(overlays: Path) -> None:
    words = "form: theft\nforce: seaside\nreview: {owner: Us}\nwording: {incidentLocation: {hint: Say which beach}}\n"
    (overlays / "seaside" / "theft.yml").write_text(words)
    hint = compile_for("theft", "seaside").form.question("incidentLocation").hint
    assert hint is not None
    assert hint.en == "Say which beach"
    assert compile_for("theft", "inland").form == compile_form("theft").form
    assert problems() == []


@pytest.mark.parametrize(
    "words",
    [
        "form: theft\nforce: seaside\nhide: [theft-of-sand]\n",
        "form: theft\nforce: seaside\nhide: [safe-contact]\n",
        "form: [\n",
        "form: theft\nforce: seaside\n",
    ],
)
def test_the_check_names_the_file_that_is_wrong(overlays: Path, words: str) -> None:
    (overlays / "seaside" / "theft.yml").write_text(words)
    assert problems() == ["overlays/seaside/theft.yml"]


def test_an_overlay_of_a_welsh_force_is_in_both_languages(overlays: Path) -> None:
    words = "form: theft\nforce: seaside\nreview: {owner: Us}\nwording: {incidentLocation: {hint: Say which beach}}\n"
    (overlays / "seaside" / "theft.yml").write_text(words)
    found = check.check_all(list(Category), list(Grade), list(Flag), welsh_forces=["seaside"])
    assert [each.what for each in found] == ["no Welsh for 'Say which beach'"]


def test_an_overlay_of_no_form_is_named(overlays: Path) -> None:
    (overlays / "seaside" / "fishing.yml").write_text("form: fishing\nforce: seaside\nreview: {owner: Us}\n")
    assert problems() == ["overlays/seaside/fishing.yml"]

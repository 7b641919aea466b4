"""Pages shared by forms: taken whole, reworded, and with their hints."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from forms.errors import FormDefinitionError
from forms.loader import SHARED, read_shared
from forms.sharing import expand

WHERE: dict[str, Any] = {
    "id": "where",
    "questions": [
        {"id": "place", "label": "Where?", "hint": "A postcode", "errors": {"required": "Say where"}},
        {"id": "kind", "options": [{"code": "a"}, {"code": "none", "exclusive": True}]},
    ],
    "hints": [{"reason": "told_before", "when": {"answered": "place"}}],
}


def expanded(*pages: Any, hints: list[Any] | None = None) -> dict[str, Any]:  # noqa: ANN401 - plain YAML data
    form = {"id": "tiny", "sections": [{"id": "one", "pages": list(pages)}], **({"hints": hints} if hints else {})}
    return expand(form, lambda _name: WHERE, "tiny")


def test_a_used_page_stands_in_its_place_with_its_hints_after_the_forms() -> None:
    before, form = copy.deepcopy(WHERE), expanded({"id": "first"}, {"use": "where"}, hints=[{"reason": "form_chosen"}])
    assert [page["id"] for page in form["sections"][0]["pages"]] == ["first", "where"]
    assert [hint["reason"] for hint in form["hints"]] == ["form_chosen", "told_before"]
    assert before == WHERE, "the shared page itself is never changed"


def test_keys_of_the_page_and_words_of_its_questions_can_be_given_anew() -> None:
    page = expanded(
        {
            "use": "where",
            "id": "there",
            "when": {"is": ["x", "y"]},
            "hints": [],
            "questions": {
                "place": {"label": "Where was it?", "hint": None, "errors": {"too_long": "Shorter"}},
                "kind": {"add_options": [{"code": "b"}]},
            },
        }
    )
    found = page["sections"][0]["pages"][0]
    assert (found["id"], found["when"], "hints" in page) == ("there", {"is": ["x", "y"]}, False)
    assert found["questions"][0] == {
        "id": "place",
        "label": "Where was it?",
        "errors": {"required": "Say where", "too_long": "Shorter"},
    }
    assert [option["code"] for option in found["questions"][1]["options"]] == ["a", "b", "none"]


@pytest.mark.parametrize("use", [{"use": "where", "questions": {"unknown": {}}}, {"use": "where", "questions": []}])
def test_what_the_page_does_not_have_is_refused_by_name(use: dict[str, Any]) -> None:
    with pytest.raises(FormDefinitionError, match="use where"):
        expanded(use)


def test_a_page_that_is_not_there_is_refused() -> None:
    with pytest.raises(FormDefinitionError, match="no such shared page"):
        read_shared("nowhere")


@pytest.mark.parametrize("name", sorted(path.stem for path in SHARED.glob("*.yml")))
def test_every_shared_page_is_in_both_languages(name: str) -> None:
    def texts(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - plain YAML data
        if isinstance(value, dict):
            return [value] if "en" in value else [text for each in value.values() for text in texts(each)]
        return [text for each in value for text in texts(each)] if isinstance(value, list) else []

    page = read_shared(name)
    assert page["id"]
    assert all(text.get("cy") for text in texts(page))

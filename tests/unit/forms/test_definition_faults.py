"""A definition that is not sound is refused, and the message says where and what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forms.check import check_all, unreviewed
from forms.compiler import compile_raw, from_canonical
from forms.errors import FormDefinitionError
from forms.loader import read_definition, read_yaml
from tests.unit.forms.tiny import FRAME, one_page, raw, tiny, with_pages

CODES: dict[str, Any] = {"categories": {"theft", "robbery"}, "grades": {"standard", "priority"}, "flags": {"weapon"}}
NAME: dict[str, Any] = {"id": "name", "type": "text", "label": "Name", "required": False}
KIND: dict[str, Any] = {
    "id": "kind",
    "type": "choice",
    "label": "Kind",
    "required": False,
    "options": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}],
}
COLUMN: dict[str, Any] = {"id": "col", "type": "text", "label": "Column"}
CHOSEN: dict[str, Any] = {**COLUMN, "type": "choice"}


def page(*questions: dict[str, Any], page_id: str = "only", **changes: object) -> dict[str, Any]:
    return {"id": page_id, "title": "Page", "questions": list(questions), **changes}


def follows(rule: object) -> dict[str, Any]:
    return with_pages(page(NAME, KIND), page({**NAME, "id": "later"}, page_id="second", when=rule))


_REQUIRED = {"required": True, "errors": {"required": "Say it"}}


def _apart(*pages: dict[str, Any]) -> dict[str, Any]:
    return with_pages(*pages, source_apart=True, acknowledge=False)


@pytest.mark.parametrize(
    ("definition", "says"),
    [
        (with_pages(page(NAME), page({**NAME, "id": "other"})), "two pages have this id"),
        (with_pages(page(NAME), page(NAME, page_id="second")), "two questions have this id"),
        (with_pages(page(NAME, page_id="check")), "not a free page id"),
        (with_pages(page(NAME, page_id="No Spaces")), "not a free page id"),
        (with_pages(page(NAME, page_id="copy")), "not a free page id"),
        (with_pages(page(NAME, page_id="danger-to-you")), "not a free page id"),
        (with_pages(page(NAME), source_apart=True), "sends nothing by itself"),
        (with_pages(page(NAME), source_apart=True, sensitive=True), "a sensitive form asks for a safe word"),
        (_apart(page({**NAME, "role": "source", **_REQUIRED})), "never a required answer"),
        (
            _apart(page({**KIND, "role": "source"}), page(NAME, page_id="next", when={"is": ["kind", "a"]})),
            "asked under 'kind', which is kept apart",
        ),
        (with_pages(page({**NAME, "id": "with-dash"})), "not a question id"),
        (with_pages(page({**NAME, "id": "stop_here"})), "not a question id"),
        (with_pages(page({**KIND, "options": [KIND["options"][0]] * 2})), "two options have the code"),
        (follows({"is": ["later", "x"]}), "no question of an earlier page"),
        (follows({"is": ["nowhere", "x"]}), "no question of an earlier page"),
        (follows({"is": ["kind", "c"]}), "no answer 'c'"),
        (follows({"includes": ["kind", "a"]}), "holds one answer"),
        (follows({"is": ["kind.part", "a"]}), "no part 'part'"),
        (follows({"is": ["name", "a"]}), "not a question with a list of answers"),
        (follows({"within_days": ["kind", 7]}), "cannot compare kind"),
        (with_pages(page(NAME), page(NAME, page_id="x", when={"eval": "1"})), "no rule called 'eval'"),
        (with_pages(page({**NAME, "when": {"answered": "name"}})), "no question of an earlier page"),
        (with_pages(page({**NAME, "required": True})), "needs its own message"),
        (with_pages(page({**NAME, "errors": {"made_up": "x"}})), "no validator gives"),
        (with_pages(page(NAME), {"id": "end", "kind": "stop", "title": "End"}), "everybody would stop here"),
        (with_pages({"id": "told", "title": "Told"}), "needs questions"),
        (with_pages(page(NAME, kind="information")), "has no questions"),
        (with_pages({"id": "both", "questions": [NAME, KIND]}), "without a title has exactly one question"),
        (with_pages(page({**NAME, "label": ""})), "expected a text"),
        (with_pages(page({**NAME, "label": {"cy": "Enw"}})), "in English at least"),
        (with_pages(page({**NAME, "labl": "Name"})), "unknown: labl"),
        (with_pages(page({**NAME, "type": "colour"})), "'colour' is none of"),
        (with_pages(page({**NAME, "role": "king"})), "no role called 'king'"),
        (with_pages(page({**NAME, "options": KIND["options"]})), "text has no options"),
        (with_pages(page({**KIND, "options": []})), "two options at least"),
        (with_pages(page({**NAME, "type": "yes_no", "options": KIND["options"]})), "fixed"),
        (
            with_pages(page({**KIND, "options": [{"code": "a", "label": "A", "exclusive": True}, KIND["options"][1]]})),
            "exclusive",
        ),
        (with_pages(page(NAME), stop_here={"label": "Stop", "text": "Stop", "asks": ["nowhere"]}), "no page 'nowhere'"),
        (with_pages(page(NAME), hints=[{"reason": "because"}]), "no reason on the list"),
        (with_pages(page(NAME), promise={"answer_hours": 1, "steps": []}), "say what happens next"),
        (with_pages(page(NAME), version="one"), "whole number"),
        (with_pages(page(NAME), sensitive="no"), "true or false"),
        (with_pages(page(NAME, before=[{"picture": "x"}])), "a block is one of"),
        ({**FRAME, "id": "none", "sections": []}, "a form needs a page"),
        ([], "expected names with values"),
    ],
)
def test_faults(definition: dict[str, Any], says: str) -> None:
    with pytest.raises(FormDefinitionError, match=says):
        compile_raw(definition, "made")


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({**NAME, "type": "files", "required": True, "errors": {"required": "x"}}, "always optional"),
        ({**NAME, "type": "number", "min": 5, "max": 4}, "min is more than max"),
        ({**NAME, "min": 5}, "unknown: min"),
        ({**NAME, "type": "what3words"}, "never the only location"),
        ({**NAME, "role": "place"}, "needs the type address or place"),
        ({**NAME, "role": "vehicles", "type": "people"}, "needs the type vehicles"),
        ({**NAME, "type": "rows"}, "rows need columns"),
        ({**NAME, "type": "rows", "columns": [COLUMN, COLUMN]}, "two columns have the id"),
        ({**NAME, "type": "rows", "columns": [{**COLUMN, "id": "a-b"}]}, "no column id"),
        ({**NAME, "type": "rows", "columns": [{**COLUMN, "type": "people"}]}, "'people' is none of"),
        ({**NAME, "type": "rows", "columns": [{**COLUMN, "type": "choice"}]}, "two options at least"),
        ({**NAME, "type": "rows", "columns": [{**COLUMN, "options": KIND["options"]}]}, "text has no options"),
        ({**NAME, "type": "rows", "columns": [{**CHOSEN, "options": [KIND["options"][0]] * 2}]}, "two options of col"),
        ({**NAME, "type": "people", "columns": ["given", "shoes"]}, "no column 'shoes'"),
        ({**NAME, "type": "items", "columns": ["serial"]}, "needs the column 'what'"),
        ({**NAME, "columns": ["given"]}, "unknown: columns"),
    ],
)
def test_faults_of_one_question(question: dict[str, Any], says: str) -> None:
    with pytest.raises(FormDefinitionError, match=says):
        compile_raw(with_pages(page(question)), "made")


def test_no_rule_can_see_files() -> None:
    files = {"id": "pictures", "type": "files", "label": "Pictures"}
    definition = with_pages(page(files), page(NAME, page_id="second", when={"answered": "pictures"}))
    with pytest.raises(FormDefinitionError, match="no rule can see the files"):
        compile_raw(definition, "made")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"acknowledge": True}, "sends nothing by itself"),
        ({"acknowledge": False}, "offers to stop"),
    ],
)
def test_sensitive_forms(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(FormDefinitionError, match=says):
        compile_raw(with_pages(page(NAME), sensitive=True, **changes), "made")


def test_a_sensitive_form_turns_nobody_away_lets_people_refuse_contact_and_never_demands_the_account() -> None:
    account = {**NAME, "id": "account", "role": "account", "required": True, "errors": {"required": "x"}}
    reach = {
        "id": "reach",
        "type": "safe_contact",
        "label": "x",
        "role": "safe_contact",
        "ways": ["email"],
        "required": False,
    }
    away = {"id": "away", "kind": "stop", "title": "Away", "when": {"answered": "account"}}
    stop_here = {"label": "Stop", "text": "Stop", "asks": []}
    definition = with_pages(page(account, reach), away, page(NAME, page_id="last"))
    with pytest.raises(FormDefinitionError) as raised:
        compile_raw({**definition, "sensitive": True, "acknowledge": False, "stop_here": stop_here}, "made")
    for says in ("turns nobody away", "do not contact me", "account is optional"):
        assert says in str(raised.value)


def test_the_path_of_a_fault_is_named() -> None:
    with pytest.raises(FormDefinitionError, match=r"^one\.sections\[0\]\.pages\[0\]\.questions\[0\]\.limit: "):
        compile_raw(one_page(limit="long"), "one")


def test_a_stored_form_of_another_kind_is_refused() -> None:
    with pytest.raises(FormDefinitionError, match="stored form"):
        from_canonical(b'{"id": "x"}')


def test_yaml_reads_answers_as_words_and_refuses_a_key_written_twice(tmp_path: Path) -> None:
    file = tmp_path / "x.yml"
    file.write_text("a: yes\nb: 2026-11-21\nc: true\nd: 12\ne: off\n")
    assert read_yaml(file) == {"a": "yes", "b": "2026-11-21", "c": True, "d": 12, "e": "off"}
    for broken in ("a: 1\na: 2\n", "a: [\n", "!!python/object/apply:os.system ['true']\n"):
        file.write_text(broken)
        with pytest.raises(FormDefinitionError, match=r"x\.yml"):
            read_yaml(file)


def test_a_folder_without_sections_is_no_definition(tmp_path: Path) -> None:
    (tmp_path / "form.yml").write_text("id: x\n")
    with pytest.raises(FormDefinitionError, match="list of sections"):
        read_definition(tmp_path)


def test_codes_are_held_to_the_taxonomy() -> None:
    form = tiny("hints")
    known = [each.what for each in check_all(**CODES, forms=[form]) if "taxonomy" in each.what]
    assert known == []
    for kind, code in (("categories", "robbery"), ("grades", "priority"), ("flags", "weapon")):
        without = {**CODES, kind: CODES[kind] - {code}}
        assert any(code in each.what for each in check_all(**without, forms=[form]))


def test_a_form_that_cannot_be_routed_or_answered_safely_is_a_problem() -> None:
    whats = " ".join(each.what for each in check_all(**CODES, forms=[tiny("branching")]))
    for role in ("safe_contact", "place", "account"):
        assert f"no question has the role {role}" in whats


def test_unreviewed_texts_say_so() -> None:
    assert unreviewed([tiny("stop")]) == ["stop 1: unreviewed (owner: Tests)", "stop 1: Welsh unreviewed"]
    review = {"owner": "Tests", "reviewer": "A reader", "review_date": "2027-01-01", "welsh_reviewer": "Darllenydd"}
    assert unreviewed([compile_raw(raw("stop", review=review), "stop").form]) == []

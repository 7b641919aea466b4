"""Pages that many forms ask alike: ``- use: where`` in a section becomes ``shared/where.yml``, reworded where asked."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from forms.errors import FormDefinitionError

Raw = dict[str, Any]
ReadPage = Callable[[str], Raw]
"""The content of one shared page by its name; raises FormDefinitionError if there is none."""


def expand(form: Mapping[str, Any], read_page: ReadPage, where: str) -> Raw:
    """The form with every ``use`` replaced by its page, and the pages' own hints put after the form's.

    Whoever uses a page may give any of its keys anew (``id``, ``when``, ``title``, ``before``, ``hints`` …), but
    ``questions`` is then a mapping from a question's id to the keys it gets anew: ``errors`` join those there,
    ``add_options`` come after the shared ones and before an exclusive last one, null takes a key away.
    """
    sections, hints = [], list(form.get("hints", []))
    for section in form["sections"]:
        if not isinstance(section, Mapping) or not isinstance(section.get("pages"), list):
            raise FormDefinitionError(where, "a section has an id, a title and pages")
        pages = []
        for raw in section["pages"]:
            page, brought = _page(raw, read_page, where)
            pages.append(page)
            hints += [hint for hint in brought if hint not in hints]
        sections.append({**section, "pages": pages})
    return {**form, "sections": sections, **({"hints": hints} if hints else {})}


def _page(raw: object, read_page: ReadPage, where: str) -> tuple[object, list[Raw]]:
    if not isinstance(raw, Mapping) or "use" not in raw:
        return raw, []
    shared = copy.deepcopy(read_page(str(raw["use"])))
    changes = {key: value for key, value in raw.items() if key != "use"}
    brought: list[Raw] = shared.pop("hints", [])
    hints: list[Raw] = changes.pop("hints", brought)
    questions = changes.pop("questions", {})
    if not isinstance(questions, Mapping):
        raise FormDefinitionError(f"{where}: use {raw['use']}", "questions: {id: {label: …}} rewords what is shared")
    page = {**shared, **changes}
    known = {question["id"]: question for question in page.get("questions", [])}
    for question_id, words in questions.items():
        if question_id not in known:
            raise FormDefinitionError(f"{where}: use {raw['use']}", f"has no question {question_id!r}")
        _reword(known[question_id], words)
    return page, hints


def _reword(question: Raw, words: Mapping[str, Any]) -> None:
    """Put new keys in; ``errors`` are added to those there, ``add_options`` to the options."""
    for key, value in words.items():
        if key == "errors":
            question["errors"] = {**question.get("errors", {}), **value}
        elif key == "add_options":
            options = question["options"]
            place = len(options) - 1 if options and options[-1].get("exclusive") else len(options)
            question["options"] = [*options[:place], *value, *options[place:]]
        elif value is None:
            question.pop(key, None)
        else:
            question[key] = value

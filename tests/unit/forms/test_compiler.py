"""What is stored: one canonical JSON for a definition, its digest, and the same form read back from it."""

from __future__ import annotations

import hashlib
import json

import pytest

from forms import UnknownFormError, compile_for, compile_form, form_ids, from_canonical, load_all
from forms.compiler import canonical, compile_raw
from tests.unit.forms.tiny import NAMES, raw


@pytest.mark.parametrize("form_id", form_ids())
def test_a_stored_form_reads_back_as_itself(form_id: str) -> None:
    compiled = compile_form(form_id)
    assert compiled.sha256 == hashlib.sha256(compiled.canonical_json).hexdigest()
    assert from_canonical(compiled.canonical_json) == compiled.form
    # PostgreSQL's jsonb orders keys its own way.
    shuffled = json.loads(compiled.canonical_json, object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert from_canonical(shuffled) == compiled.form
    assert canonical(shuffled) == compiled.canonical_json


@pytest.mark.parametrize("name", NAMES)
def test_order_of_keys_does_not_matter_but_order_of_pages_does(name: str) -> None:
    definition = raw(name)
    backwards = dict(reversed(list(definition.items())))
    assert compile_raw(definition, name).sha256 == compile_raw(backwards, name).sha256
    assert compile_raw({**definition, "version": 2}, name).sha256 != compile_raw(definition, name).sha256


def test_every_form_is_loaded_once_and_frozen() -> None:
    forms = load_all()
    assert tuple(forms) == form_ids()
    assert load_all()["theft"] is forms["theft"]
    with pytest.raises(AttributeError):
        forms["theft"].title = forms["theft"].title  # type: ignore[misc]
    assert len({*forms.values(), *forms.values()}) == len(forms)


def test_a_force_without_an_overlay_serves_the_national_form() -> None:
    assert compile_for("theft", "nowhere").sha256 == compile_for("theft", None).sha256 == compile_form("theft").sha256


@pytest.mark.parametrize("form_id", ["nothing", "../theft", "", "theft/sections"])
def test_no_other_form_is_found(form_id: str) -> None:
    with pytest.raises(UnknownFormError):
        compile_form(form_id)
    with pytest.raises(UnknownFormError):
        compile_for(form_id, "../..")

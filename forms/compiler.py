"""National definition plus overlay, checked, as canonical JSON under its SHA-256, which drafts and submissions name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from forms.errors import FormDefinitionError, OverlayRefusedError
from forms.loader import form_ids, load_overlay, raw_form
from forms.overlay import merge
from forms.parse import parse_form
from forms.schema import Form
from forms.soundness import check_form, check_roles


@dataclass(frozen=True, slots=True)
class Compiled:
    """A form, its canonical JSON (UTF-8, keys sorted, no spaces) and the SHA-256 of that, in hexadecimal."""

    form: Form
    canonical_json: bytes
    sha256: str


def canonical(raw: Mapping[str, Any]) -> bytes:
    """The one byte string for a definition: equal definitions give equal bytes."""
    return json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def compile_raw(raw: Mapping[str, Any], where: str) -> Compiled:
    """Compile plain data; FormDefinitionError for the first thing wrong with it."""
    form = parse_form(raw, where)
    problems = check_form(form)
    if problems:
        raise FormDefinitionError(where, "; ".join(f"{each.where} {each.what}" for each in problems))
    content = canonical(raw)
    return Compiled(form, content, hashlib.sha256(content).hexdigest())


def compile_form(form_id: str, overlay: Mapping[str, Any] | None = None) -> Compiled:
    """The national form, with ``overlay`` if given; UnknownFormError, FormDefinitionError or OverlayRefusedError."""
    if overlay is None:
        return _national(form_id)
    try:
        compiled = compile_raw(merge(raw_form(form_id), overlay), form_id)
        for problem in check_roles(compiled.form):
            raise OverlayRefusedError(problem.where, problem.what)
        return compiled
    except OverlayRefusedError:
        raise
    except FormDefinitionError as error:
        raise OverlayRefusedError(error.where, error.what) from error


@cache
def _national(form_id: str) -> Compiled:
    return compile_raw(raw_form(form_id), form_id)


@cache
def compile_for(form_id: str, force_id: str | None) -> Compiled:
    """The form as that force serves it: with its own overlay if it has one. Compiled once a process."""
    return compile_form(form_id, load_overlay(force_id, form_id) if force_id else None)


def from_canonical(content: bytes | str | Mapping[str, Any]) -> Form:
    """The form that was stored: its JSON as bytes or text, or as PostgreSQL hands jsonb back."""
    raw = content if isinstance(content, Mapping) else json.loads(content)
    return parse_form(raw, "stored form")


def load_all() -> dict[str, Form]:
    """Every national form by id."""
    return {form_id: _national(form_id).form for form_id in form_ids()}

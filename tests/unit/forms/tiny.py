"""Tiny definitions, each showing one behaviour of the engine, and the fixed moment the tests live in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forms.compiler import compile_raw
from forms.loader import read_yaml
from forms.schema import Form

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
FOLDER = Path(__file__).parent / "definitions"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))
FRAME: dict[str, Any] = {
    "version": 1,
    "title": "Tiny",
    "category": "theft",
    "estimated_minutes": 1,
    "promise": {"answer_hours": 24, "steps": ["We answer."]},
    "review": {"owner": "Tests"},
}


def raw(name: str, **changes: object) -> dict[str, Any]:
    """The definition ``definitions/<name>.yml`` inside the frame every form needs."""
    return {**FRAME, "id": name, **read_yaml(FOLDER / f"{name}.yml"), **changes}


def tiny(name: str, **changes: object) -> Form:
    """The same, compiled."""
    return compile_raw(raw(name, **changes), name).form


def one_page(**question: object) -> dict[str, Any]:
    """A form of one page with one question."""
    whole = {"id": "asked", "type": "text", "label": "Asked", "errors": {"required": "Answer it"}, **question}
    pages = [{"id": "only", "questions": [whole]}]
    return {**FRAME, "id": "one", "sections": [{"id": "all", "title": "All", "pages": pages}]}


def with_pages(*pages: dict[str, Any], **changes: object) -> dict[str, Any]:
    """A form of these pages."""
    return {**FRAME, "id": "made", "sections": [{"id": "all", "title": "All", "pages": list(pages)}], **changes}

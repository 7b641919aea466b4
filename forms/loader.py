"""Reads ``definitions/<form_id>/form.yml`` with its section files and shared pages, and the forces' overlays."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

try:
    # Written in C, ten times as fast: a process reads half a million characters of definitions when it starts.
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]  # the same rules in Python

from forms.errors import FormDefinitionError, UnknownFormError
from forms.rules import Value
from forms.sharing import expand

ROOT = Path(__file__).parent
DEFINITIONS = ROOT / "definitions"
OVERLAYS = ROOT / "overlays"
SHARED = ROOT / "shared"


class _DefinitionLoader(SafeLoader):
    """Safe YAML in which yes, no, on, off and dates stay words, and a key written twice is a mistake."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


_DefinitionLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rsplit(":", 1)[-1] in ("int", "null", "merge")]
    for first, resolvers in SafeLoader.yaml_implicit_resolvers.items()
}
_DefinitionLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def read_yaml(path: Path) -> Value:
    """The content of one file; FormDefinitionError names the file and the line that cannot be read."""
    try:
        # The loader is a SafeLoader: it builds nothing but plain data.
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_DefinitionLoader)  # noqa: S506 - see above
    except yaml.YAMLError as error:
        raise FormDefinitionError(path.name, str(error)) from error


def read_definition(folder: Path) -> dict[str, Any]:
    """A form's ``form.yml`` with the content of its ``sections/<name>.yml`` and the shared pages it uses."""
    raw = read_yaml(folder / "form.yml")
    if not isinstance(raw, dict) or not isinstance(raw.get("sections"), list):
        raise FormDefinitionError(f"{folder.name}/form.yml", "expected a form with a list of sections")
    sections = [
        read_yaml(folder / "sections" / f"{each}.yml") if isinstance(each, str) else each for each in raw["sections"]
    ]
    return expand({**raw, "sections": sections}, read_shared, folder.name)


@cache
def read_shared(name: str) -> dict[str, Any]:
    """The page ``shared/<name>.yml``; FormDefinitionError if there is none."""
    path = SHARED / f"{name}.yml"
    if "/" in name or not path.is_file():
        raise FormDefinitionError(f"shared/{name}.yml", "there is no such shared page")
    raw = read_yaml(path)
    if not isinstance(raw, dict) or "id" not in raw:
        raise FormDefinitionError(f"shared/{name}.yml", "expected a page with an id")
    return raw


@cache
def _definition(form_id: str) -> dict[str, Any]:
    if form_id not in form_ids():
        raise UnknownFormError(form_id)
    return read_definition(DEFINITIONS / form_id)


def raw_form(form_id: str) -> Mapping[str, Any]:
    """The national definition as plain data, read once a process; UnknownFormError if there is none."""
    return _definition(form_id)


@cache
def form_ids() -> tuple[str, ...]:
    """Every form of the national set, in order of id."""
    return tuple(sorted(path.parent.name for path in DEFINITIONS.glob("*/form.yml")))


@cache
def load_overlay(force_id: str, form_id: str) -> Mapping[str, Any] | None:
    """What that force changes in that form, or None."""
    folder = next((path for path in OVERLAYS.glob("*") if path.name == force_id), None)
    path = folder / f"{form_id}.yml" if folder and form_id in form_ids() else None
    return read_yaml(path) if path and path.is_file() else None

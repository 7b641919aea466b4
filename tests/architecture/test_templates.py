"""Templates compile, use every macro that they import or make, and never say more than they may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import StrictUndefined, nodes

from tests.architecture.test_routes_declare_access import build

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The demonstration's application: it has every room."""
    return build("demo", tmp_path_factory.mktemp("home"))


def name_of(path: Path) -> str:
    """A template's name."""
    return str(path.relative_to(ROOT / "templates"))


def parsed(app: Flask, path: Path) -> nodes.Template:
    """Its tree."""
    return app.jinja_env.parse(path.read_text(encoding="utf-8"), name=name_of(path))


def names_used(tree: nodes.Template) -> set[str]:
    """Every name that is read anywhere in the template."""
    return {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_it_compiles_and_uses_all_that_it_imports_and_makes(app: Flask, path: Path) -> None:
    assert app.jinja_env.undefined is StrictUndefined
    app.jinja_env.get_template(name_of(path))
    tree = parsed(app, path)
    used = names_used(tree)
    imported = {
        name[1] if isinstance(name, tuple) else name for node in tree.find_all(nodes.FromImport) for name in node.names
    } | {node.target for node in tree.find_all(nodes.Import)}
    assert imported <= used, f"imported and not used: {imported - used}"


def test_every_macro_is_used_somewhere(app: Flask) -> None:
    """By its own template or by one that imports it."""
    used: dict[str, set[str]] = {}
    made: list[tuple[str, str]] = []
    for path in TEMPLATES:
        tree = parsed(app, path)
        made += [(name_of(path), macro.name) for macro in tree.find_all(nodes.Macro)]
        own = {macro.name for macro in tree.find_all(nodes.Macro)}
        for name in names_used(tree) & own:
            used.setdefault(name_of(path), set()).add(name)
        for node in tree.find_all(nodes.FromImport):
            if isinstance(node.template, nodes.Const):
                wanted = {name[0] if isinstance(name, tuple) else name for name in node.names}
                used.setdefault(str(node.template.value), set()).update(wanted)
    assert [pair for pair in made if pair[1] not in used.get(pair[0], set())] == []


def test_every_template_is_rendered_or_included_by_something(app: Flask) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "contact").rglob("*.py"))
    pages = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    lonely = []
    for path in TEMPLATES:
        name = name_of(path)
        built = name.startswith(("errors/", "citizen/answers/", "citizen/legal/"))  # named by tables
        if not built and f'"{name}"' not in code + pages and f"'{name}'" not in code + pages:
            lonely.append(name)
    assert lonely == []


def _lines(pattern: str, path: Path) -> Iterator[str]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if re.search(pattern, re.sub(r"\{#.*?#\}", "", line)):
            yield f"{name_of(path)}:{number}: {line.strip()[:120]}"


def test_no_page_has_a_style_or_a_script_in_its_text_or_a_handler() -> None:
    """The policy would stop it (engineering 11)."""
    pattern = r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:|\|\s*safe\b"
    assert [line for path in TEMPLATES for line in _lines(pattern, path)] == []


def test_no_page_reloads_itself() -> None:
    assert [line for path in TEMPLATES for line in _lines(r"http-equiv=.refresh", path)] == []

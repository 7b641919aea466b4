"""Files stay small and well named, rooms say what they are, and nothing names a machine or a package host."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("contact", "forms", "tests")
CODE_LINES, TEST_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 500, 50, 150
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "lib", "libs"}
HOSTS = re.compile(r"pypi\.org|pythonhosted|/root/|(?<!\w)/home/[a-z]+/|npmjs\.(org|com)")


def tracked() -> list[Path]:
    """Every file of the repository that git knows and that is there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


FILES = tracked()


def code(*rooms: str) -> Iterator[Path]:
    """Python files of these rooms."""
    for path in FILES:
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in rooms:
            yield path


def name_of(path: Path) -> str:
    """How a failure names it."""
    return str(path.relative_to(ROOT))


def test_code_files_fit_on_a_few_screens() -> None:
    long = {
        name_of(path): n for path in code("contact", "forms") if (n := len(path.read_text().splitlines())) > CODE_LINES
    }
    assert long == {}


def test_test_files_too() -> None:
    long = {name_of(path): n for path in code("tests") if (n := len(path.read_text().splitlines())) > TEST_LINES}
    assert long == {}


def test_functions_fit_on_one() -> None:
    long = {}
    data = ROOT / "contact" / "demo" / "stories.py"
    for path in (path for path in code("contact", "forms") if path != data):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long[f"{name_of(path)}:{node.name}"] = lines
    assert long == {}


def test_templates_too() -> None:
    templates = [path for path in FILES if path.suffix in {".html", ".jinja"} and "templates" in path.parts]
    long = {name_of(path): n for path in templates if (n := len(path.read_text().splitlines())) > TEMPLATE_LINES}
    assert long == {}


def test_there_are_no_drawers() -> None:
    assert [name_of(path) for path in code(*ROOMS) if DRAWERS & {path.stem, *path.relative_to(ROOT).parts[:-1]}] == []


def test_every_module_says_its_promise_in_a_line() -> None:
    silent = []
    for path in code(*ROOMS):
        said = ast.get_docstring(ast.parse(path.read_text()))
        if not said or not said.splitlines()[0].strip().endswith((".", "?", ":", "…", "”", "`", ")", ";")):
            silent.append(name_of(path))
    assert silent == []


def test_only_the_edges_read_the_environment() -> None:
    """Everything else is given its settings (house-style 8)."""
    allowed = {"contact/wsgi.py", "contact/bench", "contact/cli", "contact/run"}
    readers = []
    for path in code("contact", "forms"):
        name = name_of(path)
        if re.search(r"os\.(environ|getenv)", path.read_text()) and not any(name.startswith(each) for each in allowed):
            readers.append(name)
    assert readers == []


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX"])
def test_nothing_is_left_to_do_without_saying_where(word: str) -> None:
    mine = Path(__file__)
    assert [
        name_of(path) for path in code(*ROOMS) if path != mine and re.search(rf"\b{word}\b", path.read_text())
    ] == []


def test_no_machine_and_no_package_host_is_named() -> None:
    mine = Path(__file__)
    found = []
    for path in FILES:
        if path == mine or path.suffix in {".png", ".jpg", ".ico", ".woff2", ".mo"} or "static/govuk" in name_of(path):
            continue
        if HOSTS.search(path.read_text(errors="replace")):
            found.append(name_of(path))
    assert found == []

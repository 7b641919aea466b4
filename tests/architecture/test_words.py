"""What may stand anywhere in the repository: invented people, drama numbers, our own identity and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from forms.help_lines import load_help_lines
from tests.architecture.test_shape import FILES, ROOT, name_of

READ = {".py", ".html", ".yml", ".yaml", ".json", ".txt", ".js", ".css", ".md", ".toml", ".sql", ".csv", ".svg"}
NOT_OURS = (
    "contact/static/govuk-frontend-",
    "contact/static/leaflet-",
    "requirements.lock",
    "tests/support/specifications/",
)
# Written numbers of real lines that people are sent to; each is a help line that anybody may ring.
HELP_LINES = {line.digits for line in load_help_lines()} | {
    "08088010302",  # Rape Crisis Scotland
}
NUMBER = re.compile(r"(?<![\w.+/-])(?:\+44[ ]?(?:\(0\)[ ]?)?|0)(?:\d[ ]?){8,9}\d(?![\w-])")
DRAMA = re.compile(
    r"(00447700900\d*|07700900\d{3}|02079460\d{3}|01632960\d{3}|0(113|114|115|116|117|118|121|131|141|151|161|191)4960\d{3}"
    r"|028(9018|9649)0\d{3}|02920180\d{3}|0(8081570|9098790)\d{3}|03069990\d{3})"
)
ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
INVENTED = re.compile(r"(^|\.)(example|invalid|test|localhost)$|(^|\.)example\.(org|com|net)$|^127\.0\.0\.1$", re.I)


def texts() -> Iterator[tuple[str, str]]:
    """Every file of ours that people wrote, by name."""
    for path in FILES:
        name = name_of(path)
        if path.suffix in READ and not name.startswith(NOT_OURS) and name != name_of(Path(__file__)):
            yield name, path.read_text(encoding="utf-8", errors="replace")


def test_telephone_numbers_are_drama_numbers_or_help_lines() -> None:
    wrong = []
    for name, text in texts():
        if name.endswith((".csv", ".geojson")):
            continue
        for found in NUMBER.findall(text):
            digits = re.sub(r"^\+?44(\(0\))?", "0", re.sub(r"[ ]", "", found))
            bare = digits in {"0123456789", "0000000000"} or len(set(digits)) < 3
            if not bare and not DRAMA.fullmatch(digits) and digits not in HELP_LINES:
                wrong.append(f"{name}: {found}")
    assert wrong == []


def test_addresses_of_mail_are_invented() -> None:
    wrong = []
    for name, text in texts():
        if name.endswith((".svg", ".css")):
            continue
        for found in ADDRESS.finditer(text):
            if not INVENTED.search(found.group(1)) and not found.group(0).startswith(
                ("git@", "report@phishing.gov.uk")
            ):
                wrong.append(f"{name}: {found.group(0)}")
    assert wrong == []


def test_pages_do_not_pretend_to_be_another_service() -> None:
    """No crown, no name and no typeface of the government's own site (architecture; stack.md)."""
    pattern = re.compile(r"GOV\.UK(?! Frontend| component|’s own widget| widget|'s)|\bcrown\b|GDS Transport", re.I)
    wrong = []
    for name, text in texts():
        if not name.startswith(("templates/", "contact/static/", "forms/definitions/", "contact/gateways/messages/")):
            continue
        said = re.sub(r"\{#.*?#\}|/\*.*?\*/|https?://\S+", "", text, flags=re.S)
        said = re.sub(r"\bwww\.gov\.uk|\b[\w-]+\.(campaign|police|service)?\.?gov\.uk", "", said)
        wrong += [f"{name}: {found.group(0)}" for found in pattern.finditer(said) if "Crown Prosecution" not in said]
    assert wrong == []


def test_no_font_but_the_readers_own() -> None:
    fonts = [name_of(path) for path in FILES if path.suffix in {".woff", ".woff2", ".ttf", ".otf", ".eot"}]
    assert fonts == []
    assert [name for name, text in texts() if name.endswith(".css") and "@font-face" in text] == []


def test_the_code_reads_only_what_is_its_own() -> None:
    """A clone is whole: nothing beside it, above it or on this machine is read."""
    beside = re.compile(r"[\"'](\.\./shared|/work/|/opt/|/srv/|/mnt/)")
    assert [name for name, text in texts() if name.endswith((".py", ".sh")) and beside.search(text)] == []


@pytest.mark.parametrize("path", sorted(path for path in FILES if path.suffix in {".yml", ".yaml"}), ids=name_of)
def test_yaml_is_readable(path: Path) -> None:
    list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def test_the_map_of_the_readme_names_the_rooms_that_there_are() -> None:
    blocks = re.findall(r"```[a-z]*\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    maps = [block for block in blocks if re.search(r"^contact/", block, re.M)]
    assert maps, "the README has no map: a block with a line that begins with contact/"
    said = "\n".join(maps)
    rooms = {path.relative_to(ROOT).parts[0] + "/" for path in FILES if len(path.relative_to(ROOT).parts) > 1}
    rooms = {room for room in rooms if not room.startswith(".")}
    inside = {
        f"{path.parent.name}/" for path in FILES if path.parent.parent == ROOT / "contact" and path.suffix == ".py"
    }
    missing = [room for room in sorted(rooms | inside) if not re.search(rf"(^|[\s├└│─,·|/]){re.escape(room)}", said)]
    assert missing == []
    named = re.findall(r"^([a-z][\w-]*)/", said, re.M)
    assert [each for each in named if not (ROOT / each).is_dir()] == []

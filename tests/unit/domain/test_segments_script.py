"""The counter beside the reply box knows the very letters that the server counts."""

import json
import re
from pathlib import Path

from contact.domain import sms_text

SCRIPT = Path(sms_text.__file__).parent.parent / "static/controlroom/segments.js"


def text_of(name: str) -> str:
    """A string of the script, as the browser reads it."""
    found = re.search(rf'const {name} = new Set\((".*")\);', SCRIPT.read_text(encoding="utf-8"))
    assert found is not None
    return str(json.loads(found[1]))


def test_the_letters_are_the_same() -> None:
    assert frozenset(text_of("BASIC")) == sms_text._BASIC
    assert frozenset(text_of("EXTENDED")) == sms_text._EXTENDED


def test_what_becomes_plain_is_the_same() -> None:
    table = SCRIPT.read_text(encoding="utf-8").split("new Map([", 1)[1].split("]);", 1)[0]
    pairs = re.findall(r"\[(\"(?:[^\"\\]|\\.)*\"), (\"(?:[^\"\\]|\\.)*\"|'\"')\]", table)
    read = {json.loads(one): '"' if other == "'\"'" else json.loads(other) for one, other in pairs}
    assert read == sms_text._PLAIN

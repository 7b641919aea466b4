"""The questions that validators are tried on, and what a browser would send for them."""

from __future__ import annotations

from forms.compiler import compile_raw
from forms.parts import Question
from tests.unit.forms.tiny import one_page, tiny

EVERY = tiny("every_type")


def ask(**question: object) -> Question:
    return compile_raw(one_page(**question), "one").form.question("asked")


def sent(name: str, **parts: str) -> dict[str, list[str]]:
    return {f"{name}-{part.replace('__', '-')}": [text] for part, text in parts.items()}

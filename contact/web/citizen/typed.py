"""What was typed, as it may be shown again: everything a person can see, nothing that HTML cannot hold."""

from __future__ import annotations

import unicodedata

from flask import request


def showable(text: str) -> str:
    """The text without control characters and lone surrogates; line ends and tabs stay."""
    return "".join(each for each in text if each in "\n\r\t" or unicodedata.category(each) not in ("Cc", "Cs"))


def typed(name: str, longest: int) -> str:
    """One box of this form, showable, at most so long."""
    return showable(request.form.get(name, ""))[:longest].strip()


def typed_boxes() -> dict[str, list[str]]:
    """Every box of this form by name, showable."""
    return {name: [showable(value) for value in values] for name, values in request.form.lists()}

"""What was typed, as it may be shown again: everything a person can see, nothing that HTML cannot hold."""

from __future__ import annotations

import unicodedata


def showable(text: str) -> str:
    """The text without control characters and lone surrogates; line ends and tabs stay."""
    return "".join(each for each in text if each in "\n\r\t" or unicodedata.category(each) not in ("Cc", "Cs"))

"""A text in both languages of England and Wales, falling back to English where there is no Welsh (engineering 20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "cy"]
LANGUAGES: tuple[Language, ...] = ("en", "cy")


@dataclass(frozen=True, slots=True)
class T:
    """One text: English always, Welsh where there is a translation."""

    en: str
    cy: str | None = None

    def in_(self, language: str) -> str:
        """The text in ``language`` ("en" or "cy"), else in English."""
        return self.cy if language == "cy" and self.cy else self.en

"""One mapping of a definition: hands out each key typed, and refuses what nobody asked for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from forms.errors import FormDefinitionError
from forms.rules import Rule, parse_rule
from forms.text import LANGUAGES, T

E = TypeVar("E", bound=Enum)


def read_text(raw: object, where: str) -> T:
    """A text: a plain string is English, else ``{en: …, cy: …}``."""
    if isinstance(raw, str) and raw.strip():
        return T(raw.strip())
    if isinstance(raw, Mapping) and set(raw) <= set(LANGUAGES) and all(isinstance(each, str) for each in raw.values()):
        english, welsh = (str(raw.get(language, "")).strip() for language in LANGUAGES)
        if english:
            return T(english, welsh or None)
    raise FormDefinitionError(where, "expected a text, in English at least")


class Entry:
    """A mapping being read. Call ``finish`` when every known key was asked for."""

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, Mapping):
            raise FormDefinitionError(where, "expected names with values")
        self._raw: dict[str, Any] = dict(raw)
        self.where = where

    def at(self, key: str) -> str:
        """The place of ``key``, for messages."""
        return f"{self.where}.{key}"

    def pop(self, key: str) -> object:
        """Whatever stands there, or None."""
        return self._raw.pop(key, None)

    def text(self, key: str) -> T | None:
        """A text that may be missing."""
        raw = self.pop(key)
        return None if raw is None else read_text(raw, self.at(key))

    def need_text(self, key: str) -> T:
        """A text that must be there."""
        return read_text(self.pop(key), self.at(key))

    def string(self, key: str, default: str | None = None) -> str:
        """A code, id or address; needed unless there is a default."""
        raw = self.pop(key)
        if raw is None and default is not None:
            return default
        if not isinstance(raw, str) or not raw:
            raise FormDefinitionError(self.at(key), "expected a word")
        return raw

    def optional(self, key: str) -> str | None:
        """A code that may be missing."""
        return self.string(key, "") or None

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        raw = self.pop(key)
        if raw is None:
            return default
        if not isinstance(raw, bool):
            raise FormDefinitionError(self.at(key), "expected true or false")
        return raw

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number, zero or more; needed unless there is a default."""
        raw = self.pop(key)
        if raw is None and default is not None:
            return default
        if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
            raise FormDefinitionError(self.at(key), "expected a whole number")
        return raw

    def several(self, key: str) -> list[Any]:
        """A list; empty when missing."""
        raw = self.pop(key)
        if raw is None:
            return []
        if not isinstance(raw, list):
            raise FormDefinitionError(self.at(key), "expected a list")
        return raw

    def words(self, key: str) -> tuple[str, ...]:
        """A list of codes."""
        raw = self.several(key)
        if not all(isinstance(each, str) for each in raw):
            raise FormDefinitionError(self.at(key), "expected a list of words")
        return tuple(raw)

    def texts(self, key: str) -> tuple[T, ...]:
        """A list of texts."""
        where = self.at(key)
        return tuple(read_text(raw, f"{where}[{position}]") for position, raw in enumerate(self.several(key)))

    def mapping(self, key: str) -> dict[str, Any]:
        """Names with values; empty when missing."""
        raw = self.pop(key)
        if raw is None:
            return {}
        if not isinstance(raw, Mapping):
            raise FormDefinitionError(self.at(key), "expected names with values")
        return dict(raw)

    def rule(self, key: str) -> Rule | None:
        """A rule that may be missing."""
        raw = self.pop(key)
        return None if raw is None else parse_rule(raw, self.at(key))

    def one_of(self, key: str, kinds: type[E], default: E | None = None) -> E:
        """A member of a closed list."""
        raw = self.pop(key)
        if raw is None and default is not None:
            return default
        try:
            return kinds(raw)
        except ValueError:
            known = ", ".join(str(each.value) for each in kinds)
            raise FormDefinitionError(self.at(key), f"{raw!r} is none of: {known}") from None

    def finish(self) -> None:
        """Refuse keys nobody asked for: most are spelling mistakes."""
        if self._raw:
            raise FormDefinitionError(self.where, f"unknown: {', '.join(sorted(map(str, self._raw)))}")

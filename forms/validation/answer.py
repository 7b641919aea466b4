"""What a validator gives back: the value to keep, or the faults, each with the field it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Raw = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. ``part`` is the field after the question's id ("": the whole); ``values`` fill the message."""

    code: str
    part: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome for one question: a JSON value (None when an optional one was left empty) or faults, never both."""

    value: Any = None
    errors: tuple[Fault, ...] = ()

    @property
    def codes(self) -> list[str]:
        """The fault codes alone."""
        return [each.code for each in self.errors]


def fault(code: str, part: str = "", **values: object) -> Answer:
    """An answer that is one fault."""
    return Answer(None, (Fault(code, part, values),))

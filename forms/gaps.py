"""Finds the texts of a form that have no Welsh: every national form has it, and every overlay of a Welsh force."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from forms.schema import Form
from forms.soundness import Problem
from forms.text import T


def welsh_gaps(form: Form) -> list[Problem]:
    """A problem for each English text that nobody has put into Welsh."""
    return [Problem(form.id, f"no Welsh for {text.en!r}") for text in _texts(form) if text.en and not text.cy]


def _texts(value: Any) -> Iterator[T]:  # noqa: ANN401 - any part of a form
    if isinstance(value, T):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _texts(each)
    elif dataclasses.is_dataclass(value) and not isinstance(value, Enum):
        for field in dataclasses.fields(value):
            if field.init:
                yield from _texts(getattr(value, field.name))

"""The SQL of one real run, kept and replayed by the floor: the same statements, role and commits, from a bare view."""

from __future__ import annotations

import contextlib
import pickle
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Captured:
    """Statements with their parameters, in order, as the driver got them."""

    statements: list[tuple[str, Any]] = field(default_factory=list)

    def save(self, path: Path) -> None:
        """Keep them for the floor's processes."""
        path.write_bytes(pickle.dumps(self.statements))

    @classmethod
    def load(cls, path: Path) -> Captured:
        """Read them back, in a folder that only the bench writes to."""
        return cls(pickle.loads(path.read_bytes()))  # noqa: S301 - our own file of a moment ago


@contextlib.contextmanager
def capturing() -> Iterator[Captured]:
    """Note every statement that psycopg executes meanwhile in this process."""
    found = Captured()
    execute = psycopg.Cursor.execute

    def noting(self: psycopg.Cursor[Any], query: Any, params: Any = None, **more: Any) -> Any:  # noqa: ANN401 - psycopg's own
        if str(query).strip():
            found.statements.append((str(query), params))
        return execute(self, query, params, **more)

    with mock.patch.object(psycopg.Cursor, "execute", noting):
        yield found


class _Swap:
    """Turns the captured parameters into those of another row; any other UUID becomes a new one, the same each time."""

    def __init__(self, named: Mapping[Any, Any]) -> None:
        self.made: dict[Any, Any] = dict(named)

    def __call__(self, value: Any) -> Any:  # noqa: ANN401 - any parameter
        if isinstance(value, Jsonb):
            return Jsonb(self(value.obj))
        if isinstance(value, Mapping):
            return {self(name): self(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self(each) for each in value)
        return self._single(value) if isinstance(value, str | bytes | UUID) else value

    def _single(self, value: str | bytes | UUID) -> Any:  # noqa: ANN401 - as above
        if value in self.made:
            return self.made[value]
        if isinstance(value, UUID):
            return self.made.setdefault(value, uuid4())
        if isinstance(value, str) and _UUID.fullmatch(value):
            return str(self._single(UUID(value)))
        return value


def replay(connection: psycopg.Connection, captured: Captured, swap: Mapping[Any, Any]) -> None:
    """Run the statements once, with `swap` for what must be another row, and commit."""
    other = _Swap(swap)
    with connection.cursor() as cursor:
        for statement, parameters in captured.statements:
            cursor.execute(statement, other(parameters))
    connection.commit()

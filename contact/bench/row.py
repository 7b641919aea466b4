"""One measured row, and the table and JSON that rows become."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """`value` in `unit`; `floor` is the least that this machine could need for the same; `ratio` is value to floor."""

    name: str
    value: float
    unit: str
    floor: float | None
    ratio: float | None
    target: str
    ok: bool


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all are at most, by the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def table(rows: Sequence[Row], machine: str) -> str:
    """The rows for people."""
    head = ("what", "value", "floor", "ratio", "target", "ok")
    lines = [
        (
            row.name,
            f"{row.value:,.1f} {row.unit}",
            "" if row.floor is None else f"{row.floor:,.1f}",
            "" if row.ratio is None else f"{row.ratio:.2f}",
            row.target,
            "yes" if row.ok else "NO",
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in (head, *lines)) for column in range(len(head))]
    texts = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in (head, *lines)]
    return "\n".join([f"machine: {machine}", texts[0], "-" * len(texts[0]), *texts[1:]])


def write_json(rows: Sequence[Row], path: Path) -> None:
    """One array, one object a row."""
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")

"""`contact bench`."""

from __future__ import annotations

from pathlib import Path

import click

PARTS = (
    "reports", "citizen", "forms", "queue", "claims", "streams", "uploads", "webhooks", "chats", "bot", "caseload",
    "payments", "start",
)  # fmt: skip


@click.command()
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write one JSON array.")
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Measure this part alone; may be repeated.")
def bench(json_file: Path | None, only: tuple[str, ...]) -> None:
    """Measure how fast this machine serves.

    Starts stacks of its own with fsync on and prints a table: value, floor measured in the same run, ratio, target.
    Ends with 1 when a target is missed. Takes some minutes; use the machine for nothing else meanwhile.
    """
    from contact.bench.command import bench as measure

    if not measure(only, json_file, click.echo):
        raise SystemExit(1)

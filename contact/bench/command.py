"""`contact bench`: every row, printed as a table and, on request, written as JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from contact.bench import (
    bot_turns,
    caseload,
    chats,
    citizen_page,
    claims,
    longest_form,
    payments,
    queue_page,
    reports,
    starting,
    streams,
    uploads,
    webhooks,
)
from contact.bench.row import Row, table, write_json
from contact.bench.stack import Stack, running

PARTS: dict[str, Callable[[Stack], list[Row]]] = {
    "reports": reports.rows,
    "citizen": citizen_page.rows,
    "forms": longest_form.rows,
    "queue": queue_page.rows,
    "claims": claims.rows,
    "streams": streams.rows,
    "uploads": uploads.rows,
    "webhooks": webhooks.rows,
    "chats": chats.rows,
    "bot": bot_turns.rows,
    "caseload": caseload.rows,
    "payments": payments.rows,
}
"""In this order: the queue's rows fill what claims take from."""


def bench(only: Collection[str], json_file: Path | None, say: Callable[[str], None]) -> bool:
    """Measure; True when every row meets its target. `only` names parts, or is empty for all."""
    wanted = set(only) or {*PARTS, "start"}
    found: list[Row] = []
    if wanted & PARTS.keys():
        with running() as stack:
            for name, part in PARTS.items():
                if name in wanted or (name == "queue" and "claims" in wanted):
                    say(f"measuring {name} ...")
                    found += part(stack)
    if "start" in wanted:
        say("measuring start ...")
        found += starting.rows()
    say("\n" + table(found, machine()))
    if json_file is not None:
        write_json(found, json_file)
    return _all_well(found)


def _all_well(rows: Iterable[Row]) -> bool:
    return all(row.ok for row in rows)


def machine() -> str:
    """What it was measured on."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"

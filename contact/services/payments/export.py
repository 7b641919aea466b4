"""The books as a file for a force's finance team: each line of the ledger, sums in pounds, nobody's name."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator

from sqlalchemy.orm import Session

from contact.domain.money import plain
from contact.store import ledger

COLUMNS = ("when_utc", "entry", "account", "pounds", "reference", "force", "payment", "transaction")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines(session: Session, *, since: dt.datetime, until: dt.datetime, force_id: str | None = None) -> Iterator[str]:
    """Lines of CSV, the names of the columns first, from `since` to before `until`; debits above zero.

    The lines of one transaction sum to zero. Text that a spreadsheet would take for a formula gets a quote in front.
    """
    yield _line(COLUMNS)
    for entry, line, reference in ledger.list_lines(session, since=since, until=until, force_id=force_id):
        at = entry.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        words = (entry.entry, line.account, reference or "", entry.force_id or "", str(entry.payment_id or ""))
        what, account, about, force, payment = (_plain(word) for word in words)
        yield _line((at, what, account, plain(line.amount_pence), about, force, payment, str(entry.id)))


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()

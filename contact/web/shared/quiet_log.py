"""Failures go to the log with where they happened and what kind they were, never with the words they quote.

A database's message repeats the row that it refused, and with it what somebody wrote (practice 16, engineering 27).
"""

from __future__ import annotations

import logging
import traceback

from flask import Flask


def log_failure(log: logging.Logger, what: str, error: BaseException) -> None:
    """One entry: kind, SQLSTATE where there is one, and the frames; causes too."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(parts) < 5:
        state = getattr(getattr(seen, "orig", seen), "sqlstate", None)
        kind = f"{type(seen).__module__}.{type(seen).__qualname__}" + (f" [{state}]" if state else "")
        parts.append(kind + "\nTraceback, frames only:\n" + "".join(traceback.format_tb(seen.__traceback__)))
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    log.error("%s: %s", what, "caused by ".join(parts))


def init_quiet_log(app: Flask) -> None:
    """Have Flask log its own failures this way."""

    def log_exception(exc_info: object) -> None:
        error = exc_info[1] if isinstance(exc_info, tuple) else None
        if isinstance(error, BaseException):
            log_failure(app.logger, "a request failed", error)

    app.log_exception = log_exception  # type: ignore[method-assign]

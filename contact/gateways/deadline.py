"""Every call to the outside ends within its time: socket time-outs bound each read, this bounds the whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class OutOfTime(Exception):
    """The outside did not finish in time. What it did with our request is not known."""

    def __init__(self, what: str, limit_s: float) -> None:
        self.what = what
        self.limit_s = limit_s
        super().__init__(f"{what} took longer than {limit_s:g} s")


def within(limit_s: float, what: str, call: Callable[[], T]) -> T:
    """Answer `call()`, or raise OutOfTime after `limit_s` seconds, or raise what `call` raised.

    A server that sends one byte a second never trips a socket time-out, so the call runs in a thread of its own that is
    left behind when the time is over; its socket time-outs end it later.
    """
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(call())
        except BaseException as error:  # handed to the caller below, whatever it is
            failed.append(error)

    thread = threading.Thread(target=run, name=f"outside-{what}", daemon=True)
    thread.start()
    thread.join(limit_s)
    if failed:
        raise failed[0]
    if done:
        return done[0]
    raise OutOfTime(what, limit_s)

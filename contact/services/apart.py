"""Work that would hold up every page of a process, done in threads of its own under gevent (engineering 14)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from gevent.monkey import is_module_patched
from gevent.threadpool import ThreadPool

Answer = TypeVar("Answer")
_THREADS = 6
"""Apart from the hub's own threads: slow disks must not keep anybody from signing in."""


@cache
def _pool() -> Any:  # noqa: ANN401 - gevent says nothing of its types
    return ThreadPool(_THREADS)


def apart(work: Callable[[], Answer], *, blocks: bool = True) -> Answer:
    """Answer `work()`, or raise what it raises: in a thread under gevent, at once elsewhere (jobs, commands, tests).

    What waits for a network only (`blocks` False) lets others go on by itself, and must stay in its own thread: a
    connection that gevent made in one thread cannot be used in another.
    """
    if blocks and is_module_patched("threading"):
        answer: Answer = _pool().apply(work)
        return answer
    return work()

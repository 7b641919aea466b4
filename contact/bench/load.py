"""Closed-loop load over kept-alive connections on this machine: each connection sends, waits, sends again."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """One request to send, and the status that means it went well."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    expect: int = 200


@dataclass(slots=True)
class Result:
    """Milliseconds of each answer, how long all took in seconds, and the sizes of the bodies as sent."""

    times_ms: list[float]
    seconds: float
    sizes: list[int]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times_ms) / self.seconds


def send_all(port: int, lanes: Sequence[Sequence[Request]]) -> Result:
    """Send each lane's requests one after another, the lanes side by side. Raises RuntimeError for a wrong status."""
    results: list[tuple[list[float], list[int]]] = [([], []) for _ in lanes]
    failures: list[BaseException] = []

    def lane(number: int) -> None:
        try:
            _send(port, lanes[number], *results[number])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=lane, args=(number,)) for number in range(len(lanes))]
    began = time.perf_counter()
    _run(threads)
    seconds = time.perf_counter() - began
    if failures:
        raise RuntimeError("a request failed") from failures[0]
    return Result(
        [ms for times, _ in results for ms in times], seconds, [size for _, sizes in results for size in sizes]
    )


def _send(port: int, requests: Sequence[Request], times: list[float], sizes: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for request in requests:
        began = time.perf_counter()
        connection.request(request.method, request.path, request.body, request.headers)
        answer = connection.getresponse()
        body = answer.read()
        times.append((time.perf_counter() - began) * 1000)
        sizes.append(len(body))
        if answer.status != request.expect:
            raise RuntimeError(f"{request.method} {request.path} answered {answer.status}: {body[:300]!r}")


def side_by_side(works: Sequence[Callable[[], None]]) -> float:
    """Run each in a thread of its own; answers the seconds until all have ended."""
    began = time.perf_counter()
    _run([threading.Thread(target=work) for work in works])
    return time.perf_counter() - began


def _run(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

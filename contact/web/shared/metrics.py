"""What the service counts about its own answers, for `/metrics`: by endpoint and status, never by person."""

from __future__ import annotations

import time

from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

REQUESTS = Counter("contact_requests", "Answers given", ["endpoint", "method", "status"])
SECONDS = Histogram(
    "contact_request_seconds",
    "Time to an answer",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)


def init_metrics(app: Flask) -> None:
    """Count and time every answer."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        method = request.method if request.method in {"GET", "POST", "HEAD"} else "other"
        REQUESTS.labels(endpoint, method, f"{response.status_code // 100}xx").inc()
        if "started" in g:
            SECONDS.labels(endpoint).observe(time.perf_counter() - g.started)
        return response

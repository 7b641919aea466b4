"""How gunicorn runs the web: `python -m gunicorn -c python:contact.run.gunicorn_settings contact.wsgi:app`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Protocol

from prometheus_client import multiprocess

FORMS = Path(__file__).resolve().parents[2] / "forms"

worker_class = "gevent"
worker_connections = 3000
graceful_timeout = 3
timeout = 30
keepalive = 5
control_socket_disable = True
preload_app = False  # connections must not be shared between processes (engineering 18)
accesslog = None  # an access log would hold the address of people who report anonymously (engineering 27)
errorlog = "-"
loglevel = "warning"
limit_request_line = 4094
reload = bool(os.environ.get("CONTACT_PREVIEW"))  # `contact forms preview`: a changed definition is served at once
reload_engine = "poll"
reload_extra_files = [str(path) for path in FORMS.rglob("*.yml")] if reload else []
forwarded_allow_ips = ""  # the application itself decides whom it trusts (TRUSTED_PROXIES)
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn unlinks it at once


class Worker(Protocol):
    """What we use of gunicorn's worker."""

    pid: int


def on_starting(server: object) -> None:
    """Begin the processes' shared counters anew."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(parents=True)


def child_exit(server: object, worker: Worker) -> None:
    """A worker that ended takes its gauges with it."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]

"""`contact run`."""

from __future__ import annotations

import os
import sys

import click


@click.command()
def run() -> None:
    """Start web, worker and watch here.

    Restarts what dies; Ctrl-C or SIGTERM stops it all within ten seconds. `make run` starts the demonstration, with a
    database, a mail server and a telephone of its own. A service on many machines runs `gunicorn contact.wsgi:app`,
    `contact worker` and `contact watch` by itself instead.
    """
    from contact.run import supervisor

    sys.exit(supervisor.run(os.environ))

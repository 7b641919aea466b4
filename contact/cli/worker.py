"""`contact worker`."""

from __future__ import annotations

import click

from contact.cli.surroundings import settings, start_logging


@click.command()
def worker() -> None:
    """Do what happens outside requests.

    Mail, texts, clocks and alarms. Any number may run, on any machine. SIGTERM lets it finish what it holds. Uses
    DATABASE_WORKER_URL.
    """
    from contact.jobs.worker import run

    found = settings()
    start_logging(found)
    run(found)

"""`contact watch`."""

from __future__ import annotations

import click

from contact.cli.surroundings import settings, start_logging


@click.command()
@click.option("--port", default=8010, show_default=True, help="Where this machine alone may ask /livez; 0 for nowhere.")
def watch(port: int) -> None:
    """Ring when an emergency waits.

    It looks every five seconds, places the alarm calls itself, and raises an alarm when the worker is silent. A process
    of its own, best on another machine. Uses DATABASE_WORKER_URL.
    """
    from contact.watch.process import run

    found = settings()
    start_logging(found)
    run(found, port=port or None)

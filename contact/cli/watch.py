"""`contact watch`."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from contact.cli.surroundings import settings


@click.command()
def watch() -> None:
    """Ring when an emergency waits.

    It looks every five seconds, places the alarm calls itself, and raises an alarm when the worker is silent. A process
    of its own, best on another machine. Uses DATABASE_WORKER_URL.
    """
    sys.exit(import_module("contact.watch").main(settings()))

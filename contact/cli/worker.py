"""`contact worker`."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from contact.cli.surroundings import settings


@click.command()
def worker() -> None:
    """Do what happens outside requests.

    Mail, texts, clocks and alarms. Any number may run, on any machine. SIGTERM lets it finish what it holds. Uses
    DATABASE_WORKER_URL.
    """
    sys.exit(import_module("contact.jobs.worker").main(settings()))

"""The command line, `contact`: a file for each command; a command's body imports what it needs, so --help is fast."""

from __future__ import annotations

import click

from contact.cli.agent import agent
from contact.cli.audit import audit
from contact.cli.backup import backup
from contact.cli.bench import bench
from contact.cli.certificates import certificates
from contact.cli.database import database
from contact.cli.equality import equality
from contact.cli.forms import forms
from contact.cli.migrate import migrate
from contact.cli.papers import papers
from contact.cli.payments import payments
from contact.cli.restore import restore
from contact.cli.retention import retention
from contact.cli.run import run
from contact.cli.screen import screen
from contact.cli.seed import seed
from contact.cli.signposts import signposts
from contact.cli.sms_number import sms_number
from contact.cli.triage import triage
from contact.cli.watch import watch
from contact.cli.worker import worker


class InOrder(click.Group):
    """Lists the commands in the order somebody meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order they were added."""
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Digital public contact for police.

    To look at it on your own machine, type `make run`: nothing needs to be set. Put CONTACT_MODE=demo before any other
    command to use it on that demonstration, for example `CONTACT_MODE=demo contact audit verify`.

    A service is set up by environment variables, the same for every command. The README lists them, and any command
    names those that are missing.
    """


_WORK = (
    run,
    migrate,
    seed,
    worker,
    watch,
    agent,
    sms_number,
    certificates,
    payments,
    audit,
    forms,
    screen,
    triage,
    signposts,
    equality,
    papers,
    retention,
)
_CARE = (bench, database, backup, restore)
for command in (*_WORK, *_CARE):
    main.add_command(command)

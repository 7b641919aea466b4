"""What most commands begin with: the settings, or one message that names all that is wrong with them; and logging."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from contact.settings import Settings


def settings() -> Settings:
    """The settings from the environment; a wrong one ends the command with exit code 2."""
    from contact.settings import Settings, SettingsError

    try:
        return Settings.from_env(os.environ)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None


def start_logging(found: Settings) -> None:
    """To stderr, a line each; a process manager adds the rest."""
    logging.basicConfig(level=found.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")

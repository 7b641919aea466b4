"""`contact forms`."""

from __future__ import annotations

import sys

import click


@click.group()
def forms() -> None:
    """Check the form definitions."""


@forms.command()
def check() -> None:
    """Prove each definition and overlay.

    Ids are unique, rules look backward, every path ends, every text is there, every code is one of ours. Lists what
    nobody has reviewed. Exit code 1, and a line for each fault, when a definition is not sound.
    """
    from contact.domain.taxonomy import Category, Flag, Grade
    from forms.check import main

    sys.exit(main([*map(str, Category)], [*map(str, Grade)], [*map(str, Flag)]))

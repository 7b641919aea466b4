"""`contact forms`."""

from __future__ import annotations

import sys

import click


@click.group()
def forms() -> None:
    """Check the form definitions."""


@forms.command()
def check() -> None:
    """Prove each definition and overlay: ids unique, rules look backward, every path ends, codes are in the taxonomy.

    Prints a line for each fault and exits with 1, or says what each form holds and which texts nobody has reviewed.
    """
    from contact.domain.taxonomy import Category, Flag, Grade
    from forms.check import main

    sys.exit(main(list(Category), list(Grade), list(Flag)))

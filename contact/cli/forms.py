"""`contact forms`."""

from __future__ import annotations

import sys

import click


@click.group()
def forms() -> None:
    """Check the form definitions."""


@forms.command()
def check() -> None:
    """Prove each definition: ids unique, rules look backward, every path ends, every text is there.

    Exit code 1, and a line for each fault, when a definition is not sound.
    """
    from forms import FormDefinitionError, form_ids, load_all
    from forms.soundness import check_form, check_roles

    try:
        loaded = load_all()
    except FormDefinitionError as error:
        click.echo(f"FAULT {error}", err=True)
        sys.exit(1)
    faults = 0
    for form_id in form_ids():
        form = loaded[form_id]
        for problem in [*check_form(form), *check_roles(form)]:
            faults += 1
            click.echo(f"FAULT {problem.where}: {problem.what}", err=True)
        click.echo(f"{form_id}: {len(form.pages)} pages, {len(form.questions)} questions")
    if faults:
        sys.exit(1)
    click.echo("Every definition is sound.")

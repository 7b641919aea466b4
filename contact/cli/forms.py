"""`contact forms`."""

from __future__ import annotations

import os
import sys

import click


@click.group()
def forms() -> None:
    """Check the forms, and look at one while you write it."""


@forms.command()
def check() -> None:
    """Prove each definition and overlay.

    Ids are unique, rules look backward, every path ends, every text is there, every code is one of ours. Lists what
    nobody has reviewed. Exit code 1, and a line for each fault, when a definition is not sound.
    """
    from contact.domain.taxonomy import Category, Flag, Grade
    from contact.gateways.gazetteer import reference_forces
    from forms.check import main

    welsh = [str(force["id"]) for force in reference_forces() if force["welsh"]]
    sys.exit(main([*map(str, Category)], [*map(str, Grade)], [*map(str, Flag)], welsh))


@forms.command()
@click.argument("form_id")
@click.option("--force", "force_id", help="Show it as this force serves it, with its overlay.")
@click.option("--port", default=8010, show_default=True, help="Where to open it.")
def preview(form_id: str, force_id: str | None, port: int) -> None:
    """Show a form while you write it.

    Starts the demonstration and prints the form's address. Each time a file below forms/ is saved, the next page you
    open is the new one; a report begun before goes on as it was. What is wrong is told on the page. Ctrl-C ends it.
    """
    from contact.run import supervisor
    from forms import form_ids

    if form_id not in form_ids():
        raise click.UsageError(f"there is no form {form_id!r}. There are: {', '.join(form_ids())}.")
    where = f"http://127.0.0.1:{port}/report/{form_id}/start" + (f"?force={force_id}" if force_id else "")
    click.echo(f"When it has started, open {where}\nEnglish and Welsh are at the top of each page.")
    sys.exit(supervisor.run({**os.environ, "CONTACT_MODE": "demo", "PORT": str(port), "CONTACT_PREVIEW": "1"}))

"""`contact papers`: a force's drafts as files, filled from the settings of this very installation."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from contact.cli.surroundings import settings


@click.command()
@click.argument("force_id")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where to.")
def papers(force_id: str, folder: Path) -> None:
    """Write a force's go-live drafts.

    Impact assessments, the transparency record and the public pages (these in both languages), as Markdown, filled in
    from the settings and from what the force has entered. Prints each file and how many places the force must fill in.
    """
    from contact.domain.access import SYSTEM
    from contact.domain.errors import NotFound
    from contact.gateways.papers.document import to_markdown
    from contact.services import go_live_papers
    from contact.store.engine import make_engine, make_sessions
    from contact.web.shared.cookies import visit_hours

    found, now = settings(), dt.datetime.now(dt.UTC)
    engine = make_engine(found.database_worker_url, pool_size=1)
    try:
        with make_sessions(engine, SYSTEM)() as session:
            written = go_live_papers.all_drafts(
                session, force_id=force_id, settings=found, visit=visit_hours(), now=now
            )
    except NotFound:
        raise click.UsageError(f"there is no force {force_id!r}") from None
    finally:
        engine.dispose()
    folder.mkdir(parents=True, exist_ok=True)
    for paper, head in written:
        path = folder / f"{force_id}-{paper.name.value}-{paper.language}-draft.md"
        path.write_text(to_markdown(paper, head), encoding="utf-8")
        click.echo(f"{path}: {len(paper.gaps)} places to fill in")

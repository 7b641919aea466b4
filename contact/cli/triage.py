"""`contact triage`: read messages as the service reads them, and measure how well it does."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contact.cli.triage_export import export

if TYPE_CHECKING:
    from contact.domain.reading import Reading
    from contact.gateways.rasa import Chatbot

AT_ONCE = 4
TRIES = 3


class NoModel(click.ClickException):
    """No model could be made or started; says why in one sentence."""

    exit_code = 3


@click.group()
def triage() -> None:
    """Read messages as the service does, and measure it."""


triage.add_command(export)


@triage.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--without-model", is_flag=True, help="Danger words and rules only, as while the model is away.")
def label(file: Iterator[str], *, without_model: bool) -> None:
    """Label each message of FILE (JSON lines with id, channel and text; - for standard input).

    Writes the same lines with category, grade, advise_999, flags, confidence, reasons and version to standard output,
    in order, and nothing else there. Uses RASA_URL, else the chatbot of a running `make run`, else starts one and waits
    for it. Exit code 1 when a line could not be read; the others are labelled all the same. 3: there is no model.
    """
    failed = 0
    with _model(without=without_model) as chatbot:
        for found in _labelled(_lines(file), chatbot):
            if found is None:
                failed += 1
            else:
                click.echo(json.dumps(found, ensure_ascii=False))
    sys.exit(1 if failed else 0)


@triage.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--without-model", is_flag=True, help="Danger words and rules only, as while the model is away.")
@click.option("--report", type=click.Path(file_okay=False, path_type=Path), help="Where the report goes.")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON instead of tables.")
def evaluate(file: Iterator[str], *, without_model: bool, report: Path | None, as_json: bool) -> None:
    """Compare our labels with those of FILE (JSON lines with text, category, grade, flags).

    Prints how often emergencies are found and wrongly raised, a table by category, what is taken for what, and how far
    the confidence can be trusted; writes a page with charts to --report (else triage-report in CONTACT_HOME).
    """
    from contact.bench import triage_evaluation, triage_report

    with _model(without=without_model) as chatbot:
        given = list(_lines(file))
        found = list(_labelled(given, chatbot))
    pairs = [(known, ours) for known, ours in zip(given, found, strict=True) if known is not None and ours is not None]
    if not pairs:
        raise click.ClickException("There is no message in that file.")
    try:
        figures = triage_evaluation.evaluate(pairs)
    except (KeyError, ValueError) as error:
        raise click.ClickException(f"Not every line is labelled: {error}") from None
    if as_json:
        click.echo(json.dumps(figures.to_json(), indent=2))
    else:
        click.echo(triage_evaluation.in_words(figures))
    folder = report or _home() / "triage-report"
    path = triage_report.write(figures, folder)
    click.echo(f"The report with charts: {path}", err=True)
    sys.exit(1 if len(pairs) < len(given) else 0)


def _lines(file: Iterator[str]) -> Iterator[dict[str, Any] | None]:
    """The objects of a file; None for a line that is none, named on standard error by its number."""
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            if not isinstance(found, dict) or not isinstance(found.get("text"), str):
                raise ValueError
        except ValueError:
            click.echo(f"Line {number} is no JSON object with a text.", err=True)
            yield None
        else:
            yield found


def _labelled(lines: Iterator[dict[str, Any] | None] | list[Any], chatbot: Chatbot) -> Iterator[dict[str, Any] | None]:
    """Each line with our labels, in order, a few read at once; None where it could not be read."""

    def one(line: dict[str, Any] | None) -> dict[str, Any] | None:
        return None if line is None else line | _as_json(_read(line["text"], chatbot))

    with ThreadPoolExecutor(AT_ONCE) as readers:
        yield from readers.map(one, lines)


def _read(text: str, chatbot: Chatbot) -> Reading:
    """One reading; where the model fails three times the words alone are read, and standard error says so."""
    from contact.domain.reading import read
    from contact.gateways.failures import OutsideFailure
    from contact.gateways.rasa import NoChatbot

    if isinstance(chatbot, NoChatbot):
        return read(text, None)
    for attempt in range(TRIES):
        try:
            return read(text, chatbot.read(text))
        except OutsideFailure as failure:
            code = failure.code
            if attempt == TRIES - 1:
                click.echo(f"The model did not answer ({code}); a message was read without it.", err=True)
    return read(text, None)


def _as_json(reading: Reading) -> dict[str, Any]:
    return {
        "category": reading.category.value,
        "grade": reading.grade.value,
        "advise_999": reading.advise_999,
        "flags": [flag.value for flag in reading.flags],
        "confidence": round(reading.confidence, 4),
        "reasons": [reason.code for reason in reading.reasons],
        "version": reading.version,
    }


@contextmanager
def _model(*, without: bool) -> Iterator[Chatbot]:
    """The chatbot that reads: the one named, the one that runs, or one of our own for as long as this takes."""
    from contact.gateways.rasa import NoChatbot, RasaClient
    from contact.run import chatbot, chatbot_preparation
    from contact.run.chatbot_preparation import NotMade

    if without:
        yield NoChatbot()
        return
    address = os.environ.get("RASA_URL") or chatbot.address_of_running(_home())
    if address:
        yield RasaClient(address, limit_s=30)
        return
    home = chatbot_preparation.home_for(os.environ)
    with ExitStack() as until_done:
        try:
            serving = chatbot.serving(home, lambda line: click.echo(line, err=True))
            started = until_done.enter_context(serving)
        except (NotMade, OSError) as error:
            raise NoModel(f"There is no model to read with: {error}. --without-model reads without one.") from None
        yield RasaClient(started, limit_s=30)


def _home() -> Path:
    from contact.run import demo_environment

    return demo_environment.home_of(os.environ)

"""The telephone lines that forms and signposts name: each stands once in `help_lines.yml`, with who has rung it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from forms.doors import load_signposts
from forms.entry import Entry
from forms.loader import ROOT, read_yaml
from forms.parts import Block, BlockKind
from forms.schema import Form
from forms.soundness import Problem

FILE = ROOT / "help_lines.yml"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One line as people read it. Without a reviewer and a day nobody has rung it."""

    number: str
    name: str
    reviewer: str | None
    reviewed_on: str | None

    @property
    def digits(self) -> str:
        """The number as it is dialled."""
        return digits(self.number)


def digits(number: str) -> str:
    """A number without its spaces."""
    return number.replace(" ", "")


@cache
def load_help_lines() -> tuple[HelpLine, ...]:
    """Every line, in order of number. Raises FormDefinitionError."""
    entry = Entry(read_yaml(FILE), FILE.name)
    entry.whole("version")
    lines = tuple(_line(raw, f"{FILE.name}.lines[{n}]") for n, raw in enumerate(entry.several("lines")))
    entry.finish()
    return lines


def _line(raw: object, where: str) -> HelpLine:
    entry = Entry(raw, where)
    line = HelpLine(
        entry.string("number"), entry.string("name"), entry.optional("reviewer"), entry.optional("reviewed_on")
    )
    entry.finish()
    return line


def check_help_lines(forms: Iterable[Form]) -> list[Problem]:
    """A number in a form or signpost that is not listed, or a listed one that nobody names any more."""
    known = {line.digits for line in load_help_lines()}
    named = {(where, digits(number)) for form in forms for where, number in _in_form(form)}
    for signpost in load_signposts().values():
        blocks = [*signpost.steps, *(block for added in signpost.nations.values() for block in added)]
        named |= {(f"signposts/{signpost.id}.yml", digits(number)) for number in _numbers(blocks)}
    unknown = [
        Problem(where, f"{number} is not in {FILE.name}") for where, number in sorted(named) if number not in known
    ]
    unused = sorted(known - {number for _, number in named})
    return [*unknown, *(Problem(FILE.name, f"no form or signpost names {number}") for number in unused)]


def _in_form(form: Form) -> Iterator[tuple[str, str]]:
    blocks = [*form.start, *form.help, *(block for page in form.pages for block in (*page.before, *page.after))]
    return ((form.id, number) for number in _numbers(blocks))


def _numbers(blocks: Iterable[Block]) -> Iterator[str]:
    return (block.number for block in blocks if block.kind is BlockKind.PHONE)


def unrung() -> list[str]:
    """The lines that nobody has rung yet, as `contact screen check` and go-live name them (engineering 35)."""
    return [
        f"help line {line.number} ({line.name}): not rung"
        for line in load_help_lines()
        if not (line.reviewer and line.reviewed_on)
    ]

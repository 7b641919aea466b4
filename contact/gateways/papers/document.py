"""Papers as data: a text file here and facts make a paper, which a page, a Markdown file or a PDF then shows.

A text file names its review, version and sections. A line may hold `**strong**`, `[words](address)` and `[[fact|what it
is]]`: the fact where it is known, else a marked place for the force. Values come in by `{{ name }}` after a line is
taken apart, so what a person typed is never read as a link. `when` is an expression over the same values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined

TEXTS = Path(__file__).parent / "texts"
Facts = Mapping[str, Any]
_SPAN = re.compile(
    r"\*\*(?P<strong>.+?)\*\*|\[\[(?P<fact>\w*)\|(?P<what>.+?)\]\]|\[(?P<words>[^\[\]]+)\]\((?P<href>[^)\s]+)\)"
)
_SAFE = re.compile(r"(https://|tel:|mailto:|#|/(?!/))")
_GAP = {"en": "for the force", "cy": "i’r heddlu"}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|])")
_MARKED = {"text": "{}", "strong": "**{}**", "link": "[{}]({})", "gap": "**\\[{}\\]**"}
_WORDS = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - plain words; each edge escapes its own


class Text(StrEnum):
    """The texts there are."""

    PRIVACY = "privacy"
    COOKIES = "cookies"
    ACCESSIBILITY = "accessibility"
    DPIA = "dpia"
    EQUALITY = "equality"
    TRANSPARENCY = "transparency"


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one kind: `text`, `strong`, `link` (then `href` leads somewhere safe) or `gap`, a place to fill in."""

    kind: str
    text: str
    href: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """`text` (one line), `list` (its lines) or `table` (a caption, heads and rows of lines)."""

    kind: str
    lines: tuple[Line, ...] = ()
    caption: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[Line, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of level 2 or 3, and what stands below it."""

    id: str
    title: str
    level: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper in one language. `reviewer` None: nobody has read it."""

    name: Text
    language: str
    title: str
    version: str
    reviewer: str | None
    sections: tuple[Section, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """What the force still has to fill in, in the order of the paper."""
        return tuple(span.text for line in self._lines() for span in line if span.kind == "gap")

    def _lines(self) -> Iterator[Line]:
        for section in self.sections:
            for block in section.blocks:
                yield from block.lines
                for row in block.rows:
                    yield from row


def write(name: Text, *, language: str, facts: Facts) -> Paper:
    """The paper with these facts. `facts["own"]` holds what the force has said; `facts["instead"]`, where it is set,
    stands in every place that is not filled in. Raises jinja2.UndefinedError for a value that is missing."""
    source = _load(name)
    pen = _Pen(language, facts)
    return Paper(
        name=name,
        language=language,
        title=pen.words(source["title"]),
        version=str(source["version"]),
        reviewer=source["review"]["reviewer"],
        sections=tuple(pen.section(each) for each in source["sections"] if pen.wanted(each)),
    )


def to_markdown(paper: Paper, head: Mapping[str, str]) -> str:
    """The paper as Markdown; `head` is a list of facts below the title."""
    parts = [f"# {_plain(paper.title)}", "\n".join(f"- **{_plain(key)}:** {_plain(head[key])}" for key in head)]
    for section in paper.sections:
        parts.append("#" * section.level + " " + _plain(section.title))
        for block in section.blocks:
            parts.append(_markdown_block(block))
    return "\n\n".join(parts) + "\n"


def unreviewed() -> list[tuple[str, str]]:
    """(text, owner) of each that no named person has read on a named day (engineering 35)."""
    reviews = {name.value: _load(name)["review"] for name in Text}
    return [(name, each["owner"]) for name, each in reviews.items() if not (each["reviewer"] and each["reviewed_on"])]


def prepared_on(name: Text) -> date:
    """The day on which the words of this text were last written."""
    day = _load(name)["written_on"]
    assert isinstance(day, date)  # noqa: S101 - a test reads every text
    return day


def reviewed_on(name: Text) -> date | None:
    """The day on which a named person read it, or None."""
    day = _load(name)["review"]["reviewed_on"]
    return day if isinstance(day, date) else None


class _Pen:
    """Writes in one language with these facts."""

    def __init__(self, language: str, facts: Facts) -> None:
        self.language = language
        self.facts = {"language": language, **facts}

    def wanted(self, given: Any) -> bool:  # noqa: ANN401 - whatever stands in the file
        """Whether its `when` holds."""
        if not isinstance(given, dict) or "when" not in given:
            return True
        return bool(_WORDS.compile_expression(given["when"], undefined_to_none=False)(**self.facts))

    def words(self, given: Any) -> str:  # noqa: ANN401 - as above
        """A text of the file: one for all languages, or one each."""
        spoken = given[self.language] if isinstance(given, dict) else given
        return str(_template(str(spoken)).render(self.facts))

    def section(self, given: Mapping[str, Any]) -> Section:
        """One section."""
        blocks = tuple(self.block(each) for each in given["blocks"] if self.wanted(each))
        return Section(given["id"], self.words(given["title"]), int(given.get("level", 2)), blocks)

    def block(self, given: Any) -> Block:  # noqa: ANN401 - as above
        """One block: a mapping with `list` or `table`, else a text."""
        if isinstance(given, dict) and "list" in given:
            return Block("list", tuple(self.line(each) for each in given["list"] if self.wanted(each)))
        if isinstance(given, dict) and "table" in given:
            return self.table(given["table"])
        return Block("text", (self.line(given),))

    def table(self, given: Mapping[str, Any]) -> Block:
        """Rows of the file, or those of the fact that `rows_of` names."""
        if "rows_of" in given:
            found = self.facts[given["rows_of"]]
            rows: list[tuple[Line, ...]] = [tuple((Span("text", str(cell)),) for cell in row) for row in found]
        else:
            rows = [tuple(self.line(cell) for cell in row) for row in given["rows"] if self.wanted(row)]
        heads = tuple(self.words(each) for each in given["heads"])
        return Block("table", caption=self.words(given["caption"]), heads=heads, rows=tuple(rows))

    def line(self, given: Any) -> Line:  # noqa: ANN401 - as above
        """A text taken apart, and then filled in."""
        spoken = str(given[self.language] if isinstance(given, dict) else given)
        spans: list[Span] = []
        end = 0
        for found in _SPAN.finditer(spoken):
            if found.start() > end:
                spans.append(self.span("text", spoken[end : found.start()]))
            spans.append(self.found(found))
            end = found.end()
        return (*spans, self.span("text", spoken[end:])) if end < len(spoken) else tuple(spans)

    def found(self, found: re.Match[str]) -> Span:
        """What one mark means."""
        if found["strong"] is not None:
            return self.span("strong", found["strong"])
        if found["href"] is not None:
            href = _template(found["href"]).render(self.facts)
            return self.span("link", found["words"], href) if _SAFE.match(href) else self.span("text", found["words"])
        said = self.facts["own"].get(found["fact"]) or self.facts.get("instead")
        if said:
            return _said(str(said))
        return self.span("gap", f"{_GAP[self.language]}: {found['what']}")

    def span(self, kind: str, words: str, href: str = "") -> Span:
        """Words with their values in."""
        return Span(kind, _template(words).render(self.facts), href)


@lru_cache(maxsize=2048)
def _template(words: str) -> Any:  # noqa: ANN401 - jinja2.Template, which mypy knows only half
    return _WORDS.from_string(words)


@lru_cache(maxsize=16)
def _load(name: Text) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((TEXTS / f"{name.value}.yml").read_text(encoding="utf-8"))
    return found


def _said(words: str) -> Span:
    """What a force typed: words, or a link where it is an address and nothing else."""
    if re.fullmatch(r"https://[^\s()<>\"]+", words):
        return Span("link", words, words)
    if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", words):
        return Span("link", words, f"mailto:{words}")
    return Span("text", words)


def _plain(words: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(words.split()))


def _markdown_line(line: Line) -> str:
    said = []
    for span in line:
        words, before, after = _plain(span.text), span.text[:1].isspace(), span.text[-1:].isspace()
        formed = _MARKED[span.kind].format(words, span.href) if words else ""
        said.append(" " * before + formed + " " * after)
    return "".join(said).strip()


def _markdown_block(block: Block) -> str:
    if block.kind == "list":
        return "\n".join(f"- {_markdown_line(line)}" for line in block.lines)
    if block.kind == "table":
        rows = [[_plain(head) for head in block.heads], ["---"] * len(block.heads)]
        rows += [[_markdown_line(cell) for cell in row] for row in block.rows]
        table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
        return f"**{_plain(block.caption)}**\n\n{table}"
    return _markdown_line(block.lines[0])

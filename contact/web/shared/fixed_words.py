"""Fixed texts as pages show them: the very words that were reviewed, with their headings, labels and links."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from contact.domain.fixed_texts import FixedText, fixed_text
from contact.web.shared.language import current_language

_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_LABEL = re.compile(r"([^:\[\]]{2,40}:) (.+)")


@dataclass(frozen=True, slots=True)
class FixedLine:
    """One line; `label` is what stands before its colon, to be shown in bold, or nothing."""

    label: str
    words: Markup


@dataclass(slots=True)
class FixedPart:
    """The lines below one heading; the first part may have none."""

    heading: str
    lines: list[FixedLine] = field(default_factory=list)


def fixed_parts(name: str) -> list[FixedPart]:
    """A fixed text in the language of this page, part by part. Raises ValueError for a name that is none."""
    parts: list[FixedPart] = []
    for text in fixed_text(FixedText(name), current_language()).splitlines():
        if text.startswith("# "):
            parts.append(FixedPart(text.removeprefix("# ")))
            continue
        if not parts:
            parts.append(FixedPart(""))
        labelled = _LABEL.fullmatch(text)
        label, words = (labelled[1], labelled[2]) if labelled else ("", text)
        parts[-1].lines.append(FixedLine(label, _linked(words)))
    return parts


def fixed_line(name: str) -> FixedLine:
    """A fixed text of one line."""
    return fixed_parts(name)[0].lines[0]


def _linked(words: str) -> Markup:
    """The words with their links; everything else is escaped."""
    shown, at = Markup(), 0
    for link in _LINK.finditer(words):
        outside = Markup(' rel="noreferrer"') if link[2].startswith("https:") else Markup()
        shown += escape(words[at : link.start()])
        shown += Markup('<a class="govuk-link" href="{}"{}>{}</a>').format(link[2], outside, link[1])
        at = link.end()
    return shown + escape(words[at:])

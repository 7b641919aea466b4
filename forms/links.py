"""Links from form to form: each leads to a form that is there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from forms.parts import Block, BlockKind
from forms.schema import Form
from forms.soundness import Problem

_START = re.compile(r"/report/([a-z0-9-]+)/start")
_CHOOSER = "/report/"


def check_links(form: Form, known: Collection[str]) -> list[Problem]:
    """Every link inside the service that leads nowhere; ``known`` are the ids of all forms."""
    return [Problem(f"{form.id}: {where}", what) for where, what in _faults(form, known)]


def _faults(form: Form, known: Collection[str]) -> Iterator[tuple[str, str]]:
    for where, block in _links(form):
        if block.url.startswith("https://") or block.url == _CHOOSER:
            continue
        found = _START.fullmatch(block.url)
        if found is None:
            yield where, f"{block.url} is neither https nor the start of a form: /report/<form>/start"
        elif found[1] not in known:
            yield where, f"{block.url} leads to a form that is not there"


def _links(form: Form) -> Iterator[tuple[str, Block]]:
    places = [("start", form.start), ("help", form.help)]
    places += [(page.id, (*page.before, *page.after)) for page in form.pages]
    for where, blocks in places:
        yield from ((where, block) for block in blocks if block.kind is BlockKind.LINK)

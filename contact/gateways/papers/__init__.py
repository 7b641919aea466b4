"""Papers that leave as PDF: tagged (PDF/UA-1), set by Typst from templates here and data alone (engineering 22)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).parent


class PaperName(StrEnum):
    """The papers there are; each is a template of that name."""

    COPY = "copy"
    LICENSING_LETTER = "licensing_letter"


def render(name: PaperName, data: Mapping[str, Any]) -> bytes:
    """The paper as PDF. `data` is what its template reads, plain JSON; nothing of it is ever run.

    A letter that no font here has would break PDF/UA-1: then the paper is tagged as well, and claims no standard.
    """
    inputs = {"data": json.dumps(data)}
    template = TEMPLATES / f"{name.value}.typ"
    try:
        return typst.compile(template, sys_inputs=inputs, format="pdf", pdf_standards="ua-1")
    except typst.TypstError:
        return typst.compile(template, sys_inputs=inputs, format="pdf")

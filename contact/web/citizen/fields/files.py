"""A question of files: no boxes and no value; the page beside it shows and takes them (see `evidence.py`)."""

from __future__ import annotations

from contact.web.citizen.fields.asking import Asking, Fields, FormOf, Row, row_of


def fields(asking: Asking) -> Fields:
    """None: what is sent goes to an endpoint of its own."""
    return {}


def row(asking: Asking, form: FormOf) -> Row:
    """The question's words; the files come from the page."""
    return row_of(asking, "files")

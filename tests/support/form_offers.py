"""The form that the assistant offers in a chat: put on offer without a model, and what stood in it when it began."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

_OFFER = sa.text(
    "UPDATE conversations SET offered_form = :form WHERE contact_id ="
    " (SELECT id FROM contacts WHERE reference = :reference) RETURNING contact_id"
)
_ANSWERS = sa.text("SELECT answers::text FROM drafts WHERE id = :id")


def offer_form(system: sessionmaker[Session], reference: str, form: str) -> None:
    """Put `form` on offer in the chat of that reference, which must have a conversation."""
    with system.begin() as session:
        assert session.execute(_OFFER, {"form": form, "reference": reference}).one()


def answers_begun(system: sessionmaker[Session], location: str, form: str) -> str:
    """The answers of the draft to whose first page `location` leads."""
    start = f"/report/{form}/"
    assert start in location
    draft_id = location.split(start)[1].split("/")[0]
    with system() as session:
        return str(session.execute(_ANSWERS, {"id": draft_id}).scalar_one())

"""A person's own copy of what they sent: their answers in their words, and nothing of ours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.services import drafts
from contact.store import contacts
from forms import SummarySection


@dataclass(frozen=True, slots=True)
class Copy:
    """What was sent, section by section, in one language."""

    title: str
    received_at: dt.datetime
    sections: list[SummarySection]


def own_copy(session: Session, *, language: str) -> Copy:
    """The copy for the browser that sent the report. Raises NotFound for everybody else."""
    sent = contacts.own_submission(session)
    if sent is None:
        raise NotFound(kind="submission", key="")
    form = drafts.form_version(session, sha256=sent.form_sha256)
    return Copy(form.title.in_(language), sent.received_at, form.summary(sent.answers, language, sent.received_at))

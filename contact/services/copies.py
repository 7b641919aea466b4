"""A person's own copy of what they sent: their answers in their words, their files by name, nothing of ours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.domain.evidence import State
from contact.services import drafts, evidence, points
from contact.store import contacts
from forms import SummarySection


@dataclass(frozen=True, slots=True)
class Copy:
    """What was sent, section by section, in one language, and the names of the files we have."""

    title: str
    received_at: dt.datetime
    sections: list[SummarySection]
    files: list[str]


def own_copy(session: Session, *, contact_id: UUID, language: str) -> Copy:
    """The copy for the browser that sent the report. Raises NotFound for everybody else."""
    sent = contacts.own_submission(session)
    if sent is None:
        raise NotFound(kind="submission", key=str(contact_id))
    form = drafts.form_version(session, sha256=sent.form_sha256)
    files = evidence.list_for_contact(session, contact_id=contact_id)
    return Copy(
        title=form.title.in_(language),
        received_at=sent.received_at,
        sections=points.summary(session, form, sent.answers, language, sent.received_at),
        files=[each.name for each in files if each.state is not State.REFUSED],
    )

"""A report in the making: begun, saved page by page, left and found again. Nobody of the police sees it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from contact.domain import reference
from contact.domain.access import Actor, ActorKind
from contact.domain.errors import DraftExpired, NotFound
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.taxonomy import Channel
from contact.services.keys import Keys
from contact.store import audit, drafts, mails, outbox
from contact.store.engine import act_as
from contact.store.identifiers import new_id

KEPT_FOR = dt.timedelta(days=28)
"""How long a draft waits for its writer, from the last change."""
APPLICATION_KEPT_FOR = dt.timedelta(days=90)
"""The same for an application for a licence: a doctor's report and two referees take their time."""


TAKEN_DOWN = "_taken_down"
"""Among a draft's answers, and no question of any form: who fills it in for whom (`TakenDown`)."""


@dataclass(frozen=True, slots=True)
class TakenDown:
    """An agent fills the form in for somebody who rang, came or wrote (practice 22)."""

    agent_id: UUID
    channel: Channel

    @classmethod
    def of(cls, answers: Mapping[str, Any]) -> TakenDown | None:
        """What a draft says of it; None where its writer fills it in."""
        said = answers.get(TAKEN_DOWN)
        return cls(UUID(said["agent_id"]), Channel(said["channel"])) if said else None


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with the very form version it was begun with. `contact_id` is set once it was sent."""

    id: UUID
    form: forms.Form
    form_sha256: str
    answers: Mapping[str, Any]
    force_id: str | None
    language: str
    contact_id: UUID | None
    expires_at: dt.datetime


def start(session: Session, *, form_id: str, force_id: str | None, language: str, now: dt.datetime) -> DraftView:
    """Begin a draft and speak for its writer from here on. Raises UnknownFormError for a form that is not served."""
    compiled = forms.compile_for(form_id, force_id)
    draft_id = new_id()
    act_as(session, Actor(kind=ActorKind.CITIZEN, draft_id=draft_id))
    drafts.keep_form_version(
        session, sha256=compiled.sha256, form_id=form_id, definition=json.loads(compiled.canonical_json)
    )
    draft = drafts.add(
        session,
        draft_id=draft_id,
        form_id=form_id,
        form_sha256=compiled.sha256,
        force_id=force_id,
        language=language,
        now=now,
        expires_at=now + kept_for(compiled.form),
    )
    audit.record(session, Event.DRAFT_STARTED, draft_id=draft_id, form_id=form_id, form_sha256=compiled.sha256, at=now)
    return _view(session, draft)


def mark_taken_down(session: Session, *, draft_id: UUID, taken: TakenDown) -> None:
    """Note on a draft just begun that an agent fills it in. Raises NotFound."""
    draft = drafts.get(session, draft_id=draft_id, lock=True)
    draft.answers = {**draft.answers, TAKEN_DOWN: {"agent_id": str(taken.agent_id), "channel": taken.channel.value}}
    session.flush()


def kept_for(form: forms.Form) -> dt.timedelta:
    """How long a draft of this form waits, from the last change."""
    return APPLICATION_KEPT_FOR if form.desk is forms.Desk.LICENSING else KEPT_FOR


def open_draft(session: Session, *, draft_id: UUID, now: dt.datetime) -> DraftView:
    """The draft this citizen has proven. Raises NotFound, DraftExpired."""
    draft = drafts.get(session, draft_id=draft_id)
    if draft.expires_at <= now:
        raise DraftExpired
    return _view(session, draft)


def save(session: Session, *, draft_id: UUID, page_id: str, answers: Mapping[str, Any], now: dt.datetime) -> DraftView:
    """Keep a page's answers beside those given before. A draft that was sent stays as it was sent."""
    draft = drafts.get(session, draft_id=draft_id, lock=True)
    if draft.expires_at <= now:
        raise DraftExpired
    if draft.contact_id is None:
        draft.answers = {**draft.answers, **answers}
        draft.updated_at = now
        draft.expires_at = now + kept_for(form_version(session, sha256=draft.form_sha256))
        session.flush()
    return _view(session, draft)


def choose_force(session: Session, *, draft_id: UUID, force_id: str) -> None:
    """Where its writer says it goes, when nothing they answered says so. Raises NotFound."""
    drafts.get(session, draft_id=draft_id, lock=True).force_id = force_id
    session.flush()


@dataclass(frozen=True, slots=True)
class WaysBack:
    """How a writer finds the draft again: four words to say or write down, and what a link carries."""

    words: str
    ticket: str


def make_ways_back(session: Session, *, draft_id: UUID, keys: Keys, now: dt.datetime) -> WaysBack:
    """New words and a new link for this draft; the former ones stop working."""
    draft = drafts.get(session, draft_id=draft_id, lock=True)
    words = reference.new_code()
    draft.code_hash = keys.lookup_hash(words)
    draft.expires_at = now + kept_for(form_version(session, sha256=draft.form_sha256))
    session.flush()
    return WaysBack(words, keys.return_ticket(draft_id, draft.code_hash))


def make_link_on(session: Session, *, draft_id: UUID, keys: Keys) -> str:
    """What a link carries that opens this draft in another browser, or another part of this one: once."""
    draft = drafts.get(session, draft_id=draft_id, lock=True)
    draft.code_hash = keys.lookup_hash(reference.new_code())  # words that nobody is told
    session.flush()
    return keys.return_ticket(draft_id, draft.code_hash, once=True)


def mail_link(session: Session, *, draft_id: UUID, address: str, now: dt.datetime) -> None:
    """Send the link to an address that the writer calls safe. Raises NotFound where nothing was saved yet.

    The mail names the draft and no secret: the link is made when it leaves, and the address goes when it has left.
    """
    draft = drafts.get(session, draft_id=draft_id, lock=True)
    if draft.code_hash is None or draft.contact_id is not None:
        raise NotFound(kind="saved_draft", key=str(draft_id))
    mail_id = mails.add(
        session,
        recipient=address,
        template="come_back",
        language=draft.language,
        now=now,
        draft_id=draft_id,
        force_id=draft.force_id,
        context={"until": draft.expires_at.isoformat()},
    )
    outbox.defer(session, JobName.DELIVER_MAIL, mail_id=mail_id)


def resume(session: Session, *, code: str, keys: Keys, now: dt.datetime) -> DraftView | None:
    """The draft that four words open, spoken for from here on; None when there is none."""
    found = drafts.find_by_code(session, code_hash=keys.lookup_hash(code))
    return _resumed(session, found, now) if found else None


def resume_by_link(session: Session, *, ticket: str, keys: Keys, now: dt.datetime) -> DraftView | None:
    """The draft that a link opens, spoken for from here on; None when there is none, or newer words were made."""
    genuine = keys.open_return_ticket(ticket)
    if genuine is None:
        return None
    act_as(session, Actor(kind=ActorKind.CITIZEN, draft_id=genuine.draft_id))
    draft = drafts.find(session, draft_id=genuine.draft_id, lock=genuine.once)
    if draft is None or not genuine.fits(draft.code_hash):
        act_as(session, Actor(kind=ActorKind.CITIZEN))
        return None
    if genuine.once:
        draft.code_hash = None
        session.flush()
    return _resumed(session, draft.id, now)


def _resumed(session: Session, draft_id: UUID, now: dt.datetime) -> DraftView:
    act_as(session, Actor(kind=ActorKind.CITIZEN, draft_id=draft_id))
    view = open_draft(session, draft_id=draft_id, now=now)
    audit.record(session, Event.DRAFT_RESUMED, draft_id=draft_id, form_id=view.form.id, at=now)
    return view


def _view(session: Session, draft: drafts.Draft) -> DraftView:
    return DraftView(
        id=draft.id,
        form=form_version(session, sha256=draft.form_sha256),
        form_sha256=draft.form_sha256,
        answers=dict(draft.answers),
        force_id=draft.force_id,
        language=draft.language,
        contact_id=draft.contact_id,
        expires_at=draft.expires_at,
    )


def form_version(session: Session, *, sha256: str) -> forms.Form:
    """The form as it was served under that digest; read from the database once a process."""
    found = _FORMS.get(sha256)
    if found is None:
        found = _FORMS[sha256] = forms.from_canonical(drafts.form_definition(session, sha256=sha256))
    return found


_FORMS: dict[str, forms.Form] = {}

"""Files of a report: begun, listed, taken back, and handed to the contact when the report is sent (engineering 19).

A file hangs on a draft (`DraftOwner`), on a contact whose citizen has proven it (`ContactOwner`), or comes by a link
that an agent sent (`LinkOwner`). Its bytes arrive through `evidence_receiving`; agents use `evidence_viewing`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from contact.domain.access import Actor, ActorKind
from contact.domain.errors import DraftExpired, LinkExpired, NotFound, TooBig, UploadRefused
from contact.domain.events import Event
from contact.domain.evidence import ARRIVED, MAX_BYTES, Family, Kind, Original, Refusal, Scan, State, clean_name
from contact.domain.licensing import photo
from contact.domain.licensing.photo import Fault
from contact.gateways.evidence.vault import Vault
from contact.services import drafts as drafting
from contact.services import evidence_jobs, evidence_links
from contact.store import audit, contacts, drafts, evidence
from contact.store.engine import act_as
from contact.store.evidence import Evidence
from contact.store.identifiers import new_id

LATER = "later"
"""The question of a file that was sent after the report."""
PRACTICE = "practice"
"""The question of what a doctor's practice sends: the applicant's own pages never list it (practice 25)."""
VISIT = "visit"
"""The question of what an officer photographs on a visit."""
PAPER = "paper"
"""The question of what came by post and an officer scanned."""


@dataclass(frozen=True, slots=True)
class DraftOwner:
    """A report in the making that this browser has proven."""

    draft_id: UUID


@dataclass(frozen=True, slots=True)
class ContactOwner:
    """A contact whose code this browser gave: from the progress page."""

    contact_id: UUID


@dataclass(frozen=True, slots=True)
class LinkOwner:
    """An upload link that this browser opened; sees only what came by it."""

    link_id: UUID


@dataclass(frozen=True, slots=True)
class OfficerOwner:
    """A licensing officer at work on an application: what they add the applicant never sees."""

    contact_id: UUID
    agent_id: UUID


Owner = DraftOwner | ContactOwner | LinkOwner | OfficerOwner


@dataclass(frozen=True, slots=True)
class UploadView:
    """A file as its sender sees it. `offset`: bytes kept so far, where the next stretch begins.

    `size` is what was declared (None: unknown until it ends). `refused` says why where `state` is REFUSED.
    `photo`: what is wrong with the photo for a certificate; None: it is none, or was not examined yet.
    """

    id: UUID
    question_id: str
    name: str
    size: int | None
    offset: int
    state: State
    scan: Scan
    refused: Refusal | None
    kind: Kind | None
    position: int
    created_at: dt.datetime
    photo: tuple[Fault, ...] | None

    @property
    def family(self) -> Family | None:
        """Picture, video, sound or document, once the first bytes were seen."""
        return self.kind.family if self.kind else None

    @property
    def arrived(self) -> bool:
        """True when it is wholly here and not refused: it goes along with the report."""
        return self.state in ARRIVED


@dataclass(frozen=True, slots=True)
class Attached:
    """What went along with a report, and what did not (still arriving, or refused): scenario 19."""

    files: tuple[UploadView, ...]
    left_behind: tuple[UploadView, ...]


def begin(
    session: Session, *, vault: Vault, owner: Owner, question_id: str, name: str, size: int | None, now: dt.datetime
) -> UploadView:
    """Make room for a file before any of it is sent; `question_id` is ignored but for a draft and an officer.

    `size` in bytes where the browser knows it. Raises NotFound (no such owner or question), DraftExpired, LinkExpired,
    TooBig (over 100 MB), UploadRefused (`too_many`: 20 a report; `empty`).
    """
    if size is not None and size > MAX_BYTES:
        raise TooBig
    if size == 0:
        raise UploadRefused(reason="empty")
    draft_id, contact_id, link_id = speak_for(session, owner, now=now)
    if draft_id is not None:
        sensitive = _draft_is_sensitive(session, draft_id, question_id, now)
    else:
        sensitive = contacts.lock(session, contact_id=contact_id or UUID(int=0)).sensitive
    officer_id = owner.agent_id if isinstance(owner, OfficerOwner) else None
    position = evidence.next_position(
        session, draft_id=draft_id, contact_id=contact_id, by_officers=officer_id is not None
    )
    if position is None:
        raise UploadRefused(reason="too_many")
    evidence_id = new_id()
    row = Evidence(
        id=evidence_id,
        draft_id=draft_id,
        contact_id=contact_id,
        upload_link_id=link_id,
        question_id=question_id if draft_id or officer_id else _question_of(session, link_id),
        position=position,
        name=clean_name(name),
        declared_size=size,
        received_size=0,
        state=State.RECEIVING.value,
        scan=Scan.PENDING.value,
        original=Original.KEPT.value,
        sensitive=sensitive and officer_id is None,
        added_by=officer_id,
        wrapped_key=vault.new_wrapped_key(evidence_id),
        created_at=now,
    )
    evidence.add(session, row)
    return view(row)


def find(session: Session, *, owner: Owner, upload_id: UUID, now: dt.datetime) -> UploadView:
    """One file of this owner, for resuming and for progress. Raises NotFound, LinkExpired."""
    found = next((each for each in list_files(session, owner=owner, now=now) if each.id == upload_id), None)
    if found is None:
        raise NotFound(kind="evidence", key=str(upload_id))
    return found


def list_files(session: Session, *, owner: Owner, now: dt.datetime) -> list[UploadView]:
    """The owner's files in the order they were begun. Raises LinkExpired."""
    draft_id, contact_id, link_id = speak_for(session, owner, now=now)
    if draft_id is not None:
        return list_for_draft(session, draft_id=draft_id)
    rows = evidence.list_for_contact(session, contact_id=contact_id or UUID(int=0))
    if link_id is not None:
        return [view(each) for each in rows if each.upload_link_id == link_id]
    if isinstance(owner, OfficerOwner):
        return [view(each) for each in rows if each.added_by is not None]
    return [view(each) for each in rows if each.question_id != PRACTICE]


def list_for_draft(session: Session, *, draft_id: UUID, question_id: str | None = None) -> list[UploadView]:
    """A draft's files, or those of one question, in the order they were begun."""
    rows = evidence.list_for_draft(session, draft_id=draft_id)
    return [view(each) for each in rows if question_id is None or each.question_id == question_id]


def list_for_contact(session: Session, *, contact_id: UUID) -> list[UploadView]:
    """A contact's files as their sender sees them. Agents: `evidence_viewing.list_for_contact`."""
    rows = evidence.list_for_contact(session, contact_id=contact_id)
    return [view(each) for each in rows if each.question_id != PRACTICE]


def any_for_draft(session: Session, *, draft_id: UUID) -> bool:
    """Whether the writer of a draft has added any file."""
    return evidence.any_for_draft(session, draft_id=draft_id)


def remove(session: Session, *, owner: Owner, upload_id: UUID, now: dt.datetime) -> None:
    """Take a file back before it is sent: its key is gone at the commit, its bytes with the next sweep.

    Raises NotFound where it is another's or was sent already.
    """
    find(session, owner=owner, upload_id=upload_id, now=now)
    if not evidence.delete(session, evidence_id=upload_id):
        raise NotFound(kind="evidence", key=str(upload_id))
    audit.record(session, Event.EVIDENCE_REMOVED, at=now, evidence_id=upload_id, reason="by_sender")


def questions_asked(form: forms.Form, answers: Mapping[str, Any], now: dt.datetime) -> frozenset[str]:
    """The questions whose files go along with a report of these answers: those on its way.

    All of the form's once the person stopped and wants to be contacted: what they sent before is not lost.
    """
    if form.stopped(answers):
        asked = list(form.questions)
    else:
        asked = [each for page in form.path(answers, now) for each in form.asked_on(page.id, answers, now)]
    return frozenset(each.id for each in asked if each.type is forms.QuestionType.FILES)


def attach_to_contact(
    session: Session,
    *,
    draft_id: UUID,
    contact_id: UUID,
    force_id: str,
    question_ids: Collection[str],
    anonymous: bool,
    digest: Callable[[str], str],
    now: dt.datetime,
) -> Attached:
    """Hand a draft's files to the contact it has just become; in the very transaction that submits it.

    Only files wholly here, not refused, and of questions the report still asks (`question_ids`) go along; the others
    end with this call, so a file of the last report never joins the next. Of an anonymous report only pictures made
    anew are kept (engineering 27). `digest` keys a detail to the contact. The session speaks for draft and contact.
    """
    rows = evidence.list_for_draft(session, draft_id=draft_id, lock=True)
    if not rows:
        return Attached((), ())
    going = [each for each in rows if State(each.state) in ARRIVED and each.question_id in question_ids]
    staying = [each for each in rows if each not in going]
    answer = Attached(tuple(map(view, going)), tuple(map(view, staying)))
    about: dict[str, Any] = {"force_id": force_id, "contact_id": contact_id}
    for each in going:
        if anonymous:
            leave_no_details(each)
            evidence_jobs.examine(session, evidence_id=each.id)
        _note_attached(session, each, about, now)
        if each.sha256 is not None:
            record_digest(session, each, digest=digest, now=now, **about)
    for each in staying:
        state, refused = each.state, each.refused
        audit.record(
            session, Event.EVIDENCE_LEFT_BEHIND, at=now, evidence_id=each.id, state=state, refused=refused, **about
        )
    session.flush()
    ids = [each.id for each in going]
    for one in [each.id for each in staying]:
        evidence.delete(session, evidence_id=one)
    evidence.hand_over(session, draft_id=draft_id, contact_id=contact_id, evidence_ids=ids)
    return answer


def leave_no_details(row: Evidence) -> None:
    """Of what is sent anonymously only a picture made anew is kept, where that can be: the worker's next look."""
    is_picture = row.kind is not None and Kind(row.kind).family is Family.PICTURE
    row.original = (Original.TO_STRIP if is_picture else Original.NOT_STRIPPABLE).value


def _note_attached(session: Session, row: Evidence, about: Mapping[str, Any], now: dt.datetime) -> None:
    audit.record(
        session,
        Event.EVIDENCE_ATTACHED,
        at=now,
        **about,
        **_about(row),
        state=row.state,
        scan=row.scan,
        original=row.original,
        received_at=row.completed_at,
    )


def record_digest(
    session: Session,
    row: Evidence,
    *,
    force_id: str | None,
    contact_id: UUID | None,
    digest: Callable[[str], str] | None,
    now: dt.datetime,
) -> None:
    """Write down what the examination found, with the file's SHA-256 keyed to its contact where it has one."""
    seen = digest(row.sha256.hex()) if digest and row.sha256 else None
    audit.record(
        session,
        Event.EVIDENCE_EXAMINED,
        force_id=force_id,
        contact_id=contact_id,
        at=now,
        **_about(row),
        state=row.state,
        scan=row.scan,
        refused=row.refused,
        also=row.also,
        digest=seen,
    )


def speak_for(session: Session, owner: Owner, *, now: dt.datetime) -> tuple[UUID | None, UUID | None, UUID | None]:
    """The owner's draft, contact and link; from here on the session speaks for a link's contact.

    The edge has proven a draft or a contact and set the actor already: here the policies look. Raises LinkExpired.
    """
    match owner:
        case DraftOwner(draft_id):
            return draft_id, None, None
        case ContactOwner(contact_id) | OfficerOwner(contact_id):
            return None, contact_id, None
        case LinkOwner(link_id):
            found = evidence_links.contact_of(session, link_id=link_id, now=now)
            if found is None:
                raise LinkExpired
            act_as(session, Actor(ActorKind.CITIZEN, contact_id=found))
            return None, found, link_id


def _question_of(session: Session, link_id: UUID | None) -> str:
    return evidence.link_question(session, link_id=link_id) if link_id else LATER


def view(row: Evidence) -> UploadView:
    """The row as its sender sees it."""
    return UploadView(
        id=row.id,
        question_id=row.question_id,
        name=row.name,
        size=row.declared_size,
        offset=row.received_size,
        state=State(row.state),
        scan=Scan(row.scan),
        refused=Refusal(row.refused) if row.refused else None,
        kind=Kind(row.kind) if row.kind else None,
        position=row.position,
        created_at=row.created_at,
        photo=None if row.question_id == LATER else photo.known(row.photo),
    )


def _about(row: Evidence) -> dict[str, Any]:
    return {"evidence_id": row.id, "kind": row.kind, "size": row.received_size}


def _draft_is_sensitive(session: Session, draft_id: UUID, question_id: str, now: dt.datetime) -> bool:
    """Whether pictures must not be made anew before a person looked (practice 6). Takes the draft's lock."""
    draft = drafts.get(session, draft_id=draft_id, lock=True)
    if draft.expires_at <= now:
        raise DraftExpired
    form = drafting.form_version(session, sha256=draft.form_sha256)
    question = next((each for each in form.questions if each.id == question_id), None)
    if draft.contact_id is not None or question is None or question.type is not forms.QuestionType.FILES:
        raise NotFound(kind="question", key=question_id)
    return form.sensitive or question.sensitive_images

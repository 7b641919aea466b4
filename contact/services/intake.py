"""A report arrives: a finished draft, or three words at the emergency door; stored once, acknowledged where safe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from contact.domain import screen
from contact.domain.access import Actor, ActorKind
from contact.domain.errors import DraftExpired, DraftIncomplete, ForceNotKnown, MoveNotAllowed
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.proposal import propose
from contact.domain.taxonomy import Category, Channel, Desk, Grade
from contact.services import arrival as arrivals
from contact.services import drafts as drafting
from contact.services import evidence, sources
from contact.services.arrival import Arrival, Stored
from contact.services.keys import Keys
from contact.services.licensing import applications, approval
from contact.services.payments import standing
from contact.store import audit, contacts, drafts, intake, mails, outbox
from contact.store.engine import act_as, actor_of
from contact.store.identifiers import new_id


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person is shown once their report is stored. `access_words` open its progress page with the reference."""

    contact_id: UUID
    reference: str
    access_words: str
    force_id: str
    grade: Grade
    received_at: dt.datetime
    look_by: dt.datetime
    answer_by: dt.datetime
    sensitive: bool
    safe_contact: Mapping[str, Any]
    already_sent: bool = False


def submit(session: Session, *, draft_id: UUID, keys: Keys, now: dt.datetime, force_id: str | None = None) -> Receipt:
    """Send a draft. The draft is the one-time key: sent twice, at once or later, it answers with the same receipt.

    `force_id` says where it goes, when the place or the person has said so since the draft was saved. Raises NotFound,
    DraftExpired, DraftIncomplete (a page needs an answer), ForceNotKnown (say which force first), MoveNotAllowed where
    the force has not approved this form online.
    """
    draft = drafts.get(session, draft_id=draft_id, lock=True)
    if draft.contact_id is not None:
        return _receipt_again(session, draft.contact_id, keys)
    if draft.expires_at <= now:
        raise DraftExpired
    form_sha256 = draft.form_sha256
    form = drafting.form_version(session, sha256=form_sha256)
    missing = form.first_unanswered(draft.answers, now)
    if missing is not None:
        raise DraftIncomplete(page_id=missing.id)
    going_to = force_id or draft.force_id
    if going_to is None:
        raise ForceNotKnown(draft_id=draft_id)
    if approval.must_be_posted(session, form=form, force_id=going_to):
        # The pages lead elsewhere long before; no road past them takes a declaration (practice 24).
        raise MoveNotAllowed(state="not_approved", move="send")
    contact_id, submission_id = new_id(), new_id()
    arrival = _from_form(form, draft, going_to, contact_id, submission_id, keys, now)
    has_files = evidence.any_for_draft(session, draft_id=draft_id)
    asked = evidence.questions_asked(form, draft.answers, now) if has_files else frozenset()
    typed_by = _speak_for(session, draft, contact_id)
    drafts.send(session, draft=draft, contact_id=contact_id, force_id=going_to)
    receipt = _receipt(arrival, arrivals.store(session, arrival, keys), keys)
    audit.record(
        session,
        Event.SUBMITTED,
        force_id=going_to,
        contact_id=contact_id,
        submission_id=submission_id,
        draft_id=draft_id,
        form_id=form.id,
        form_sha256=form_sha256,
        at=now,
    )
    if arrival.desk is Desk.LICENSING:
        applications.begin(session, arrival, answers=dict(arrival.submission or {})["answers"])
        standing.on_submission(session, contact_id=contact_id, now=now)
    if has_files:
        _attach_files(session, arrival, asked, draft_id, keys)
    _acknowledge(session, arrival, form)
    if typed_by is not None:
        audit.write_now(session)  # before this session speaks for the person alone
    return receipt


def _speak_for(session: Session, draft: drafts.Draft, contact_id: UUID) -> UUID | None:
    """For the writer, and where an agent typed it the log keeps which one (practice 22); answers that agent."""
    taken = drafting.TakenDown.of(draft.answers)
    by = taken.agent_id if taken else None
    act_as(session, Actor(kind=ActorKind.CITIZEN, agent_id=by, draft_id=draft.id, contact_id=contact_id))
    return by


def submit_emergency(
    session: Session,
    *,
    contact_id: UUID,
    force_id: str,
    where: str,
    what: str,
    safe_to_reply: bool,
    language: str,
    keys: Keys,
    now: dt.datetime,
) -> Receipt:
    """The door of practice 1: three answers, graded emergency, nothing else asked.

    `contact_id` comes from a signed field of the page (`Keys.open_ticket`), so that pressing twice makes one contact.
    """
    intake.lock_ticket(session, contact_id=contact_id)
    act_as(session, Actor(kind=ActorKind.CITIZEN, contact_id=contact_id))
    if contacts.find(session, contact_id=contact_id) is not None:
        return _receipt_again(session, contact_id, keys)
    heard = screen.screen_all([where, what])
    proposal = propose(category=Category.GENERAL_ENQUIRY, hints=[EMERGENCY_DOOR], screening=heard)
    words = _EMERGENCY_WORDS.get(language, _EMERGENCY_WORDS["en"])
    body = "\n".join((f"{words[0]} {where}", f"{words[1]} {what}", words[2] if safe_to_reply else words[3]))
    arrival = Arrival(
        contact_id=contact_id,
        force_id=force_id,
        channel=Channel.WEB,
        category=proposal.category,
        language=language,
        proposal=proposal,
        now=now,
        safe_contact={"how": "online" if safe_to_reply else "none"},
        message=body,
        located_by="said",
    )
    return _receipt(arrival, arrivals.store(session, arrival, keys), keys)


@dataclass(frozen=True, slots=True)
class _DoorHint:
    """Using the emergency door is itself the reason: the person said that there is danger now."""

    code: str = Category.GENERAL_ENQUIRY.value
    grade: str | None = Grade.EMERGENCY.value
    flags: tuple[str, ...] = ()
    advise_999: bool = True
    reason_code: str = "emergency_door"


EMERGENCY_DOOR = _DoorHint()
_EMERGENCY_WORDS = {
    "en": ("Where:", "What is happening:", "It is safe to reply.", "It is not safe to reply."),
    "cy": ("Ble:", "Beth sy'n digwydd:", "Mae'n ddiogel ateb.", "Nid yw'n ddiogel ateb."),
}


def receipt(session: Session, *, contact_id: UUID, keys: Keys) -> Receipt:
    """The receipt of a contact this citizen has proven, for a page that survives being bookmarked. Raises NotFound."""
    return _receipt_again(session, contact_id, keys)


def _from_form(
    form: forms.Form,
    draft: drafts.Draft,
    force_id: str,
    contact_id: UUID,
    submission_id: UUID,
    keys: Keys,
    now: dt.datetime,
) -> Arrival:
    answers = form.submitted(draft.answers, now)
    heard = screen.screen_all(_own_words(form, answers, now))
    proposal = propose(category=Category(form.category), hints=form.proposals(answers, now), screening=heard)
    safe = form.safe_contact(answers, now)
    apart = sources.take_apart(form, answers, keys, now) if form.source_apart else None
    about_police = form.by_role(forms.Role.POLICE_SUSPECT, answers, now) in ("yes", "not_sure")
    taken = drafting.TakenDown.of(draft.answers)
    return Arrival(
        contact_id=contact_id,
        force_id=force_id,
        channel=taken.channel if taken else Channel.WEB,
        category=proposal.category,
        language=draft.language,
        proposal=proposal,
        now=now,
        form_id=form.id,
        desk=Desk(form.desk),
        sensitive=form.sensitive,
        restricted=about_police,
        anonymous=form.is_anonymous(answers, now),
        safe_contact=safe if apart is None else {"how": safe["how"]},
        reporter=form.reporter(answers, now) if apart is None else None,
        source=apart.row if apart else None,
        place_postcode=(form.by_role(forms.Role.PLACE, answers, now) or {}).get("postcode") or None,
        submission={
            "id": submission_id,
            "form_id": form.id,
            "form_sha256": draft.form_sha256,
            "answers": apart.matter if apart else answers,
            "received_at": now,
        },
    )


def _own_words(form: forms.Form, answers: Mapping[str, Any], now: dt.datetime) -> list[str]:
    """What the emergency screen reads. An application asks for past illness and old convictions: those words, years
    old, are no danger now, so of an application only the free last word is read.
    """
    if form.desk is forms.Desk.LICENSING:
        return [str(form.by_role(forms.Role.ACCOUNT, answers, now) or "")]
    return [words for _question, words in form.free_text(answers, now)]


def _attach_files(
    session: Session, arrival: Arrival, asked: frozenset[str], draft_id: UUID, keys: Keys
) -> evidence.Attached:
    """The draft's files become the contact's in this very transaction (scenario 19)."""

    def digest(value: str) -> str:
        return keys.digest(arrival.contact_id, contacts.find_key(session, contact_id=arrival.contact_id) or b"", value)

    return evidence.attach_to_contact(
        session,
        draft_id=draft_id,
        contact_id=arrival.contact_id,
        force_id=arrival.force_id,
        question_ids=asked,
        # What a camera writes into a file could name a source as well as an address would (practice 17).
        anonymous=arrival.anonymous or arrival.source is not None,
        digest=digest,
        now=arrival.now,
    )


def _receipt(arrival: Arrival, stored: Stored, keys: Keys) -> Receipt:
    return Receipt(
        contact_id=arrival.contact_id,
        reference=stored.reference,
        access_words=keys.access_words(arrival.contact_id),
        force_id=arrival.force_id,
        grade=arrival.proposal.grade,
        received_at=arrival.now,
        look_by=stored.due.look_by,
        answer_by=stored.due.answer_by,
        sensitive=arrival.sensitive,
        safe_contact=arrival.safe_contact or {},
    )


def _acknowledge(session: Session, arrival: Arrival, form: forms.Form) -> None:
    """Only by email, only where the person called email safe, never for a sensitive form (practice 13)."""
    safe = arrival.safe_contact or {}
    if form.sensitive or not form.acknowledge:
        return
    if safe.get("how") != "email" or not safe.get("value"):
        return
    mail_id = mails.add(
        session,
        recipient=str(safe["value"]),
        template="acknowledgement",
        language=arrival.language,
        now=arrival.now,
        contact_id=arrival.contact_id,
        force_id=arrival.force_id,
    )
    outbox.defer(session, JobName.DELIVER_MAIL, mail_id=mail_id)


def _receipt_again(session: Session, contact_id: UUID, keys: Keys) -> Receipt:
    act_as(session, _with_contact(session, contact_id))
    contact = contacts.get(session, contact_id=contact_id)
    entry = contacts.find_entry(session, contact_id=contact_id, force_id=contact.force_id)
    return Receipt(
        contact_id=contact_id,
        reference=contact.reference,
        access_words=keys.access_words(contact_id),
        force_id=contact.force_id,
        grade=Grade(contact.grade),
        received_at=contact.received_at,
        # An application stands in no queue and has no clock of the control room.
        look_by=entry.look_by if entry else contact.received_at,
        answer_by=entry.answer_by if entry else contact.received_at,
        sensitive=contact.sensitive,
        safe_contact=contact.safe_contact,
        already_sent=True,
    )


def _with_contact(session: Session, contact_id: UUID) -> Actor:
    actor = actor_of(session)
    return Actor(kind=ActorKind.CITIZEN, draft_id=actor.draft_id if actor else None, contact_id=contact_id)

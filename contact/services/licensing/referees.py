"""An application's referees for the team that decides: asked by link, answered for nobody else, spoken to by a person.

What the applicant typed of them is a claim (practice 25): a link goes to the address, a code goes another way, and what
speaks against a referee is a flag that a person looks at. The referee's own side is `referee_link`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import Actor, Permission, may
from contact.domain.errors import Forbidden, MoveNotAllowed
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.licensing.application_states import OPEN_STATES, ApplicationState, ensure_open
from contact.domain.licensing.outsiders import HOLDS, RefereeFlag, RefereeState, Role, flags_of
from contact.services.keys import Keys
from contact.services.licensing import outsider_keys
from contact.store import applications, audit, contacts, mails, outbox, referees
from contact.store.identifiers import new_id
from contact.store.referees import Referee
from forms import worded
from forms.asked import load_asked
from forms.phone import to_e164

KIND = "referee"
QUESTIONS_OF = {Role.REFEREE: "firearms-referee", Role.PARENT: "firearms-parent"}
_MAILS = {Role.REFEREE: "referee_asked", Role.PARENT: "parent_asked"}
WANTS_CODE = frozenset({RefereeState.ASKED, RefereeState.CONFIRMED})
LASTS = dt.timedelta(days=60)
"""How long a link may be answered. A later concern may come by it for as long as we keep the application."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What a referee told us later."""

    at: dt.datetime
    body: str


@dataclass(frozen=True, slots=True)
class RefereeView:
    """A referee as the licensing officer sees one. `told` is the applicant's row, `answers` are label and words."""

    id: UUID
    name: str
    email: str | None
    phone_e164: str | None
    told: Mapping[str, Any]
    state: RefereeState
    flags: tuple[RefereeFlag, ...]
    asked_at: dt.datetime | None
    expires_at: dt.datetime | None
    confirmed_at: dt.datetime | None
    answered_at: dt.datetime | None
    answers: tuple[tuple[str, str], ...]
    concerns: tuple[Concern, ...]
    spoken_at: dt.datetime | None
    spoken_by: UUID | None
    spoken_note: str


def begin(
    session: Session,
    *,
    contact_id: UUID,
    answers: Mapping[str, Any],
    applicant: Mapping[str, str],
    language: str,
    now: dt.datetime,
) -> None:
    """Write down the referees an application names, and let the worker ask them; nothing where it names none.

    In the transaction that sends it, speaking for the applicant. `applicant` is the reporter's details.
    """
    rows: Sequence[Mapping[str, Any]] = answers.get("referees") or ()
    born = answers.get("dateOfBirth")
    for position, row in enumerate(rows):
        others = [other for other in rows if other is not row]
        day = dt.date.fromisoformat(born) if isinstance(born, str) and born else None
        phone = to_e164(str(row.get("phone") or ""))
        flags = flags_of({**row, "phone": phone}, applicant=applicant, born=day, others=others)
        referees.add(
            session,
            referee_id=new_id(),
            contact_id=contact_id,
            role=Role.REFEREE.value,
            position=position,
            given_name=str(row.get("given") or ""),
            surname=str(row.get("surname") or ""),
            email=str(row.get("email") or "") or None,
            phone_e164=phone,
            told=row,
            language=language,
            state=(RefereeState.HELD if HOLDS.intersection(flags) else RefereeState.ASKED).value,
            flags=[flag.value for flag in flags],
            now=now,
        )
    if rows:
        outbox.defer(session, JobName.ASK_REFEREES, contact_id=contact_id)


def ask_all(session: Session, *, contact_id: UUID, keys: Keys, now: dt.datetime) -> None:
    """Send the first link to each who may be asked; run again, it asks nobody twice. For the worker."""
    contact = contacts.lock(session, contact_id=contact_id)
    if ApplicationState(applications.get(session, contact_id=contact_id).state) not in OPEN_STATES:
        return
    for each in referees.list_for_contact(session, contact_id=contact_id):
        if each.state == RefereeState.ASKED and each.asked_at is None:
            _send_link(session, referees.lock(session, referee_id=each.id), contact.force_id, keys, now)


def ask_again(session: Session, *, referee_id: UUID, actor: Actor, keys: Keys, now: dt.datetime) -> None:
    """Send a new link, also to one that was held; the former link ends. For a licensing officer.

    Raises NotFound, Forbidden, MoveNotAllowed (answered, declined, there is no address, or it is decided).
    """
    row, force_id = _held(session, referee_id, actor)
    ensure_open(ApplicationState(applications.get(session, contact_id=row.contact_id).state), "ask")
    if row.state in (RefereeState.ANSWERED, RefereeState.DECLINED) or not row.email:
        raise MoveNotAllowed(state=row.state, move="ask")
    row.state = RefereeState.CONFIRMED.value if row.confirmed_at else RefereeState.ASKED.value
    _send_link(session, row, force_id, keys, now)


def code_to_read_out(session: Session, *, referee_id: UUID, actor: Actor, keys: Keys, now: dt.datetime) -> str:
    """A new code that the officer reads to the referee on the telephone; the former one ends.

    Raises NotFound, Forbidden, MoveNotAllowed (no link of theirs waits for a code).
    """
    row, force_id = _held(session, referee_id, actor)
    if row.state not in WANTS_CODE or row.asked_at is None:
        raise MoveNotAllowed(state=row.state, move="read_out")
    row.code_number, row.code_at, row.code_tries = row.code_number + 1, now, 0
    session.flush()
    audit.record(
        session,
        Event.REFEREE_CODE_MADE,
        force_id=force_id,
        contact_id=row.contact_id,
        at=now,
        referee_id=row.id,
    )
    return outsider_keys.code(keys, KIND, row.id, row.code_number)


def note_spoken(session: Session, *, referee_id: UUID, actor: Actor, note: str, now: dt.datetime) -> None:
    """An officer spoke to the referee, as they must to each (practice 25). Raises NotFound, Forbidden."""
    row, force_id = _held(session, referee_id, actor)
    row.spoken_at, row.spoken_by, row.spoken_note = now, actor.agent_id, note
    session.flush()
    audit.record(
        session,
        Event.REFEREE_SPOKEN_TO,
        force_id=force_id,
        contact_id=row.contact_id,
        at=now,
        referee_id=row.id,
    )


def list_for_officer(session: Session, *, contact_id: UUID, role: Role = Role.REFEREE) -> list[RefereeView]:
    """An application's referees with all they said, in the applicant's order; none for whoever may not see it.

    With `role` PARENT: the parent who was asked, where one was named.
    """
    said: dict[UUID, list[Concern]] = {}
    for each in referees.list_concerns(session, contact_id=contact_id):
        said.setdefault(each.referee_id, []).append(Concern(each.at, each.body))
    found = referees.list_for_contact(session, contact_id=contact_id)
    return [_view(each, said.get(each.id, [])) for each in found if each.role == role]


def _view(row: Referee, concerns: Sequence[Concern]) -> RefereeView:
    return RefereeView(
        id=row.id,
        name=f"{row.given_name} {row.surname}".strip(),
        email=row.email,
        phone_e164=row.phone_e164,
        told=row.told,
        state=RefereeState(row.state),
        flags=tuple(flag for flag in RefereeFlag if flag.value in row.flags),
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        confirmed_at=row.confirmed_at,
        answered_at=row.answered_at,
        answers=_in_words(Role(row.role), row.answers or {}),
        concerns=tuple(concerns),
        spoken_at=row.spoken_at,
        spoken_by=row.spoken_by,
        spoken_note=row.spoken_note or "",
    )


def _in_words(role: Role, answers: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Question and answer, in English as the officer's pages are, in the order asked."""
    asked = load_asked(QUESTIONS_OF[role]).questions
    return tuple((each.label.in_("en"), worded(each, answers[each.id], "en")) for each in asked if each.id in answers)


def _send_link(session: Session, row: Referee, force_id: str, keys: Keys, now: dt.datetime) -> None:
    row.link_number += 1
    token = outsider_keys.token(keys, KIND, row.id, row.link_number)
    row.token_hash = outsider_keys.token_hash(KIND, token)
    row.asked_at, row.expires_at = now, now + LASTS
    session.flush()
    mail_id = mails.add(
        session,
        recipient=row.email or "",
        template=_MAILS[Role(row.role)],
        language=row.language,
        now=now,
        force_id=force_id,
        context={"referee_id": str(row.id), "number": row.link_number, "until": row.expires_at.isoformat()},
    )
    outbox.defer(session, JobName.DELIVER_MAIL, mail_id=mail_id)
    audit.record(
        session,
        Event.REFEREE_ASKED,
        force_id=force_id,
        contact_id=row.contact_id,
        at=now,
        referee_id=row.id,
        expires_at=row.expires_at,
    )


def _held(session: Session, referee_id: UUID, actor: Actor) -> tuple[Referee, str]:
    row = referees.lock(session, referee_id=referee_id)
    contact = contacts.get(session, contact_id=row.contact_id)
    if actor.agent_id is None or not may(actor, Permission.LICENSING, contact.force_id):
        raise Forbidden(permission=Permission.LICENSING.value)
    return row, contact.force_id

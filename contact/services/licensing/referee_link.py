"""The own side of a referee's or parent's link: a code sent another way, the questions, no, and a later concern.

The link alone shows nothing of the applicant. What is answered here is read by licensing alone; the session never
speaks for the applicant longer than it takes to write the log.
"""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import reference, screen
from contact.domain.access import Actor, ActorKind
from contact.domain.errors import LinkExpired, TooManyTries
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.domain.licensing.kinds import Kind, Licence
from contact.domain.licensing.outsiders import RefereeFlag, RefereeState, Role
from contact.services.keys import Keys
from contact.services.licensing import danger, outsider_keys
from contact.services.licensing.referees import KIND, QUESTIONS_OF
from contact.store import audit, outbox, referees
from contact.store.engine import act_as
from contact.store.identifiers import new_id
from contact.store.referees import Linked
from forms.asked import load_asked

CODE_LASTS = dt.timedelta(minutes=30)
MOST_TRIES = 5
"""Wrong tries of one code; then a new one is needed."""


@dataclass(frozen=True, slots=True)
class LinkView:
    """What a link leads to. `applicant` is shown only to who gave the code.

    `over`: the application is decided or withdrawn. Nothing is asked any more; a worry may still be told.
    """

    referee_id: UUID
    contact_id: UUID
    force_id: str
    state: RefereeState
    may_answer: bool
    has_phone: bool
    code_wanted: bool
    name: str
    applicant: str
    over: bool
    role: Role
    kind: Kind | None
    licence: Licence | None


def look(session: Session, *, token: str, now: dt.datetime) -> LinkView:
    """Who holds this link; looking changes nothing. Raises LinkExpired, the same for one that never was."""
    found = _find(session, token)
    state = RefereeState(found.state)
    concluded = state in (RefereeState.ANSWERED, RefereeState.DECLINED)
    if not concluded and not found.over and found.expires_at <= now:
        raise LinkExpired
    return LinkView(
        referee_id=found.referee_id,
        contact_id=found.contact_id,
        force_id=found.force_id,
        state=state,
        may_answer=not concluded and not found.over,
        has_phone=found.has_phone,
        code_wanted=_code_lives(found, now),
        name=f"{found.given_name} {found.surname}".strip(),
        applicant=f"{found.applicant_given or ''} {found.applicant_surname or ''}".strip(),
        over=found.over,
        role=Role(found.role),
        kind=Kind(found.kind) if found.kind else None,
        licence=Licence(found.licence) if found.licence else None,
    )


def send_code(session: Session, *, token: str, now: dt.datetime) -> None:
    """Let a new code go to the telephone that the applicant named. Raises LinkExpired.

    Where no telephone is known nothing leaves: an officer reads a code out.
    """
    found = _find(session, token)
    if referees.ask_code(session, token_hash=_hash(token), now=now):
        outbox.defer(session, JobName.SEND_REFEREE_CODE, referee_id=found.referee_id, number=found.code_number + 1)


def try_code(
    session: Session, *, token: str, words: str, keys: Keys, network: bytes, same_device: bool, now: dt.datetime
) -> bool:
    """Whether these are the words that were sent; then the referee is confirmed, with what stands out about how.

    `network` is a digest of where this came from, keyed to the application. `same_device`: this browser holds the
    application, or another referee's link. Raises LinkExpired, TooManyTries.
    """
    found = _find(session, token)
    if found.code_tries >= MOST_TRIES:
        raise TooManyTries
    right = _code_lives(found, now) and hmac.compare_digest(
        reference.normalise_code(words),
        reference.normalise_code(outsider_keys.code(keys, KIND, found.referee_id, found.code_number)),
    )
    flags = [RefereeFlag.SAME_DEVICE.value] if same_device else []
    referees.try_code(session, token_hash=_hash(token), right=right, network=network, flags=flags, now=now)
    _log(session, Event.REFEREE_CODE_TRIED, found, now, right=right)
    return right


def answer(session: Session, *, token: str, answers: Mapping[str, Any], keys: Keys, now: dt.datetime) -> bool:
    """Keep the answers of whoever confirmed the link, once for ever; answers whether to advise 999 now.

    A parent who does not agree has declined. Danger in them goes to the control room at once (practice 2). Raises
    LinkExpired.
    """
    agrees = answers.get("agrees") != "no"
    _conclude(session, token, RefereeState.ANSWERED if agrees else RefereeState.DECLINED, answers, now)
    said = "\n".join(words for words in answers.values() if isinstance(words, str))
    _tell(session, _find(session, token), said, keys, now)
    return screen.screen_all([said]).advise_999


def decline(session: Session, *, token: str, now: dt.datetime) -> None:
    """The confirmed referee will not be one; no reason is asked. Raises LinkExpired."""
    _conclude(session, token, RefereeState.DECLINED, None, now)


def add_concern(session: Session, *, token: str, body: str, keys: Keys, now: dt.datetime) -> bool:
    """Keep what a confirmed referee is worried about, at any later time; answers whether to advise 999 now.

    Danger goes to the control room at once (practice 2), and after the decision every worry: nobody works at the
    application any more, and there may be guns. Raises LinkExpired.
    """
    found = _find(session, token)
    heard = screen.screen_all([body])
    if not referees.add_concern(session, token_hash=_hash(token), concern_id=new_id(), body=body, now=now):
        raise LinkExpired
    _log(session, Event.REFEREE_CONCERNED, found, now, advise_999=heard.advise_999)
    _tell(session, found, body, keys, now, always=found.over)
    return heard.advise_999


def _tell(session: Session, found: Linked, body: str, keys: Keys, now: dt.datetime, always: bool = False) -> None:
    danger.tell_of_referee(
        session,
        contact_id=found.contact_id,
        referee=f"{found.given_name} {found.surname}".strip(),
        role=Role(found.role),
        body=body,
        heard=screen.screen_all([body]),
        keys=keys,
        now=now,
        always=always,
    )


def _conclude(
    session: Session, token: str, state: RefereeState, answers: Mapping[str, Any] | None, now: dt.datetime
) -> None:
    found = _find(session, token)
    version = load_asked(QUESTIONS_OF[Role(found.role)]).version
    done = referees.answer(
        session, token_hash=_hash(token), state=state.value, version=version, answers=answers, now=now
    )
    if not done:
        raise LinkExpired
    _log(session, Event.REFEREE_ANSWERED, found, now, state=state)


def _find(session: Session, token: str) -> Linked:
    found = referees.find_by_link(session, token_hash=_hash(token))
    if found is None:
        raise LinkExpired
    return found


def _code_lives(found: Linked, now: dt.datetime) -> bool:
    return found.code_at is not None and now - found.code_at < CODE_LASTS and found.code_tries < MOST_TRIES


def _log(session: Session, event: Event, found: Linked, now: dt.datetime, **fields: str | bool) -> None:
    """Speak for the contact while its log is written, and for nobody afterwards: a referee may read nothing of it."""
    about: dict[str, Any] = {"referee_id": found.referee_id, **fields}
    act_as(session, Actor(ActorKind.CITIZEN, contact_id=found.contact_id))
    audit.record(session, event, force_id=found.force_id, contact_id=found.contact_id, at=now, **about)
    audit.write_now(session)
    act_as(session, Actor(ActorKind.CITIZEN))


def _hash(token: str) -> bytes:
    return outsider_keys.token_hash(KIND, token[:100])

"""Send one mail, from `queued` through `sending` to `sent` or `failed`, and never to an address that is not safe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.domain.events import Event
from contact.domain.jobs import JobName
from contact.gateways import mail, papers, wording
from contact.gateways.failures import OutsideFailure, Refused
from contact.jobs.registry import TryAgain, job, tools
from contact.services import chat_mail
from contact.services.keys import Keys
from contact.services.licensing import medical, outsider_keys, referees, renewal_start
from contact.store import audit, mails, texts
from contact.store.mails import Mail

TRIES = 8
_OUTSIDERS = frozenset(
    {wording.LetterName.REFEREE_ASKED, wording.LetterName.PRACTICE_ASKED, wording.LetterName.FOUR_WORDS}
)
"""Mails to somebody an application or certificate names: no contact holds them, so they keep no address."""
_ASKED_FOR = (wording.LetterName.CHAT_COPY, wording.LetterName.CHAT_LINK)
_NOT_OF_SENSITIVE = (wording.LetterName.CHAT_COPY, wording.LetterName.MESSAGE_WAITING)


@dataclass(frozen=True, slots=True)
class _Unsafe(Exception):
    """Nothing may leave: `code` says why."""

    code: str


@job(JobName.DELIVER_MAIL, tries=TRIES + 1)
def deliver_mail(mail_id: str) -> None:
    """Send it once; a mail server that was not reached is tried again for about six hours.

    After a crash in mid-sending it is sent again under the same Message-ID: mail, unlike Twilio, cannot be asked.
    """
    message = _begin(UUID(mail_id))
    if message is None:
        return
    try:
        tools().mail.send(message)
    except Refused as failure:
        _end(UUID(mail_id), error=failure.code, final=True)
    except OutsideFailure as failure:
        if not _end(UUID(mail_id), error=failure.code, final=False):
            raise TryAgain(failure.code) from None
    else:
        _end(UUID(mail_id), error=None, final=True)


def _begin(mail_id: UUID) -> EmailMessage | None:
    """Commit the state `sending` and answer the message; None where there is nothing (more) to send."""
    now = tools().clock()
    with tools().sessions.begin() as session:
        try:
            row = mails.lock(session, mail_id=mail_id)
        except NotFound:
            return None  # erased with its contact
        if row.state in ("sent", "failed"):
            return None
        row.state, row.attempts = "sending", row.attempts + 1
        try:
            return _compose(session, row, now)
        except (_Unsafe, ValueError, NotFound) as reason:
            _fail(session, row, getattr(reason, "code", "unusable"), now, final=True)
            return None


def _compose(session: Session, row: Mail, now: dt.datetime) -> EmailMessage:
    settings = tools().settings
    context: dict[str, Any] = {"progress_url": f"{settings.public_url}/progress"}
    live = False
    if row.contact_id is not None:
        about = mails.about(session, contact_id=row.contact_id)
        if not _may_leave(row, about):
            raise _Unsafe("not-safe")  # the person chose another way, perhaps since this was written (practice 13)
        live = about.live and not settings.demo
        context |= {"reference": about.reference, "look_by": about.look_by, "answer_by": about.answer_by}
        if about.access_stopped:
            context["progress_url"] = None
    if row.draft_id is not None:
        saved = mails.about_draft(session, draft_id=row.draft_id)
        live = saved.live and not settings.demo
        ticket = Keys.from_settings(settings).return_ticket(saved.draft_id, saved.code_hash)
        context["return_url"] = f"{settings.public_url}/return/{ticket}"
    elif row.contact_id is None and row.force_id is not None:
        live = texts.force_is_live(session, force_id=row.force_id) and not settings.demo
        context |= {"link_url": _outsider_url(row), "code": _code(row)}
    if row.template == wording.LetterName.CHAT_LINK and row.contact_id is not None:
        context["return_url"], context["until"] = chat_mail.make_link(
            session, contact_id=row.contact_id, public_url=settings.public_url, now=now
        )
    carried = _carried(session, row.template, row.context)
    paper = papers.render(papers.PaperName.COPY, carried.pop("paper")) if "paper" in carried else None
    words = wording.letter(row.template, language=row.language, live=live, context=context | carried)
    return mail.compose(words, mail_id=row.id, sender=settings.mail_from, recipient=row.recipient, now=now, paper=paper)


def _may_leave(row: Mail, about: mails.About) -> bool:
    """What the person asked for on the page goes where they said, until they stop access; all else by their way.

    What waited while the matter became sensitive stays here: its words never lie in a mailbox, nor that an answer came.
    """
    if about.sensitive and row.template in _NOT_OF_SENSITIVE:
        return False
    return not about.access_stopped if row.template in _ASKED_FOR else about.email_is_safe


def _code(row: Mail) -> str | None:
    """The four words that begin a renewal: made as the mail leaves, so that no row holds them."""
    if row.template != wording.LetterName.FOUR_WORDS:
        return None
    keys = Keys.from_settings(tools().settings)
    return renewal_start.code(keys, UUID(row.context["attempt_id"])).replace("-", " ")


_ASKED_BY_LINK = {wording.LetterName.REFEREE_ASKED.value: "referee", wording.LetterName.PARENT_ASKED.value: "parent"}


def _outsider_url(row: Mail) -> str | None:
    """The link to somebody an application names: made as the mail leaves, so that no row holds its secret."""
    settings = tools().settings
    keys = Keys.from_settings(settings)
    if row.template in _ASKED_BY_LINK:
        number = int(row.context["number"])
        token = outsider_keys.token(keys, referees.KIND, UUID(row.context["referee_id"]), number)
        return f"{settings.public_url}/firearms/{_ASKED_BY_LINK[row.template]}/{token}"
    if row.template == wording.LetterName.PRACTICE_ASKED:
        token = outsider_keys.token(keys, medical.KIND, UUID(row.context["request_id"]), 1)
        return f"{settings.public_url}/firearms/doctor/{token}"
    return None


def _carried(session: Session, template: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """What the mail itself carries; a message is named by its id, and its words are read only where they may leave."""
    carried = dict(context)
    message_id = carried.pop("message_id", None)
    if message_id and template == wording.LetterName.REPLY:
        carried["body"] = mails.words_of(session, message_id=UUID(str(message_id)))
    return carried


def _tell_thread(session: Session, row: Mail, state: str) -> None:
    """The agent sees in the thread whether the mail about a message left."""
    if message_id := row.context.get("message_id"):
        mails.set_delivery(session, message_id=UUID(str(message_id)), state=state)


def _end(mail_id: UUID, *, error: str | None, final: bool) -> bool:
    """Write down how it ended; True when nothing more will be tried."""
    now = tools().clock()
    with tools().sessions.begin() as session:
        row = mails.lock(session, mail_id=mail_id)
        if error is not None:
            final = final or row.attempts >= TRIES
            _fail(session, row, error, now, final=final)
            return final
        row.state, row.sent_at, row.error = "sent", now, None
        _forget_address(row)
        _tell_thread(session, row, "sent")
        audit.record(session, Event.MAIL_SENT, force_id=row.force_id, contact_id=row.contact_id, at=now, **_about(row))
        return True


def _fail(session: Session, row: Mail, error: str, now: dt.datetime, *, final: bool) -> None:
    row.state, row.error = ("failed" if final else "queued"), error
    if final:
        _forget_address(row)
        _tell_thread(session, row, "failed")
    audit.record(
        session,
        Event.MAIL_FAILED,
        force_id=row.force_id,
        contact_id=row.contact_id,
        at=now,
        error=error,
        final=final,
        **_about(row),
    )


def _forget_address(row: Mail) -> None:
    """An address given only for a link or a copy is kept no longer than that needs, and so is the copy."""
    if row.draft_id is not None or row.template in _OUTSIDERS:
        row.recipient = ""
    if row.template in _ASKED_FOR:
        row.recipient, row.context = "", {}


def _about(row: Mail) -> dict[str, Any]:
    return {"mail_id": row.id, "template": row.template, "attempts": row.attempts}

"""A chat begins with its first message and not before; one ticket makes one contact, however often it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from flask import current_app, request

from contact.domain import screen
from contact.domain.errors import ReasonNeeded
from contact.domain.taxonomy import Grade
from contact.services import chat, routing
from contact.services.chat import Begun
from contact.services.following import LONG_SILENCE
from contact.services.keys import Keys
from contact.services.typed import LONGEST, one_time_key, typed_words
from contact.settings import Settings
from contact.store import contacts
from contact.store.identifiers import new_id
from contact.web.shared import clock, database
from contact.web.shared.language import current_language, gettext
from contact.web.shared.limits import limit
from contact.web.shared.proofs import contacts_in, prove_contact, sent_here
from contact.web.shared.request_actor import act_for_contact
from contact.web.shared.session import web_session
from contact.web.shared.typed import showable


@dataclass(slots=True)
class Opening:
    """The first page's form as it stands. `asks_force`: nothing else says which force it is for."""

    ticket: str
    body: str = ""
    force_id: str = ""
    asks_force: bool = False
    danger: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    def listed(self) -> list[dict[str, str]]:
        """The errors for the summary."""
        return [{"text": text, "href": f"#{name}"} for name, text in self.errors.items()]


def keys() -> Keys:
    """The service's keys."""
    return Keys.from_settings(_settings())


def _settings() -> Settings:
    found: Settings = current_app.config["CONTACT_SETTINGS"]
    return found


def opening(*, asks_force: bool) -> Opening:
    """An empty first page with a fresh ticket."""
    return Opening(ticket=keys().ticket(new_id()), asks_force=asks_force)


def begin(force_id: str | None) -> Begun | Opening:
    """Store the first message, or answer the page with what is wrong. `force_id`: whose page it was typed on.

    Danger is never told to wait, and goes to whoever takes emergencies where no force was chosen.
    """
    asked = posted(force_id)
    heard = screen.screen(asked.body)
    asked.danger = heard.advise_999
    going_to = force_id or _force(asked)
    _check_words(asked)
    if going_to is None:
        asked.errors["force"] = gettext("Choose the police force")
    contact_id = keys().open_ticket(asked.ticket)
    if asked.errors or going_to is None or contact_id is None:
        return asked
    if not heard.advise_999:
        limit("chat_begin", at_most=60, window=timedelta(hours=1))
    begun = _store(contact_id, going_to, asked.body)
    if begun.again and not sent_here(begun.reference):
        # Another browser has used this ticket: nothing of that is shown here, and what was typed is stored anew.
        begun = _store(new_id(), going_to, asked.body)
    prove_contact(begun.reference, begun.contact_id, new_id=False)
    act_for_contact(begun.contact_id)
    if begun.again:
        _add_other_words(begun, asked.body)
    return begun


def posted(force_id: str | None) -> Opening:
    """The first page's form as it was sent."""
    ticket = request.form.get("ticket", "")
    return Opening(
        ticket=ticket if keys().open_ticket(ticket) else keys().ticket(new_id()),
        body=showable(request.form.get("body", "")),
        force_id=request.form.get("force", "")[:60],
        asks_force=force_id is None,
    )


def held_here(force_id: str) -> str | None:
    """The reference of the last chat that this browser holds with a force, while it is open; None for none.

    Not a sensitive or urgent one after half an hour of silence: by then somebody else may sit before the screen, and
    whoever wrote it comes back by reference and words (practice 4).
    """
    found = []
    for contact_id in contacts_in(web_session()).values():
        act_for_contact(UUID(contact_id))
        contact = contacts.find(database.session()(), contact_id=UUID(contact_id))
        if contact is None or contact.online_access_stopped_at is not None or contact.closed_at is not None:
            continue
        if contact.force_id == force_id and not _may_be_anothers_to_see(contact):
            found.append((contact.received_at, contact.reference))
    return max(found)[1] if found else None


def _may_be_anothers_to_see(contact: contacts.Contact) -> bool:
    """Whether opening this by itself could show to somebody else what must not be found."""
    if not contact.sensitive and Grade(contact.grade) is not Grade.EMERGENCY:
        return False
    talk = chat.get(database.session()(), contact_id=contact.id)
    return talk is None or clock.utcnow() - talk.last_inbound_at >= LONG_SILENCE


def _check_words(asked: Opening) -> None:
    if len(asked.body) > LONGEST:
        over = gettext("Your message is %(over)s characters too long")
        asked.errors["body"] = over % {"over": f"{len(asked.body) - LONGEST:,}"}
        return
    try:
        typed_words(asked.body, "message")
    except ReasonNeeded:
        asked.errors["body"] = gettext("Write your message")


def _force(asked: Opening) -> str | None:
    """The force that was chosen; for danger also the one that the words, or the settings, name."""
    session, found = database.session()(), _settings()
    chosen = routing.standing(session, [asked.force_id] if asked.force_id else [])
    if chosen:
        return chosen[0].id
    if not asked.danger:
        return None
    named = [force.id for force in routing.forces_in_words(session, asked.body)]
    return routing.for_emergency(session, force_ids=(*named, found.emergency_force_id), live_only=not found.demo)


def _store(contact_id: UUID, force_id: str, body: str) -> Begun:
    return chat.begin(
        database.session()(),
        contact_id=contact_id,
        force_id=force_id,
        body=body,
        language=current_language(),
        keys=keys(),
        now=clock.utcnow(),
    )


def _add_other_words(begun: Begun, body: str) -> None:
    """Gone back to and sent with other words, they are a second message, not lost (scenario 17)."""
    session = database.session()()
    first = next((line.body for line in chat.thread(session, contact_id=begun.contact_id) if line.who == "me"), "")
    if typed_words(body, "message") == first:
        return
    once = one_time_key(begun.reference, "begin", words=body)
    chat.say(session, contact_id=begun.contact_id, body=body, now=clock.utcnow(), once_key=once)

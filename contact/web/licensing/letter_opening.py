"""Opening a letter is a look at somebody's record: of their own people's work alone, and written down (practice 8)."""

from __future__ import annotations

from uuid import UUID

from contact.domain.errors import NotFound
from contact.domain.events import Event
from contact.domain.licensing.letter_kinds import LetterState
from contact.services.licensing import reviews
from contact.store import audit, certificates, licensing_letters
from contact.store.licensing_letters import LicensingLetter
from contact.web.licensing.opening import reason_to_open, refused
from contact.web.shared import clock, database
from contact.web.shared.request_actor import current_agent

REGISTER = "register"
TO_BE_SENT = "to_be_sent"


def open_letter(letter: LicensingLetter) -> bool:
    """Write down that this officer opens it; False where they must first say why they open the application.

    A letter that waits to be sent is the team's work; one that was sent is opened as its application is.
    """
    justification: str | None = REGISTER
    if letter.contact_id is not None:
        justification = reason_to_open(letter.contact_id, kind="letter")
        if justification is None and letter.state == LetterState.WAITING.value:
            justification = TO_BE_SENT
    if justification is None:
        return False
    audit.record(
        database.session()(),
        Event.LETTER_OPENED,
        force_id=letter.force_id,
        contact_id=letter.contact_id,
        at=clock.utcnow(),
        letter_id=letter.id,
        kind=letter.kind,
        justification=justification,
    )
    return True


def their_letter(letter_id: UUID) -> LicensingLetter:
    """The letter, where it is of the officer's force and to nobody of their name.

    Another force's, one's own and none at all look the same. Raises NotFound, after writing the refusal down.
    """
    orm = database.session()()
    try:
        letter = licensing_letters.get(orm, letter_id=letter_id)
    except NotFound:
        raise refused(letter_id, why="not_found_or_not_theirs", kind="letter") from None
    if letter.contact_id is not None:
        reason_to_open(letter.contact_id, kind="letter")  # refuses what is another's, and what is one's own
    if letter.certificate_id is not None and _is_own(letter.certificate_id):
        raise refused(letter_id, why="own_name", kind="letter")
    return letter


def _is_own(certificate_id: UUID) -> bool:
    """A namesake counts, since nobody can tell."""
    agent, held = current_agent(), certificates.get(database.session()(), certificate_id=certificate_id)
    same_name = reviews.name_of(held).casefold() == agent.name.casefold()
    return same_name or (held.email or "") == agent.email.casefold()

"""Where an application or a referee's answer comes from, as a digest keyed to the application: no address is kept."""

from __future__ import annotations

from uuid import UUID

from flask import request

from contact.services.keys import Keys
from contact.services.licensing.outsider_keys import network_digest
from contact.store import referees
from contact.web.citizen.blueprint import settings
from contact.web.shared import database


def network(contact_id: UUID) -> bytes:
    """This request's network, comparable within one application alone."""
    return network_digest(Keys.from_settings(settings()), contact_id, request.remote_addr or "")


def note_sender(contact_id: UUID) -> None:
    """Keep beside the referees where their applicant sent from; the session speaks for the applicant."""
    referees.note_applicant_network(database.session()(), digest=network(contact_id))

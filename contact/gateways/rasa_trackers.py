"""Rasa's own memory of conversations, in a database of its own: forgotten with the contact (engineering 30)."""

from __future__ import annotations

from uuid import UUID

import psycopg

from contact.gateways.failures import TryLater

_LIMIT_S = 5


def forget(database_url: str, *, conversation_id: UUID) -> int:
    """Delete every line of one conversation; answers how many there were. Raises TryLater."""
    try:
        with psycopg.connect(database_url, connect_timeout=_LIMIT_S, options="-c statement_timeout=5000") as connection:
            if connection.execute("SELECT to_regclass('events')").fetchone() == (None,):
                return 0  # Rasa has never written anything
            return connection.execute("DELETE FROM events WHERE sender_id = %s", (str(conversation_id),)).rowcount
    except psycopg.Error as error:
        raise TryLater("rasa-trackers", type(error).__name__.lower()) from None

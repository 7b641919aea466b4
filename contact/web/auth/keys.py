"""The key that seals agents' authenticator secrets."""

from __future__ import annotations

from flask import current_app

from contact.settings import Settings


def sealing_key() -> bytes:
    """AUDIT_KEY, from which the sealing key is derived."""
    return settings().audit_key


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.config["CONTACT_SETTINGS"]
    return found

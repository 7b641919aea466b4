"""The application's one vault, made when first needed: both audiences' pages go through it."""

from __future__ import annotations

from flask import current_app

from contact.gateways.evidence.vault import Vault

_VAULT = "contact_vault"


def vault() -> Vault:
    """The evidence store of the settings, behind its seal."""
    if _VAULT not in current_app.extensions:
        current_app.extensions[_VAULT] = Vault.from_settings(current_app.config["CONTACT_SETTINGS"])
    found: Vault = current_app.extensions[_VAULT]
    return found

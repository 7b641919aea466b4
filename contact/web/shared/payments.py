"""The payment account of this service, or none: then the other way to pay is all that a page shows."""

from __future__ import annotations

from flask import Flask

from contact.gateways.payment_provider import PaymentProvider
from contact.gateways.stripe import StripeProvider
from contact.settings import Settings

_KEY = "contact_payment_provider"


def payment_provider(app: Flask) -> PaymentProvider | None:
    """The provider of the settings, made once; a test puts its own there."""
    if _KEY not in app.extensions:
        settings: Settings = app.config["CONTACT_SETTINGS"]
        app.extensions[_KEY] = StripeProvider.from_settings(settings)
    found: PaymentProvider | None = app.extensions[_KEY]
    return found


def use_payment_provider(app: Flask, provider: PaymentProvider | None) -> None:
    """Put another provider in its place."""
    app.extensions[_KEY] = provider

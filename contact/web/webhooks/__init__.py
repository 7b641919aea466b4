"""Where providers report to: proven to be theirs, kept once, then applied; the bodies of strangers are never stored."""

from contact.web.webhooks import sms, stripe, twilio
from contact.web.webhooks.blueprint import room

__all__ = ["room", "sms", "stripe", "twilio"]

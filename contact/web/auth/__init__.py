"""Signing in and out, setting oneself up by a one-time link, and one's own account."""

from contact.web.auth import account, invitation, sign_in, step_up
from contact.web.auth.blueprint import room

__all__ = ["account", "invitation", "room", "sign_in", "step_up"]

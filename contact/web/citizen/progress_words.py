"""A contact's timeline for its reporter, in plain words."""

from __future__ import annotations

from contact.web.citizen.wording import Line


def timeline() -> list[Line]:
    """To come."""
    return []

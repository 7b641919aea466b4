"""How somebody was told who stopped online access: read from every form whose words would have gone to them."""

from __future__ import annotations

from flask import request

from contact.domain.licensing.telling import ToldBy

UNSAFE = "Nothing was sent or changed: nothing reaches the applicant online. Choose how they were told"
WAYS = [(each.value, each.label) for each in ToldBy]


def told() -> ToldBy | None:
    """The way the officer chose; None where none was, or where nobody asked."""
    code = request.form.get("told", "")
    return ToldBy(code) if code in set(ToldBy) else None

"""Whether a prescribed form may be an application online: only where the force has approved it (practice 24)."""

from __future__ import annotations

from sqlalchemy.orm import Session

import forms
from contact.store import applications


def must_be_posted(session: Session, *, form: forms.Form, force_id: str) -> bool:
    """True for a form whose questions an instrument fixes, in a force that has not approved it online.

    Notices, replacements and changes of name or address have no prescribed form here and are taken everywhere.
    """
    if form.desk is not forms.Desk.LICENSING or form.prescribed is None:
        return False
    return applications.settings_of(session, force_id=force_id).approval_date is None

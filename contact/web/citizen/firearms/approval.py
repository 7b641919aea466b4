"""The gate of practice 24 on a draft's own pages: no declaration is taken where the form has to be posted."""

from __future__ import annotations

from contact.services.drafts import DraftView
from contact.services.licensing.approval import must_be_posted
from contact.web.citizen.ground import ground_of
from contact.web.shared import database
from forms import Desk, Page

DECLARATION = "declaration"
"""The section of a licensing form that is signed: of a form to be posted it is left blank, for a pen."""


def posted_to(draft: DraftView) -> str | None:
    """The force that a draft must be posted to; None where it may be sent, or no force is known yet."""
    if draft.form.desk is not Desk.LICENSING or draft.form.prescribed is None:
        return None
    force_id = ground_of(draft).force_id
    if force_id is None or not must_be_posted(database.session()(), form=draft.form, force_id=force_id):
        return None
    return force_id


def is_withheld(draft: DraftView, page: Page) -> bool:
    """Whether this page asks for the declaration of a form that must be posted."""
    return page.section_id == DECLARATION and posted_to(draft) is not None

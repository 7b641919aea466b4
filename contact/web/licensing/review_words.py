"""Reviews of an application in words, for its page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.services.licensing import holders
from contact.services.licensing.reviews import OF_APPLICATION
from contact.store import licensing_reviews


def open_reviews(session: Session, contact_id: UUID) -> dict[str, Any]:
    """Those that nobody has decided, with how they met, and what can come of one."""
    found = licensing_reviews.list_for_application(session, contact_id=contact_id)
    return {
        "reviews": [
            {"row": each, "form": f"review-{each.id}", "how": holders.met_by(each.matched_by)}
            for each in found
            if each.decided_at is None
        ],
        "review_decisions": [(each.value, said) for each, said in OF_APPLICATION.items()],
    }

"""What stands beside the reply box: approved words for the matter, and by text what the reply costs."""

from __future__ import annotations

from typing import Any

from contact.domain.approved_replies import find
from contact.domain.fixed_texts import FixedText, fixed_text
from contact.domain.sms_text import Alphabet, Measure
from contact.services import suggestions, texting
from contact.services.contact_view import ContactView
from contact.store import texts
from contact.web.shared import database


def beside(view: ContactView) -> dict[str, Any]:
    """The reply box's part of the page's context."""
    contact = view.contact
    by_text = view.talk is not None and view.talk.channel == "sms"
    safe = find("good_time" if by_text else "safe_to_talk")
    return {
        "suggestions": suggestions.suggest(contact, by_text=by_text),
        "safe_to_talk": safe.in_(contact.language) if safe else "",
        "segments": _segments(view) if view.talk is not None else None,
    }


def _segments(view: ContactView) -> dict[str, str]:
    """What the draft would cost now; the page's script counts on while somebody types."""
    orm, contact = database.session()(), view.contact
    live = texts.force_is_live(orm, force_id=contact.force_id)
    before = "" if live else fixed_text(FixedText.SMS_DEMO_PREFIX, contact.language)
    counted = texting.measured(orm, contact_id=contact.id, body=view.draft) if view.draft else None
    return {"before": before, "words": in_words(counted)}


def in_words(counted: Measure | None) -> str:
    """Characters, parts and alphabet of a text as a handler reads them."""
    if counted is None:
        return "A text holds 160 characters, or 70 with letters such as ŵ and ŷ. Longer ones become several parts."
    parts = f"{counted.parts} part{'' if counted.parts == 1 else 's'}"
    words = f"As kept: {counted.units} characters, {parts}."
    if counted.alphabet is Alphabet.UCS_2:
        words += " With letters such as ŵ and ŷ a part holds 70 characters, not 160."
    return words

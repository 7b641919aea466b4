"""Which approved replies are offered beside the reply box: those for the matter first, in the person's language."""

from __future__ import annotations

from dataclasses import dataclass

from contact.domain import approved_replies
from contact.domain.approved_replies import ApprovedReply
from contact.domain.errors import NotFound
from contact.domain.taxonomy import SENSITIVE, Category, Grade
from contact.services.typed import LONGEST
from contact.store.contacts import Contact


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One reply as it is offered. `text` is what would stand in the box, `english` the same where that is Welsh.

    `fits`: written for this very category.
    """

    id: str
    title: str
    text: str
    english: str
    fits: bool


def suggest(contact: Contact, *, by_text: bool = False) -> list[Suggestion]:
    """What may be offered in this contact, best first.

    In a sensitive or emergency contact only what is fit for one; in a sensitive one by text only what shows nothing on
    a locked screen (practice 4). Words made for such a screen stay out of a chat.
    """
    category = Category(contact.category)
    sensitive = contact.sensitive or category in SENSITIVE
    grave = sensitive or Grade(contact.grade) is Grade.EMERGENCY
    found = [
        each
        for each in approved_replies.approved_replies()
        if (not each.categories or category in each.categories)
        and (each.in_grave_matters or not grave)
        and _fits_the_screen(each, sensitive=sensitive, by_text=by_text)
    ]
    found.sort(key=lambda each: not each.categories)
    return [_offered(each, contact) for each in found]


def insert(body: str, *, reply_id: str, contact: Contact) -> str:
    """What stands in the box once an approved reply was put at its end. Raises NotFound for words not approved."""
    reply = approved_replies.find(reply_id)
    if reply is None:
        raise NotFound(kind="approved_reply", key=reply_id)
    before = body.rstrip()
    return ((before + "\n\n" if before else "") + reply.in_(contact.language))[:LONGEST]


def _fits_the_screen(reply: ApprovedReply, *, sensitive: bool, by_text: bool) -> bool:
    if not by_text:
        return not reply.locked_screen
    return reply.locked_screen or not sensitive


def _offered(reply: ApprovedReply, contact: Contact) -> Suggestion:
    text = reply.in_(contact.language)
    english = reply.in_("en")
    return Suggestion(reply.id, reply.title, text, "" if english == text else english, bool(reply.categories))

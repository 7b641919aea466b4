"""An online form begun from a conversation: what the person said there is filled in, so that nobody tells it twice.

Only the person's own words of their own conversation are used, read anew under their own rights; they see and may
change every answer before it is sent (practice 30).
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from contact.domain.opt_out import keyword
from contact.domain.taxonomy import Channel
from contact.services import drafts
from contact.services.drafts import DraftView
from contact.store import contacts, messages

_POSTCODE = re.compile(r"\b([A-Za-z]{1,2}[0-9][A-Za-z0-9]?)\s*([0-9][ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2})\b")
_PLATE = re.compile(r"\b([A-Za-z]{2}[0-9]{2})\s?([A-Za-z]{3})\b")
LONGEST = 4_000


def start(session: Session, *, contact_id: UUID, form_id: str, now: dt.datetime) -> DraftView:
    """A draft of that form for the person of this conversation, which the session speaks for from here on.

    Raises NotFound, and UnknownFormError for a form that is not served.
    """
    contact = contacts.get(session, contact_id=contact_id)
    said = [
        each.body
        for each in messages.list_for_citizen(session, contact_id=contact_id)
        if each.kind == "inbound" and each.channel in (Channel.CHAT.value, Channel.SMS.value)
        if not (each.channel == Channel.SMS.value and keyword(each.body))  # "WEB" is how they came here
    ]
    force_id, language = contact.force_id, contact.language
    view = drafts.start(session, form_id=form_id, force_id=force_id, language=language, now=now)
    filled = answers_from(view.form, said)
    if not filled:
        return view
    page_id = view.form.first_page().id
    return drafts.save(session, draft_id=view.id, page_id=page_id, answers=filled, now=now)


def carries(form_id: str, *, force_id: str) -> bool:
    """Whether what was said goes into this form: not where it is not served, nor into an application for a licence.

    Before that stands a page which says how the force takes it (practice 24), and the form there begins empty.
    """
    if form_id not in forms.form_ids():
        return False
    return forms.compile_for(form_id, force_id).form.desk is not forms.Desk.LICENSING


def answers_from(form: forms.Form, said: list[str]) -> dict[str, Any]:
    """What a form asks and the person has said: their account in their own words, a postcode, a registration mark."""
    words = "\n".join(said)[:LONGEST]
    found: dict[forms.Role, Any] = {}
    if words.strip():
        found[forms.Role.ACCOUNT] = words
    if postcode := _POSTCODE.search(words):
        found[forms.Role.PLACE] = {
            "postcode": f"{postcode[1]} {postcode[2]}".upper(), "address": "", "description": "",
        }  # fmt: skip
    filled: dict[str, Any] = {}
    for question in form.questions:
        if question.role is forms.Role.PLACE and question.type is not forms.QuestionType.PLACE:
            continue  # A home address: the postcode that was said may be another's.
        if question.role in found:
            filled[question.id] = found.pop(question.role)
        elif question.role is forms.Role.VEHICLES and (plate := _PLATE.search(words)):
            row = {column.key: "" for column in question.columns}
            filled[question.id] = [{**row, "registration": f"{plate[1]} {plate[2]}".upper()}]
    return filled

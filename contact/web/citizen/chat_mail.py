"""The chat by email: a copy as a file, or a link to come back; the person says where that is safe (practice 13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.services import chat_mail as mailing
from contact.store.contacts import Contact
from contact.web.citizen.blueprint import room
from contact.web.citizen.chat_copy import copy_data, opened_chat
from contact.web.citizen.typed import typed
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.language import current_language, gettext
from contact.web.shared.limits import limit
from forms.validation.words import read_email

COPY, LINK = "copy", "link"
MOST_FROM, MOST_TO = 60, 20


@dataclass(slots=True)
class Asked:
    """The form as it was sent. `alone`: only the person reads that mailbox."""

    what: str = ""
    email: str = ""
    alone: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    def listed(self) -> list[dict[str, str]]:
        """The errors for the summary, in the order of the boxes."""
        return [{"text": text, "href": f"#{name}"} for name, text in self.errors.items()]


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a page beside a chat: the public's own page, or the frame in a force's site (`layout`)."""

    back_url: str
    copy_url: str
    leave_url: str
    layout: str = "layouts/citizen.html"


@room.get("/chat/<reference>/mail")
@proven
def chat_mail(reference: str) -> ResponseReturnValue:
    """Ask what may be sent, and where to; nothing leaves before that is answered."""
    return ask(opened_chat(reference), _around(reference))


@room.post("/chat/<reference>/mail")
@proven
def chat_mail_send(reference: str) -> ResponseReturnValue:
    """Send it: a file only where the matter is not sensitive, else no more than a link."""
    return send(lambda: opened_chat(reference), reference, _around(reference))


def ask(contact: Contact, around: Around) -> ResponseReturnValue:
    """The empty form, with the address that they said is safe."""
    return _page(contact, Asked(email=mailing.known_address(contact)), around)


def send(opened: Callable[[], Contact], reference: str, around: Around) -> ResponseReturnValue:
    """What was asked for leaves, or the form says what is wrong.

    So many an hour for one chat, from one place and to one mailbox: anybody's own words leave here under our name.
    """
    limit("chat_mail_from", at_most=MOST_FROM, window=timedelta(hours=1))
    limit("chat_mail", at_most=5, window=timedelta(hours=1), subject=reference)
    contact = opened()
    asked = Asked(what=typed("what", 10), email=typed("email", 254), alone=bool(request.form.get("alone")))
    address = _checked(contact, asked)
    if asked.errors or address is None:
        return _page(contact, asked, around)
    limit("chat_mail_to", at_most=MOST_TO, window=timedelta(hours=1), subject=address.casefold())
    session, now, language = database.session()(), clock.utcnow(), current_language()
    if asked.what == COPY:
        paper = copy_data(contact, language)
        mailing.mail_copy(session, contact=contact, address=address, language=language, paper=paper, now=now)
    else:
        mailing.mail_link(session, contact=contact, address=address, language=language, now=now)
    return render_template(
        "citizen/chat_mailed.html", around=around, leave_url=around.leave_url, link=asked.what == LINK
    )


def _checked(contact: Contact, asked: Asked) -> str | None:
    """Note what is wrong; the address as it may be used."""
    if contact.sensitive:
        asked.what = LINK
    if asked.what not in (COPY, LINK):
        asked.errors["what"] = gettext("Choose what we send")
    address = read_email(asked.email) if asked.email else None
    if not asked.email:
        asked.errors["email"] = gettext("Enter an email address that is safe to use")
    elif address is None:
        asked.errors["email"] = gettext("Enter an email address with an @ in it, like name@example.org")
    if not asked.alone:
        asked.errors["alone"] = gettext("Tell us that nobody else reads this email, or choose another way")
    return address


def _page(contact: Contact, asked: Asked, around: Around) -> str:
    return render_template(
        "citizen/chat_mail.html",
        asked=asked,
        errors=asked.listed(),
        sensitive=contact.sensitive,
        around=around,
        leave_url=around.leave_url,
    )


def _around(reference: str) -> Around:
    return Around(
        back_url=url_for("citizen.chat_talk", reference=reference),
        copy_url=url_for("citizen.chat_copy", reference=reference),
        leave_url=url_for("citizen.leave"),
    )

"""Progress by reference and four words: a timeline in plain words, both sides' messages, and the way to end it all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import Form, StringField, TextAreaField

from contact.domain.taxonomy import Channel, Desk
from contact.services import conversations
from contact.services import progress as reports
from contact.services.keys import Keys
from contact.services.progress import Progress
from contact.store import contacts
from contact.store.contacts import Contact
from contact.store.identifiers import new_id
from contact.web.citizen.application_page import application_page
from contact.web.citizen.blueprint import room, settings, wear
from contact.web.citizen.online_access import proven_id
from contact.web.citizen.progress_words import state_in_words, timeline
from contact.web.citizen.typed import typed
from contact.web.citizen.wording import said
from contact.web.shared import clock, database
from contact.web.shared.access import proven, public
from contact.web.shared.failures import NotProven
from contact.web.shared.frame import show_exit
from contact.web.shared.language import gettext
from contact.web.shared.limits import limit
from contact.web.shared.proofs import forget_contact, prove_contact
from contact.web.shared.request_actor import act_for_contact
from contact.web.shared.session import web_session
from contact.web.shared.transaction import commit_anyway

_UNLOCKED = "unlocked"


class SignIn(Form):
    """Reference and four words."""

    reference = StringField(widget=GovTextInput())
    words = StringField(widget=GovTextInput())


class MessageForm(Form):
    """One message."""

    body = TextAreaField(widget=GovTextArea())


class SafeWordForm(Form):
    """The word agreed when the report was made."""

    safe_word = StringField(widget=GovTextInput())


def keys() -> Keys:
    """The service's keys."""
    return Keys.from_settings(settings())


@room.get("/progress")
@public
def progress_sign_in() -> ResponseReturnValue:
    """Ask for both."""
    return _sign_in_page({}, "")


@room.post("/progress")
@public
def progress_sign_in_send() -> ResponseReturnValue:
    """Open the report that the two belong to; the same answer, as slowly, whatever was wrong (engineering 25)."""
    limit("progress", at_most=60, window=timedelta(hours=1))
    sent = {name: typed(name, 200) for name in ("reference", "words")}
    commit_anyway()
    found = reports.prove(
        database.session()(), typed_reference=sent["reference"], words=sent["words"], keys=keys(), now=clock.utcnow()
    )
    if found is None:
        return _sign_in_page(sent, gettext("Those two do not go together. Check the reference and the four words"))
    prove_contact(found.reference, found.contact_id)
    act_for_contact(found.contact_id)
    return redirect(_home_of(found.reference, found.contact_id), 303)


def _home_of(reference: str, contact_id: UUID) -> str:
    """Where a person goes on: a chat is a page of its own."""
    channel = contacts.get(database.session()(), contact_id=contact_id).channel
    return url_for("citizen.chat_talk" if channel == Channel.CHAT else "citizen.progress", reference=reference)


def sign_in_form(sent: dict[str, str], message: str) -> SignIn:
    """The two boxes, with what was typed and what is wrong with it."""
    form = SignIn(data=sent)
    form.reference.label.text = gettext("Your reference")
    form.words.label.text = gettext("Your four words")
    form.reference.errors = [message] if message else []
    return form


def _sign_in_page(sent: dict[str, str], message: str) -> ResponseReturnValue:
    return render_template(
        "citizen/progress_sign_in.html",
        form=sign_in_form(sent, message),
        errors=[{"text": message, "href": "#reference"}] if message else [],
        reference_hint=gettext("For example K7R-D4M-X2P. Spaces, dashes and small letters do not matter."),
    )


@room.get("/progress/<reference>")
@proven
def progress(reference: str) -> ResponseReturnValue:
    """The report as its reporter may see it; an application has a page of its own."""
    if contacts.get(database.session()(), contact_id=proven_id(reference)).desk == Desk.LICENSING:
        sent = "message" if request.args.get("sent") else None
        return redirect(url_for("citizen.application", reference=reference, sent=sent))
    notice = gettext("Your message is sent.") if request.args.get("sent") else ""
    return progress_page(reference, notice=notice)


def progress_page(
    reference: str, *, body: str = "", errors: list[str] | None = None, notice: str = "", word_error: str = ""
) -> ResponseReturnValue:
    """The page, with what was typed where something was wrong with it. A sensitive one says only that we have it."""
    session, contact_id = database.session()(), proven_id(reference)
    report = reports.read(session, contact_id=contact_id, safe_word_given=_word_given(reference))
    wear(report.force_id)
    if report.sensitive:
        show_exit()
    form = MessageForm(data={"body": body})
    form.body.label.text = gettext("Send us a message")
    form.body.errors = list(errors or [])
    word_form = SafeWordForm()
    word_form.safe_word.label.text = gettext("Your safe word")
    word_form.safe_word.errors = [word_error] if word_error else []
    listed = [{"text": text, "href": "#body"} for text in errors or []]
    listed += [{"text": word_error, "href": "#safe_word"}] if word_error else []
    if report.desk is Desk.LICENSING and not report.waits_for_safe_word:
        return application_page(report, form=form, errors=listed, notice=notice)
    return render_template(
        "citizen/progress.html",
        reference=report.reference,
        key=str(new_id()),
        form=form,
        unlock_form=word_form,
        errors=listed,
        notice=notice,
        **_shown(report),
    )


def _shown(report: Progress) -> dict[str, Any]:
    """What the page may show: nothing of the matter until the safe word is given (practice 5)."""
    if report.waits_for_safe_word:
        return {"open": False, "timeline": [], "messages": [], "state": ""}
    thread = conversations.citizen_thread(database.session()(), contact_id=report.contact_id)
    return {
        "open": True,
        "timeline": timeline(report),
        "messages": said(thread),
        "state": state_in_words(report),
    }


def opened_report(reference: str) -> Progress:
    """The proven report, for pages that hang on it. Raises NotProven while it waits for the safe word (practice 5)."""
    report = reports.read(database.session()(), contact_id=proven_id(reference), safe_word_given=_word_given(reference))
    if report.waits_for_safe_word:
        raise NotProven(what="safe_word")
    return report


def waits_for_safe_word(contact: Contact) -> bool:
    """Whether a sensitive contact says only that it is there, until the agreed word is given (practice 5)."""
    agreed = bool(str(contact.safe_contact.get("safe_word") or ""))
    return contact.sensitive and agreed and not _word_given(contact.reference)


def began_here(reference: str) -> None:
    """This browser said it all itself: a safe word agreed on later is not asked of it in this visit."""
    web_session().lock()
    web_session()[_UNLOCKED] = [*web_session().get(_UNLOCKED, []), reference][-20:]


def _word_given(reference: str) -> bool:
    return reference in web_session().get(_UNLOCKED, [])


@room.post("/progress/<reference>/safe-word")
@proven
def unlock(reference: str) -> ResponseReturnValue:
    """Give the safe word; tries are counted, also the wrong ones."""
    commit_anyway()
    right = reports.check_safe_word(
        database.session()(),
        contact_id=proven_id(reference),
        word=request.form.get("safe_word", ""),
        keys=keys(),
        now=clock.utcnow(),
    )
    if not right:
        return progress_page(reference, word_error=gettext("That is not the word you gave us"))
    web_session()[_UNLOCKED] = [*web_session().get(_UNLOCKED, []), reference][-20:]
    return redirect(_home_of(reference, proven_id(reference)), 303)


@room.get("/progress/<reference>/stop")
@proven
def stop_access(reference: str) -> ResponseReturnValue:
    """What it does and what it does not, before it is done."""
    _dress(reference)
    return render_template("citizen/stop_access.html", reference=reference)


@room.post("/progress/<reference>/stop")
@proven
def stop_access_now(reference: str) -> ResponseReturnValue:
    """End every link and code at once; the report is not touched (practice 5)."""
    _dress(reference)
    reports.stop_access(database.session()(), contact_id=proven_id(reference), now=clock.utcnow())
    forget_contact(reference)
    return render_template("citizen/access_stopped.html")


def _dress(reference: str) -> None:
    report = reports.read(database.session()(), contact_id=proven_id(reference))
    wear(report.force_id)
    if report.sensitive:
        show_exit()

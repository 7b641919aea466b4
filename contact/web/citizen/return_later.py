"""Save now, come back on any device by four words or a link; nobody needs an email address for it (practice 13)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import Form, StringField

from contact.domain.errors import DraftExpired, NotFound
from contact.services import drafts
from contact.services.drafts import DraftView
from contact.services.keys import Keys
from contact.web.citizen.blueprint import room, settings
from contact.web.citizen.journey import dress, go_on_url, opened
from contact.web.citizen.typed import typed
from contact.web.citizen.wording import told_day
from contact.web.shared import clock, database
from contact.web.shared.access import proven, public
from contact.web.shared.language import gettext
from contact.web.shared.limits import limit
from contact.web.shared.proofs import has_proven_draft, prove_draft
from contact.web.shared.request_actor import act_for_draft
from forms.validation.words import read_email


def saved_page(draft: DraftView, page_id: str | None) -> ResponseReturnValue:
    """Make the four words and the link and show them, this once. Called by the pages that have a `Save` button."""
    now = clock.utcnow()
    ways = drafts.make_ways_back(database.session()(), draft_id=draft.id, keys=Keys.from_settings(settings()), now=now)
    dress(draft)
    return render_template(
        "citizen/saved.html",
        words=ways.words.replace("-", " "),
        link=f"{settings().public_url}{url_for('citizen.saved_link', ticket=ways.ticket)}",
        until=told_day(now + drafts.kept_for(draft.form)),
        on_url=go_on_url(draft, page_id),
        mail_url=url_for("citizen.mail_link", form_id=draft.form.id, draft_id=draft.id),
        sensitive=draft.form.sensitive,
    )


class ReturnForm(Form):
    """Four words."""

    words = StringField(widget=GovTextInput())


class LinkForm(Form):
    """Where the link may go."""

    email = StringField(widget=GovTextInput())


@room.get("/return")
@public
def resume() -> ResponseReturnValue:
    """Ask for the four words."""
    return _page("", [])


@room.post("/return")
@public
def resume_send() -> ResponseReturnValue:
    """Open the draft that the words belong to; the same answer for wrong, old and none."""
    limit("return", at_most=20, window=timedelta(hours=1))
    words = typed("words", 200)
    try:
        draft = drafts.resume(database.session()(), code=words, keys=Keys.from_settings(settings()), now=clock.utcnow())
    except DraftExpired:
        draft = None
    if draft is None or draft.contact_id is not None:
        return _page(words, [gettext("Those words do not open a saved report. Check them, or start again")])
    prove_draft(draft.id, new_id=True)
    act_for_draft(draft.id)
    return redirect(go_on_url(draft, None), 303)


@room.get("/return/<ticket>")
@public
def saved_link(ticket: str) -> ResponseReturnValue:
    """Ask whether to open it: looking at a link, as mail filters do, proves nothing and opens nothing."""
    genuine = Keys.from_settings(settings()).open_return_ticket(ticket)
    return render_template("citizen/return_link.html", from_chat=genuine is not None and genuine.once)


@room.post("/return/<ticket>")
@public
def saved_link_open(ticket: str) -> ResponseReturnValue:
    """Open the draft of the link; the same answer for a forged, an old and a used-up one."""
    limit("return", at_most=20, window=timedelta(hours=1))
    session, keys, now = database.session()(), Keys.from_settings(settings()), clock.utcnow()
    genuine = keys.open_return_ticket(ticket)
    try:
        if genuine is not None and genuine.once and has_proven_draft(genuine.draft_id):  # its button pressed again
            act_for_draft(genuine.draft_id)
            draft: DraftView | None = drafts.open_draft(session, draft_id=genuine.draft_id, now=now)
        else:
            draft = drafts.resume_by_link(session, ticket=ticket, keys=keys, now=now)
    except (DraftExpired, NotFound):
        draft = None
    if draft is None or draft.contact_id is not None:
        return _page(
            "", [gettext("That link does not open a saved report any more. Enter the four words, or start again")]
        )
    prove_draft(draft.id, new_id=True)
    act_for_draft(draft.id)
    return redirect(go_on_url(draft, None), 303)


_MAIL = "/report/<form_id>/<uuid:draft_id>/link"


@room.get(_MAIL)
@proven
def mail_link(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """Ask where the link may go."""
    return _mail_page(opened(form_id, draft_id), "", "")


@room.post(_MAIL)
@proven
def mail_link_send(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """Send the link to an address that the person says only they can read."""
    limit("link", at_most=10, window=timedelta(hours=1))
    draft, address = opened(form_id, draft_id), typed("email", 254)
    if not address:
        return _mail_page(draft, "", gettext("Enter an email address that is safe to use"))
    read = read_email(address)
    if read is None:
        return _mail_page(draft, address, gettext("Enter an email address with an @ in it, like name@example.org"))
    try:
        drafts.mail_link(database.session()(), draft_id=draft.id, address=read, now=clock.utcnow())
    except NotFound:
        return redirect(go_on_url(draft, None), 303)
    return render_template("citizen/link_sent.html", on_url=go_on_url(draft, None))


def _mail_page(draft: DraftView, address: str, error: str) -> ResponseReturnValue:
    form = LinkForm(data={"email": address})
    form.email.label.text = gettext("Your email address")
    form.email.errors = [error] if error else []
    return render_template(
        "citizen/mail_link.html",
        form=form,
        errors=[{"text": error, "href": "#email"}] if error else [],
        back_url=go_on_url(draft, None),
        sensitive=draft.form.sensitive,
    )


def _page(words: str, errors: list[str]) -> ResponseReturnValue:
    form = ReturnForm(data={"words": words})
    form.words.label.text = gettext("Your four words")
    form.words.errors = errors
    listed = [{"text": message, "href": "#words"} for message in errors]
    return render_template("citizen/return.html", form=form, errors=listed)

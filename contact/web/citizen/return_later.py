"""Save now and come back on any device by four words; nobody needs an email address for it (practice 13)."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import Form, StringField

from contact.domain.errors import DraftExpired
from contact.services import drafts
from contact.services.drafts import DraftView
from contact.services.keys import Keys
from contact.web.citizen.blueprint import room, settings, wear
from contact.web.citizen.journey import go_on_url
from contact.web.citizen.typed import typed
from contact.web.citizen.wording import told_day
from contact.web.shared import clock, database
from contact.web.shared.access import public
from contact.web.shared.frame import show_exit
from contact.web.shared.language import gettext
from contact.web.shared.limits import limit
from contact.web.shared.proofs import prove_draft
from contact.web.shared.request_actor import act_for_draft


def saved_page(draft: DraftView, page_id: str | None) -> ResponseReturnValue:
    """Make the four words and show them, this once. Called by the pages that have a `Save` button."""
    now = clock.utcnow()
    words = drafts.make_return_code(
        database.session()(), draft_id=draft.id, keys=Keys.from_settings(settings()), now=now
    )
    if draft.form.sensitive:
        show_exit()
    wear(draft.force_id)
    return render_template(
        "citizen/saved.html",
        words=words.replace("-", " "),
        until=told_day(now + drafts.KEPT_FOR),
        on_url=go_on_url(draft, page_id),
    )


class ReturnForm(Form):
    """Four words."""

    words = StringField(widget=GovTextInput())


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
    prove_draft(draft.id)
    act_for_draft(draft.id)
    return redirect(go_on_url(draft, None), 303)


def _page(words: str, errors: list[str]) -> ResponseReturnValue:
    form = ReturnForm(data={"words": words})
    form.words.label.text = gettext("Your four words")
    form.words.errors = errors
    listed = [{"text": message, "href": "#words"} for message in errors]
    return render_template("citizen/return.html", form=form, errors=listed)

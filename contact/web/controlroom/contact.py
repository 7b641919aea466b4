"""The contact page: what was said on the left, what there is to do on the right; and the part that refreshes itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import NotFound
from contact.services import conversations, own_name
from contact.web.controlroom.blueprint import room
from contact.web.controlroom.caller import words_to_read_out
from contact.web.controlroom.choices import justifications, people_to_name
from contact.web.controlroom.contact_page import Typed, context, live_context
from contact.web.controlroom.forms import Form, OpenForm
from contact.web.controlroom.opening import justify, open_contact, still_theirs
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent
from contact.web.shared.transaction import commit_anyway


@room.get("/contacts/<uuid:contact_id>")
@requires(Permission.SEE_QUEUE)
def contact(contact_id: UUID) -> ResponseReturnValue:
    """One contact, or the question why, where no work of the agent's leads there."""
    try:
        justified = open_contact(contact_id)
    except NotFound:
        if not own_name.is_held(database.session()(), contact_id=contact_id, agent_id=current_agent().id):
            raise
        return render_template("controlroom/own_name.html", contact_id=contact_id), 403
    if not justified:
        return render_template("controlroom/why_open.html", contact_id=contact_id, reasons=justifications(), error="")
    return page(contact_id, done=request.args.get("done", ""))


def page(contact_id: UUID, *, typed: Typed | None = None, done: str = "", **more: Any) -> str:  # noqa: ANN401 - as context
    """The page in words; `typed` is the form that could not be taken, `more` what is shown this once."""
    shown = {**context(contact_id, typed=typed, done=done), **more}
    shown["access_words"] = words_to_read_out(shown["view"], done, shown["now"])
    people = people_to_name(shown["view"]) if shown["can_restrict"] else []
    return render_template("controlroom/contact.html", people=people, **shown)


def shown_again(contact_id: UUID, name: str, form: Form) -> ResponseReturnValue:
    """The page with a form that could not be taken: nothing typed is lost, and nothing was changed."""
    database.session().rollback()
    open_contact(contact_id)
    commit_anyway()
    typed = Typed(name, request.form.to_dict(), request.form.getlist("flags"), form.first_errors())
    return page(contact_id, typed=typed), 400


def back(contact_id: UUID, done: str, *, anchor: str | None = None) -> ResponseReturnValue:
    """To the page after a form was taken (post, redirect, get)."""
    return redirect(url_for("controlroom.contact", contact_id=contact_id, done=done, _anchor=anchor), 303)


@room.get("/contacts/<uuid:contact_id>/thread")
@requires(Permission.SEE_QUEUE, background=True)
def thread(contact_id: UUID) -> ResponseReturnValue:
    """The part that refreshes itself; seen again is written down like seen at first."""
    if not open_contact(contact_id, kind="thread"):
        return "", 204
    shown = live_context(contact_id)
    parts = ("controlroom/_live.html", "controlroom/_live_beside.html")
    return "".join(render_template(each, **shown) for each in parts)


@room.post("/contacts/<uuid:contact_id>/open")
@requires(Permission.SEE_QUEUE)
def give_reason(contact_id: UUID) -> ResponseReturnValue:
    """Why the agent opens what no work of theirs leads to."""
    still_theirs(contact_id)
    form = OpenForm()
    if not form.validate():
        error = form.first_errors().get("justification", "")
        known = {"contact_id": contact_id, "reasons": justifications(), "error": error}
        return render_template("controlroom/why_open.html", **known), 400
    justify(contact_id, form.justification.data)
    return redirect(url_for("controlroom.contact", contact_id=contact_id), 303)


@room.post("/contacts/<uuid:contact_id>/give-back")
@requires(Permission.WORK_CONTACTS)
def give_back(contact_id: UUID) -> ResponseReturnValue:
    """Out of the hands of an agent whose own name it carries."""
    own_name.give_back(database.session()(), contact_id=contact_id, agent_id=current_agent().id, now=clock.utcnow())
    return redirect(url_for("controlroom.queue", let_go=1), 303)


@room.post("/contacts/<uuid:contact_id>/look")
@requires(Permission.WORK_CONTACTS)
def look(contact_id: UUID) -> ResponseReturnValue:
    """A person has read all that was said: the look-by clock stops, and the thread may say so (practice 2)."""
    now = still_theirs(contact_id)
    conversations.look(database.session()(), contact_id=contact_id, now=now)
    return back(contact_id, "looked")

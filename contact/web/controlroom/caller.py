"""Opening a contact for somebody who rings, comes to the counter or writes: one short page, in the order of a call."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.validators import InputRequired, Length

import forms
from contact.domain.access import Permission, may
from contact.domain.events import Event
from contact.domain.reference import spell
from contact.domain.taxonomy import Category, Channel, Grade
from contact.services import caller
from contact.services.caller import Told
from contact.services.contact_view import ContactView
from contact.services.keys import Keys
from contact.services.text_ways import e164
from contact.store import forces as known_forces
from contact.store.identifiers import new_id
from contact.web.controlroom.blueprint import room
from contact.web.controlroom.claims import lease_kind
from contact.web.controlroom.contact_page import Typed
from contact.web.controlroom.forms import Form, codes, said, words_field
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent
from contact.web.shared.session import web_session
from forms.validation.places import read_postcode
from forms.validation.words import read_email

NAME, WITH_FORM = "caller", "form"
_OPENED = "opened_for_caller"
WAYS = (
    ("phone", "Telephone"),
    ("text", "Text message"),
    ("email", "Email"),
    ("post", "Letter"),
    ("none", "Do not contact them"),
)
CHANNELS = (
    (Channel.TELEPHONE.value, "Telephone"),
    (Channel.COUNTER.value, "In person, at the counter"),
    (Channel.LETTER.value, "Letter"),
    (Channel.EMAIL.value, "Email"),
)
ABOUT_POLICE = (("no", "No"), ("yes", "Yes"), ("not_sure", "Not sure"))
_SHORT = Length(max=200, message="It must be 200 characters or fewer")
_MISSING = {
    "phone": "Enter the number that is safe to ring",
    "text": "Enter the mobile number that is safe to text",
    "email": "Enter the email address that is safe to use",
    "post": "Enter the address that is safe to write to",
}
_WRONG = {
    "phone": "Enter a telephone number, like 07700 900123",
    "text": "Enter a mobile number, like 07700 900123",
    "email": "Enter an email address with an @ in it, like name@example.org",
}


def _choice(message: str, values: Iterable[str]) -> SelectField:
    return SelectField(choices=codes(values), validators=[InputRequired(message)])


class WithFormForm(Form):
    """Which form is filled in with them."""

    form = SelectField(validators=[InputRequired("Choose a form")])
    channel = _choice("Choose how they came", (code for code, _ in CHANNELS))
    force = SelectField(validators=[InputRequired("Choose the force")])


class CallerForm(Form):
    """What the agent takes down."""

    safe_how = _choice("Ask how it is safe to reach them, and choose", (code for code, _ in WAYS))
    safe_value = StringField(validators=[_SHORT])
    safe_when = StringField(validators=[_SHORT])
    not_to = StringField(validators=[_SHORT])
    what = words_field("Write what they tell you, in their own words")
    postcode = StringField(validators=[_SHORT])
    given_name = StringField(validators=[_SHORT])
    surname = StringField(validators=[_SHORT])
    phone = StringField(validators=[_SHORT])
    channel = _choice("Choose how they came", (code for code, _ in CHANNELS))
    category = _choice("Choose a category", (each.value for each in Category))
    grade = _choice("Choose a grade", (each.value for each in Grade))
    force = SelectField(validators=[InputRequired("Choose the force")])
    about_police = _choice(
        "Ask whether it is about somebody who works for the police", (code for code, _ in ABOUT_POLICE)
    )
    unnamed = BooleanField()
    ticket = StringField(validators=[InputRequired()])

    def also_wrong(self) -> dict[str, str]:
        """What only several boxes together tell."""
        found = {}
        how, value = said(self.safe_how), said(self.safe_value).strip()
        if how != "none" and not value:
            found["safe_value"] = _MISSING[how]
        elif how in _WRONG and not (read_email(value) if how == "email" else e164(value)):
            found["safe_value"] = _WRONG[how]
        if said(self.phone).strip() and e164(said(self.phone)) is None:
            found["phone"] = _WRONG["phone"]
        if read_postcode(said(self.postcode))[0] not in ("", "whole"):
            found["postcode"] = "Enter a full UK postcode, like CB7 4AB, or leave it out"
        return found


@room.get("/new")
@requires(Permission.WORK_CONTACTS)
def new_contact() -> ResponseReturnValue:
    """The empty page; nothing is stored before it is sent."""
    return _page(Typed(), _keys().ticket(new_id()))


@room.post("/new")
@requires(Permission.WORK_CONTACTS)
def open_for_caller() -> ResponseReturnValue:
    """Store it and hold it; sent twice it is one contact. What cannot be taken stays as it was typed."""
    form = CallerForm()
    form.force.choices = codes(code for code, _ in _forces())
    contact_id = _keys().open_ticket(request.form.get("ticket", ""))
    errors = {} if form.validate() else form.first_errors()
    if not errors:
        errors = form.also_wrong()
    if errors or contact_id is None:
        return _page(Typed(NAME, request.form.to_dict(), (), errors), _ticket(contact_id)), 400
    orm, agent, now = database.session()(), current_agent().actor, clock.utcnow()
    force_id = said(form.force)
    opened = caller.open_for(
        orm, contact_id=contact_id, force_id=force_id, told=_told(form), agent=agent,
        kind=lease_kind(), keys=_keys(), now=now,
    )  # fmt: skip
    if not opened.theirs:
        return render_template("controlroom/caller_restricted.html", opened=opened, spoken=spell(opened.reference))
    web_session()[_OPENED] = str(contact_id)
    return redirect(url_for("controlroom.contact", contact_id=contact_id, done="opened"), 303)


@room.post("/new/form")
@requires(Permission.WORK_CONTACTS)
def form_for_caller() -> ResponseReturnValue:
    """Begin the very form that the public has; the agent goes through it with the caller (practice 22)."""
    asked = WithFormForm()
    asked.force.choices = codes(code for code, _ in _forces())
    asked.form.choices = codes(code for code, _ in _served())
    if not asked.validate():
        typed = Typed(WITH_FORM, request.form.to_dict(), (), asked.first_errors())
        return _page(typed, _keys().ticket(new_id())), 400
    ticket = caller.begin_form(
        database.session()(),
        form_id=said(asked.form),
        force_id=said(asked.force),
        channel=Channel(asked.channel.data),
        agent=current_agent().actor,
        keys=_keys(),
        now=clock.utcnow(),
    )
    return redirect(url_for("citizen.saved_link", ticket=ticket), 303)


def words_to_read_out(view: ContactView, done: str, now: datetime) -> str:
    """The four words that open the person's page: once, to the agent who has just opened the contact; else nothing."""
    contact = view.contact
    if done != "opened" or web_session().get(_OPENED) != str(contact.id):
        return ""
    if any(each.name == Event.ACCESS_WORDS_SHOWN for each in view.history):
        return ""
    caller.note_shown(database.session()(), contact_id=contact.id, force_id=contact.force_id, now=now)
    return _keys().access_words(contact.id).replace("-", " ")


def _told(form: CallerForm) -> Told:
    def short(field: Field) -> str:
        return said(field).strip()

    how = short(form.safe_how)
    value = e164(short(form.safe_value)) or "" if how in ("phone", "text") else short(form.safe_value)
    return Told(
        channel=Channel(form.channel.data),
        what=said(form.what),
        category=Category(form.category.data),
        grade=Grade(form.grade.data),
        safe_how=how,
        safe_value="" if how == "none" else value,
        safe_when=short(form.safe_when),
        not_to=short(form.not_to),
        given_name=short(form.given_name),
        surname=short(form.surname),
        phone=short(form.phone),
        postcode=read_postcode(short(form.postcode))[1],
        restricted=short(form.about_police) != "no",
        unnamed=bool(form.unnamed.data),
    )


def _page(typed: Typed, ticket: str) -> str:
    return render_template(
        "controlroom/caller.html",
        typed=typed,
        ticket=ticket,
        forces=_forces(),
        served=_served(),
        channels=CHANNELS,
        ways=WAYS,
        about_police=ABOUT_POLICE,
        categories=[(each.value, each.label) for each in Category],
        grades=[(each.value, each.label) for each in Grade],
    )


def _forces() -> list[tuple[str, str]]:
    """The forces this agent works for."""
    actor, session = current_agent().actor, database.session()()
    return [
        (each.id, each.name) for each in known_forces.list_all(session) if may(actor, Permission.WORK_CONTACTS, each.id)
    ]


def _served() -> list[tuple[str, str]]:
    """Every form that the public has, by its title; a licence is applied for by the applicant."""
    found = (forms.compile_for(each, None).form for each in forms.form_ids())
    titles = [(each.id, each.title.in_("en")) for each in found if each.desk is not forms.Desk.LICENSING]
    return sorted(titles, key=lambda each: each[1].casefold())


def _ticket(contact_id: object) -> str:
    return request.form.get("ticket", "") if contact_id is not None else _keys().ticket(new_id())


def _keys() -> Keys:
    settings: Any = current_app.config["CONTACT_SETTINGS"]
    return Keys.from_settings(settings)

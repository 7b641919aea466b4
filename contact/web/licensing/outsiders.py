"""What an officer does about referees, the doctor's report and the fee; each act is a person's (practice 25)."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from uuid import UUID

from flask import current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from contact.domain.access import Permission
from contact.domain.errors import MoveNotAllowed, NotFound, ReasonNeeded
from contact.domain.licensing.outsiders import GmcStanding, Role
from contact.services.keys import Keys
from contact.services.licensing import file as files
from contact.services.licensing import medical, referees
from contact.services.payments import standing, telling
from contact.services.payments.standing import OtherWay
from contact.services.typed import typed_words
from contact.store import contacts
from contact.web.licensing.application import ONE, back, page, shown_again
from contact.web.licensing.application_page import Typed
from contact.web.licensing.blueprint import room
from contact.web.licensing.opening import still_theirs
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent


def _keys() -> Keys:
    return Keys.from_settings(current_app.config["CONTACT_SETTINGS"])


@room.post(f"{ONE}/referees/<uuid:referee_id>/spoken")
@requires(Permission.LICENSING)
def referee_spoken(contact_id: UUID, referee_id: UUID) -> ResponseReturnValue:
    """An officer spoke to the referee, as they must to each."""
    now, orm = _of_this(contact_id, referee_id)
    try:
        note = typed_words(request.form.get("note", ""), "note")
    except ReasonNeeded:
        return shown_again(contact_id, f"spoken-{referee_id}", note="Write what they said")
    referees.note_spoken(orm, referee_id=referee_id, actor=current_agent().actor, note=note, now=now)
    return back(contact_id, "spoken", anchor="referees")


@room.post(f"{ONE}/referees/<uuid:referee_id>/ask")
@requires(Permission.LICENSING)
def referee_ask(contact_id: UUID, referee_id: UUID) -> ResponseReturnValue:
    """Send a new link; the former one ends."""
    now, orm = _of_this(contact_id, referee_id)
    referees.ask_again(orm, referee_id=referee_id, actor=current_agent().actor, keys=_keys(), now=now)
    return back(contact_id, "referee_asked", anchor="referees")


@room.post(f"{ONE}/referees/<uuid:referee_id>/words")
@requires(Permission.LICENSING)
def referee_words(contact_id: UUID, referee_id: UUID) -> ResponseReturnValue:
    """New words for the referee's page, shown this once; they stand in no address and on no page that is read again."""
    now, orm = _of_this(contact_id, referee_id)
    code = referees.code_to_read_out(orm, referee_id=referee_id, actor=current_agent().actor, keys=_keys(), now=now)
    return page(contact_id, typed=Typed(f"words-{referee_id}", {"words": code.replace("-", " ")}))


def _of_this(contact_id: UUID, referee_id: UUID) -> tuple[dt.datetime, Session]:
    """The time, and the session, where the referee or parent is one of this application. Raises NotFound."""
    now, orm = still_theirs(contact_id), database.session()()
    theirs = [each for role in Role for each in referees.list_for_officer(orm, contact_id=contact_id, role=role)]
    if not any(each.id == referee_id for each in theirs):
        raise NotFound(kind="referee", key=str(referee_id))
    return now, orm


@room.post(f"{ONE}/practice")
@requires(Permission.LICENSING)
def ask_practice(contact_id: UUID) -> ResponseReturnValue:
    """A link for the practice, to an address that the officer found independently of the applicant."""
    now, orm = still_theirs(contact_id), database.session()()
    given = {
        name: " ".join(request.form.get(name, "").split())[:200] for name in ("practice", "address", "found_where")
    }
    errors = {
        name: said
        for name, said in {
            "practice": "Enter the practice's name",
            "address": "Enter the practice's email address",
            "found_where": "Write where you found the address",
        }.items()
        if not given[name] or (name == "address" and "@" not in given[name])
    }
    if errors:
        return shown_again(contact_id, "practice", **errors)
    born: dt.date | None = None
    with suppress(ValueError):
        answers = files.load(orm, contact_id=contact_id, agent_id=current_agent().id).answers
        born = dt.date.fromisoformat(str(answers.get("dateOfBirth") or ""))
    try:
        medical.ask_practice(
            orm, contact_id=contact_id, practice=given["practice"], address=given["address"],
            found_where=given["found_where"], born=born, actor=current_agent().actor, keys=_keys(), now=now,
        )  # fmt: skip
    except ReasonNeeded:
        theirs = "That is the applicant's own address, or a referee's. Find the practice's"
        return shown_again(contact_id, "practice", address=theirs)
    return back(contact_id, "practice_asked", anchor="medical")


@room.post(f"{ONE}/practice/<uuid:request_id>/gmc")
@requires(Permission.LICENSING)
def gmc_check(contact_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """What the officer found under the doctor's number."""
    now, orm, code = still_theirs(contact_id), database.session()(), request.form.get("standing", "")
    if not any(each.id == request_id for each in medical.for_officer(orm, contact_id=contact_id).requests):
        raise NotFound(kind="request", key=str(request_id))
    if code not in set(GmcStanding):
        return shown_again(contact_id, f"gmc-{request_id}", standing="Choose what you found")
    medical.note_gmc_check(orm, request_id=request_id, actor=current_agent().actor, standing=GmcStanding(code), now=now)
    return back(contact_id, "gmc", anchor="medical")


@room.post(f"{ONE}/fee")
@requires(Permission.LICENSING)
def ask_for_fee(contact_id: UUID) -> ResponseReturnValue:
    """Ask for the fee now; what is paid before the grant is held as owed back (practice 28)."""
    now, orm = still_theirs(contact_id), database.session()()
    try:
        standing.request(orm, contact_id=contact_id, now=now)
    except MoveNotAllowed:
        database.session().rollback()
        return back(contact_id, "no_fee")
    return back(contact_id, f"fee_{telling.way(contacts.get(orm, contact_id=contact_id))}")


@room.post(f"{ONE}/fee/paid")
@requires(Permission.LICENSING)
def fee_paid_another_way(contact_id: UUID) -> ResponseReturnValue:
    """The fee came by cheque, counter, transfer or telephone; before the grant it too is held as owed back."""
    now, how = still_theirs(contact_id), request.form.get("how", "")
    if how not in set(OtherWay):
        return shown_again(contact_id, "paid", how="Choose how it was paid")
    standing.paid_another_way(
        database.session()(), contact_id=contact_id, actor=current_agent().actor, how=OtherWay(how), now=now
    )
    return back(contact_id, "paid_otherwise", anchor="fee")

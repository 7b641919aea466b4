"""The page of one certificate, and what an officer records about it and its guns after the grant (practice 29)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import MoveNotAllowed, NotFound, ReasonNeeded
from contact.domain.licensing import gun_states
from contact.domain.licensing.certificate_states import NFLMS_FIRST, CertificateEvent, CertificateState
from contact.domain.licensing.decisions import NflmsNeeded
from contact.domain.licensing.gun_states import Custody, GunEvent, GunState
from contact.domain.licensing.letter_kinds import LetterKind, Way, appeal_until
from contact.domain.licensing.renewal_clock import NoticeKind
from contact.services.keys import Keys
from contact.services.licensing import certificates as register
from contact.services.licensing import guns, losses, reviews
from contact.services.licensing.certificates import CertificateView
from contact.services.licensing.reviews import Decision
from contact.store import certificates, forces, licensing_reviews, triage
from contact.store.application_certificates import About
from contact.store.certificates import Firearm
from contact.web.licensing import certificate_words as words
from contact.web.licensing import words as application_words
from contact.web.licensing.application_page import Typed
from contact.web.licensing.blueprint import room
from contact.web.licensing.certificate_opening import justification, theirs, why
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent
from contact.web.shared.transaction import commit_anyway
from forms.phone import national_format

ONE = "/certificates/<uuid:certificate_id>"
_LONGEST_REFERENCE = 200
_EARLIEST, _LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_DONE = {
    "recorded": "Recorded.",
    "decided": "Review decided.",
    "conditions": "Conditions written.",
    "corrected": "Written down. Its history says what was changed.",
}
_NEEDED = {
    "custody": ("custody_with", "Say who has the gun, and where"),
    "assessment": ("assessment", "Write the fresh risk assessment"),
    "until": ("until", "Enter the permit's last day, after today"),
    "words": ("words", "Write the reasons that the holder reads in the letter"),
    "to_force": ("to_force", "Choose the force they moved to"),
    "serial": ("serial", "Enter its serial number, or: none"),
    "type": ("type", "Say what kind of gun it is"),
    "calibre": ("calibre", "Enter the calibre or bore"),
    "surname": ("surname", "Enter the last name"),
    "address": ("address", "Enter the address"),
    "postcode": ("postcode", "Enter a postcode, such as CB23 6DW"),
    "phone": ("phone", "Enter a telephone number, or nothing"),
    "email": ("email", "Enter an email address, or nothing"),
    "reach": ("reach", "Choose how to write to them"),
    "born": ("born", "The date of birth must be in the past"),
    "day:born": ("born", "Enter a date of birth that can be, or nothing"),
    "day:nflms_on": ("nflms_on", "Enter the NFLMS date as a day that can be"),
    "day:until": ("until", "Enter the permit's last day as a day that can be"),
}
_NFLMS = {
    "empty": "Enter the number and the date that stand in NFLMS",
    "shape": "Enter a number as NFLMS has it",
    "future": "The date must not be after today",
}


@room.get(ONE)
@requires(Permission.LICENSING)
def certificate(certificate_id: UUID) -> ResponseReturnValue:
    """One certificate; that it was opened is written down."""
    return _page(certificate_id, done=_DONE.get(request.args.get("done", ""), ""))


@room.post(f"{ONE}/state")
@requires(Permission.LICENSING)
def certificate_state(certificate_id: UUID) -> ResponseReturnValue:
    """What an officer decided about the certificate."""
    code = request.form.get("event", "")
    if code not in {each.value for each in register.BY_OFFICER}:
        return _again(certificate_id, "state", event="Choose what happened")

    def record(now: dt.datetime) -> None:
        register.change_state(
            database.session()(),
            certificate_id=certificate_id,
            event=CertificateEvent(code),
            actor=current_agent().actor,
            reason=request.form.get("reason", ""),
            nflms_number=request.form.get("nflms_number", ""),
            nflms_on=day_typed("nflms_on"),
            until=day_typed("until"),
            words=request.form.get("words", ""),
            to_force=request.form.get("to_force", ""),
            now=now,
        )

    return taken(certificate_id, "state", record, done="recorded")


@room.post(f"{ONE}/conditions")
@requires(Permission.LICENSING)
def certificate_conditions(certificate_id: UUID) -> ResponseReturnValue:
    """The conditions, written anew."""

    def record(now: dt.datetime) -> None:
        register.set_conditions(
            database.session()(),
            certificate_id=certificate_id,
            conditions=request.form.get("conditions", "").splitlines(),
            actor=current_agent().actor,
            reason=request.form.get("reason", ""),
            now=now,
        )

    return taken(certificate_id, "conditions", record, done="conditions")


@room.post(f"{ONE}/guns/<uuid:firearm_id>")
@requires(Permission.LICENSING)
def certificate_gun(certificate_id: UUID, firearm_id: UUID) -> ResponseReturnValue:
    """What became of one gun."""
    theirs(certificate_id)
    form, code, custody = f"gun-{firearm_id}", request.form.get("event", ""), request.form.get("custody", "")
    if code not in {each.value for each in GunEvent}:
        return _again(certificate_id, form, event="Choose what happened")
    if certificates.get_firearm(database.session()(), firearm_id=firearm_id).certificate_id != certificate_id:
        raise NotFound(kind="firearm", key=str(firearm_id))

    def record(now: dt.datetime) -> None:
        event, reason = GunEvent(code), request.form.get("reason", "")
        if event in losses.LOSSES and reason.strip():
            losses.record(
                database.session()(),
                firearm_id=firearm_id,
                event=event,
                actor=current_agent().actor,
                reason=reason,
                known_as=request.form.get("known_as", "")[:_LONGEST_REFERENCE],
                keys=Keys.from_settings(current_app.config["CONTACT_SETTINGS"]),
                now=now,
            )
            return
        guns.change(
            database.session()(),
            firearm_id=firearm_id,
            event=event,
            actor=current_agent().actor,
            reason=reason,
            custody=Custody(custody) if custody in {each.value for each in Custody} else None,
            custody_with=request.form.get("custody_with", ""),
            assessment=request.form.get("assessment", ""),
            make=request.form.get("make", ""),
            serial=request.form.get("serial", ""),
            now=now,
        )

    return taken(certificate_id, form, record, done="recorded")


@room.post(f"{ONE}/reviews/<uuid:review_id>")
@requires(Permission.LICENSING)
def certificate_review(certificate_id: UUID, review_id: UUID) -> ResponseReturnValue:
    """The decision on a review, with its reasons (practice 9)."""
    theirs(certificate_id)
    if licensing_reviews.get(database.session()(), review_id=review_id).certificate_id != certificate_id:
        raise NotFound(kind="licensing_review", key=str(review_id))
    form, code = f"review-{review_id}", request.form.get("decision", "")
    if code not in {each.value for each in Decision}:
        return _again(certificate_id, form, decision="Choose what came of it")

    def record(now: dt.datetime) -> None:
        reviews.decide(
            database.session()(),
            review_id=review_id,
            decision=Decision(code),
            reasons=request.form.get("reason", ""),
            actor=current_agent().actor,
            now=now,
        )

    return taken(certificate_id, form, record, done="decided")


def taken(certificate_id: UUID, form: str, record: Callable[[dt.datetime], None], *, done: str) -> ResponseReturnValue:
    """Record it and go back to the page; what cannot be taken is shown again with nothing lost."""
    if justification(theirs(certificate_id)) is None:
        return why(certificate_id), 400
    try:
        record(clock.utcnow())
    except ReasonNeeded as needed:
        field, said = _NEEDED.get(needed.what, ("reason", "Write the reason"))
        return _again(certificate_id, form, **{field: said})
    except NflmsNeeded as needed:
        return _again(certificate_id, form, nflms_number=_NFLMS.get(needed.reason, _NFLMS["empty"]))
    except MoveNotAllowed:
        return _again(certificate_id, form, event="That cannot happen to it as it stands now")
    return redirect(url_for("licensing.certificate", certificate_id=certificate_id, done=done), 303)


def _again(certificate_id: UUID, form: str, **errors: str) -> ResponseReturnValue:
    database.session().rollback()
    shown = _page(certificate_id, typed=Typed(form, request.form.to_dict(), {}, errors))
    commit_anyway()
    return shown, 400


def day_typed(name: str) -> dt.date | None:
    """The day that a field holds; None where it is empty. Raises ReasonNeeded where no day can be read from it."""
    written = request.form.get(name, "").strip()
    if not written:
        return None
    try:
        day = dt.date.fromisoformat(written)
    except ValueError:
        raise ReasonNeeded(what=f"day:{name}") from None
    if not _EARLIEST <= day <= _LATEST:
        raise ReasonNeeded(what=f"day:{name}")
    return day


def _page(certificate_id: UUID, *, typed: Typed | None = None, done: str = "") -> str:
    because = justification(theirs(certificate_id))
    if because is None:
        return why(certificate_id)
    orm, now = database.session()(), clock.utcnow()
    view = register.open_page(orm, certificate_id=certificate_id, justification=because, now=now)
    return render_template(
        "licensing/certificate.html",
        view=view,
        certificate=view.certificate,
        kind=words.kind(view.certificate.kind),
        state=CertificateState(view.certificate.state).label,
        day=words.day,
        moves=[(each.value, words.EVENTS[each]) for each in view.moves],
        may_revoke=CertificateEvent.REVOKE in view.moves,
        may_move_away=CertificateEvent.TRANSFER in view.moves,
        nflms_first=[words.EVENTS[each] for each in view.moves if each in NFLMS_FIRST],
        guns=[_gun(each) for each in view.firearms],
        other_forces=[
            (each.id, each.name)
            for each in forces.list_all(orm, territorial_only=True)
            if each.id != view.certificate.force_id
        ],
        custody=[(each.value, said) for each, said in words.CUSTODY.items()],
        decisions=[(each.value, each.label) for each in Decision],
        history=_history(view),
        notices=[(words.NOTICES[NoticeKind(each.kind)], each.made_at) for each in view.notices],
        letters=[_letter(each) for each in view.letters],
        reviews=[(each, words.day) for each in view.reviews],
        about=[_about(each) for each in view.applications],
        reach=list(words.REACH.items()),
        telephone=national_format(view.certificate.phone_e164) if view.certificate.phone_e164 else "",
        typed=typed or Typed(),
        done=done,
        now=now,
    )


def _gun(gun: Firearm) -> dict[str, Any]:
    state = GunState(gun.state)
    moves = [(each.value, words.GUN_EVENTS[each]) for each in GunEvent if (state, each) in gun_states.MOVES]
    custody = words.CUSTODY[Custody(gun.custody)] if gun.custody else ""
    return {
        "row": gun,
        "kind": words.gun(gun.type),
        "state": state.label,
        "moves": moves,
        "custody": custody,
        "form": f"gun-{gun.id}",
        "held": state in (GunState.HELD, GunState.REMOVED),
        "may_be_got": state is GunState.AUTHORISED,
    }


def _about(application: About) -> dict[str, Any]:
    return {
        "href": url_for("licensing.application", contact_id=application.contact_id),
        "words": f"{application.reference}, {application_words.title(application.kind, application.licence)}",
        "state": application_words.state(application.state),
        "at": application.declared_at,
    }


def _history(view: CertificateView) -> list[dict[str, Any]]:
    people = {each.agent_id for each in view.history if each.agent_id}
    names = triage.names_of(database.session()(), agent_ids=people)
    return [
        {
            "at": each.at,
            "what": words.happened(each.event),
            "who": names.get(each.agent_id, "The system") if each.agent_id else "The system",
            "why": each.reason,
            "nflms": f"NFLMS {each.nflms_number}, {words.day(each.nflms_date)}" if each.nflms_number else "",
        }
        for each in view.history
    ]


def _letter(letter: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the store
    kind = LetterKind(letter.kind)
    return {
        "id": letter.id,
        "kind": kind.label,
        "way": words.WAYS[Way(letter.way)],
        "state": letter.state,
        "made_at": letter.made_at,
        "appeal": appeal_until(kind, letter.received_on, letter.facts.get("appeal")),
    }

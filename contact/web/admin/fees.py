"""A force's own fees below Forces: a row is added or ended, and one that holds or held is never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.errors import ReasonNeeded
from contact.domain.licensing.fees import Case, DateRule, national_rows
from contact.domain.licensing.kinds import Kind, Licence
from contact.domain.money import pence_of, to_the_penny
from contact.services.licensing import own_fees
from contact.services.licensing.own_fees import FeeNotPossible, Thing
from contact.store import forces
from contact.store.payment_cases import LicenceFee
from contact.web.admin.blueprint import room
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.filters import london
from contact.web.shared.request_actor import current_actor, current_agent

_FIELDS = ("thing", "pounds", "valid_from", "valid_to", "by_date", "legal_basis")
_LONGEST = 400
_WRONG = {
    ("thing", "unknown"): "Choose what the fee is for",
    ("valid_from", "past"): "The first day must be today or later: a figure held before it, and nobody's fee changes "
    "backwards",
    ("valid_from", "overlap"): "Another row holds on one of these days: end it first, or choose other days",
    ("valid_to", "order"): "The last day must not be before the first",
    ("last_day", "past"): "The last day must be today or later, and of a row that is not over",
    ("last_day", "order"): "The last day must lie between the row's first and last days",
}


@room.get("/forces/<force_id>/fees")
@requires(Permission.ADMINISTER_FORCE)
def force_fees(force_id: str) -> ResponseReturnValue:
    """Its rows, past ones too, and the form that adds one."""
    return _page(force_id, {}, {})


@room.post("/forces/<force_id>/fees")
@requires(Permission.ADMINISTER_FORCE, step_up=True)
def add_force_fee(force_id: str) -> ResponseReturnValue:
    """Add a row from today or later."""
    values = {name: " ".join(request.form.get(name, "").split())[:_LONGEST] for name in _FIELDS}
    nation = forces.get(database.session()(), force_id=force_id).nation
    thing = next((each for each in own_fees.things(nation) if each.code == values["thing"]), None)
    pence, begins, ends = pence_of(values["pounds"]), _day(values["valid_from"]), _day(values["valid_to"])
    wrong: dict[str, str] = {}
    if thing is None:
        wrong["thing"] = _WRONG["thing", "unknown"]
    if pence is None:
        wrong["pounds"] = "Enter a sum in pounds, like 47 or 47.00"
    if begins is None:
        wrong["valid_from"] = "Enter the first day"
    if values["valid_to"] and ends is None:
        wrong["valid_to"] = "Enter the last day, or leave it empty"
    if values["by_date"] not in set(DateRule):
        wrong["by_date"] = "Choose which day picks the fee"
    if not values["legal_basis"]:
        wrong["legal_basis"] = "Enter the law that sets it"
    if wrong or thing is None or pence is None or begins is None:
        return _page(force_id, values, wrong), 400
    try:
        own_fees.add(
            database.session()(),
            actor=current_actor(),
            force_id=force_id,
            thing=thing,
            pence=pence,
            valid_from=begins,
            valid_to=ends,
            legal_basis=values["legal_basis"],
            by_date=DateRule(values["by_date"]),
            entered_by=current_agent().name,
            now=clock.utcnow(),
        )
    except FeeNotPossible as error:
        return _page(force_id, values, {error.field: _WRONG[error.field, error.reason]}), 400
    except ReasonNeeded:
        return _page(force_id, values, {"legal_basis": "Enter the law that sets it"}), 400
    return redirect(url_for("admin.force_fees", force_id=force_id, saved=1), 303)


@room.post("/forces/<force_id>/fees/<uuid:fee_id>/end")
@requires(Permission.ADMINISTER_FORCE, step_up=True)
def end_force_fee(force_id: str, fee_id: UUID) -> ResponseReturnValue:
    """Say which day is its last."""
    name, day = f"end-{fee_id}", _day(request.form.get("last_day", ""))
    if day is None:
        return _page(force_id, {}, {name: "Enter the last day"}), 400
    try:
        own_fees.end(
            database.session()(),
            actor=current_actor(),
            force_id=force_id,
            fee_id=fee_id,
            last_day=day,
            now=clock.utcnow(),
        )
    except FeeNotPossible as error:
        return _page(force_id, {name: day.isoformat()}, {name: _WRONG[error.field, error.reason]}), 400
    return redirect(url_for("admin.force_fees", force_id=force_id, saved=1), 303)


RULES = {
    DateRule.RECEIVED: "The day the application was received",
    DateRule.PAID: "The day it is paid",
}


def day_in_words(day: dt.date) -> str:
    """`1 April 2027`."""
    return f"{day.day} {day:%B %Y}"


def _stands(row: LicenceFee, today: dt.date) -> str:
    if own_fees.is_over(row, today):
        return "Over"
    return "Not yet" if row.valid_from > today else "Holds now"


def _unknown(nation: str, rows: Sequence[LicenceFee], today: dt.date, names: dict[str, str]) -> list[str]:
    """What has no figure today, so that it can be neither sold nor granted."""
    known = {
        Thing(row.licence, row.kind, row.case).code
        for row in national_rows()
        if nation in row.nations and row.pence is not None and row.holds_on(today)
    } | {
        f"{row.licence}:{row.kind}:{row.case_code or ''}"
        for row in rows
        if row.valid_from <= today and not own_fees.is_over(row, today)
    }
    return [words for code, words in names.items() if code not in known]


def _day(typed: str) -> dt.date | None:
    with suppress(ValueError):
        return dt.date.fromisoformat(typed.strip())
    return None


_LICENCES = {
    Licence.FIREARM: "Firearm certificate",
    Licence.SHOTGUN: "Shotgun certificate",
    Licence.COTERMINOUS: "Both certificates with one expiry",
    Licence.AIR_WEAPON: "Air weapon certificate",
    Licence.VISITOR_FIREARM: "Visitor permit for firearms",
    Licence.VISITOR_SHOTGUN: "Visitor permit for shotguns",
    Licence.VISITOR_BOTH: "Visitor permit for firearms and shotguns",
    Licence.DEALER: "Registration of a dealer",
    Licence.NONE: "Without a certificate",
}
_KINDS = {
    Kind.GRANT: "new",
    Kind.CHANGE: "change of name or address",
    Kind.TRANSFER_NOTICE: "notice of transfer",
}
_CASES = {
    Case.BOTH_GRANTS: "both new",
    Case.FIREARM_RENEWAL_SHOTGUN_GRANT: "firearm renewed, shotgun new",
    Case.FIREARM_GRANT_SHOTGUN_RENEWAL: "firearm new, shotgun renewed",
    Case.BOTH_RENEWALS: "both renewed",
    Case.ONE_FOR_ONE: "variation, one gun for one",
    Case.NUMBER_RISES: "variation, more guns",
    Case.WITH_RENEWAL: "variation with a renewal",
    Case.ONE: "up to five visitors",
    Case.GROUP: "six visitors or more",
}


def _named(thing: Thing) -> str:
    """`Shotgun certificate: renewal`, `Firearm certificate: variation, more guns`."""
    if thing.licence is Licence.DEALER:
        return _LICENCES[thing.licence]
    what = _CASES[thing.case] if thing.case else _KINDS.get(thing.kind, thing.kind.value)
    return f"{_LICENCES[thing.licence]}: {what}"


def _page(force_id: str, values: dict[str, str], wrong: dict[str, str]) -> str:
    session, today = database.session()(), london(clock.utcnow()).date()
    rows = own_fees.of_force(session, actor=current_actor(), force_id=force_id)
    force = forces.get(session, force_id=force_id)
    things = own_fees.things(force.nation)
    names = {each.code: _named(each) for each in things}
    return render_template(
        "admin/fees.html",
        force=force,
        rows=[
            {
                "id": row.id,
                "name": names.get(f"{row.licence}:{row.kind}:{row.case_code or ''}", f"{row.licence}: {row.kind}"),
                "sum": to_the_penny(row.pence),
                "from": day_in_words(row.valid_from),
                "to": day_in_words(row.valid_to) if row.valid_to else "no end is known",
                "rule": RULES[DateRule(row.by_date)],
                "stands": _stands(row, today),
                "law": row.legal_basis,
                "by": row.entered_by,
                "may_end": not own_fees.is_over(row, today),
            }
            for row in rows
        ],
        things=list(names.items()),
        rules=[(rule.value, words) for rule, words in RULES.items()],
        unknown=_unknown(force.nation, rows, today, names),
        values=values,
        wrong=wrong,
        errors=[{"text": words, "href": f"#{name}"} for name, words in wrong.items()],
        saved="saved" in request.args and not wrong,
    )

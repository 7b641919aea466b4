"""What an officer writes into the register by hand: a gun, and the holder's particulars; NFLMS has both first."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.services.licensing import correcting
from contact.services.licensing.correcting import Particulars
from contact.services.licensing.guns import Gun
from contact.web.licensing.blueprint import room
from contact.web.licensing.certificate import ONE, day_typed, taken
from contact.web.shared import database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent

_LONGEST = 400


@room.post(f"{ONE}/guns")
@requires(Permission.LICENSING)
def enter_gun(certificate_id: UUID) -> ResponseReturnValue:
    """A gun that is held, or that may be got."""
    gun = Gun(_typed("type"), _typed("action"), _typed("calibre"), _typed("make"), _typed("serial"))

    def record(now: dt.datetime) -> None:
        correcting.enter_gun(
            database.session()(),
            certificate_id=certificate_id,
            gun=gun,
            held=request.form.get("entered") != "allowed",
            actor=current_agent().actor,
            reason=_typed("reason"),
            now=now,
        )

    return taken(certificate_id, "gun", record, done="recorded")


@room.post(f"{ONE}/holder")
@requires(Permission.LICENSING)
def correct_holder(certificate_id: UUID) -> ResponseReturnValue:
    """The holder's particulars, put right."""

    def record(now: dt.datetime) -> None:
        to = Particulars(
            given_name=_typed("given_name"),
            surname=_typed("surname"),
            born=day_typed("born"),
            address=request.form.get("address", "")[:_LONGEST],
            postcode=_typed("postcode"),
            phone=_typed("phone"),
            email=_typed("email"),
            reach=_typed("reach"),
        )
        correcting.correct_holder(
            database.session()(),
            certificate_id=certificate_id,
            to=to,
            actor=current_agent().actor,
            reason=_typed("reason"),
            now=now,
        )

    return taken(certificate_id, "holder", record, done="corrected")


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()[:_LONGEST]

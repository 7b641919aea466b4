"""What one application costs today: worked out here from the fee table, never taken from a browser."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from contact.domain.clocks import LONDON
from contact.domain.licensing.fees import Case, DateRule, Fee, FeeRow, NotForSale, case_of, fee_for
from contact.domain.licensing.kinds import Kind, Licence, Nation
from contact.store import payment_cases
from contact.store.applications import Application
from contact.store.payment_cases import LicenceFee


def price(session: Session, application: Application, *, now: dt.datetime) -> Fee | NotForSale:
    """The fee, by the day of the declaration or today's, as the law of the nation has it."""
    licence, kind, nation = Licence(application.licence), Kind(application.kind), Nation(application.nation)
    case = case_of(
        licence=licence,
        kind=kind,
        shotgun_kind=Kind(application.shotgun_kind) if application.shotgun_kind else None,
        number_rises=application.number_rises,
        group_size=application.group_size,
    )
    own = [_row(fee, nation) for fee in payment_cases.list_own_fees(session, force_id=application.force_id)]
    return fee_for(
        nation=nation,
        licence=licence,
        kind=kind,
        case=case,
        received_on=application.declared_at.astimezone(LONDON).date(),
        paid_on=now.astimezone(LONDON).date(),
        own=own,
    )


def _row(fee: LicenceFee, nation: Nation) -> FeeRow:
    return FeeRow(
        nations=frozenset({nation}),
        licence=Licence(fee.licence),
        kind=Kind(fee.kind),
        case=Case(fee.case_code) if fee.case_code else None,
        pence=fee.pence,
        valid_from=fee.valid_from,
        valid_to=fee.valid_to,
        by_date=DateRule(fee.by_date),
        legal_basis=fee.legal_basis,
        owner=fee.entered_by,
    )

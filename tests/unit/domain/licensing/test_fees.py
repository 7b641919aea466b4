"""Every licence, kind, nation and date around each change, against figures typed here a second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from contact.domain.licensing.fees import (
    Case,
    DateRule,
    Fee,
    FeeRow,
    NotForSale,
    Why,
    case_of,
    fee_for,
    national_rows,
    reviews,
)
from contact.domain.licensing.kinds import Kind, Licence, Nation

CHANGE = date(2025, 2, 5)
DAY = timedelta(days=1)
AROUND = (date(2024, 6, 1), CHANGE - DAY, CHANGE, CHANGE + DAY, date(2027, 1, 1))
L, K, C = Licence, Kind, Case

CHANGED: dict[tuple[Licence, Kind, Case | None], tuple[int | None, int]] = {
    (L.FIREARM, K.GRANT, None): (88_00, 198_00),
    (L.FIREARM, K.RENEWAL, None): (62_00, 131_00),
    (L.SHOTGUN, K.GRANT, None): (79_50, 194_00),
    (L.SHOTGUN, K.RENEWAL, None): (49_00, 126_00),
    (L.COTERMINOUS, K.GRANT, C.BOTH_GRANTS): (90_00, 202_00),
    (L.COTERMINOUS, K.GRANT, C.FIREARM_RENEWAL_SHOTGUN_GRANT): (None, 202_00),
    (L.COTERMINOUS, K.GRANT, C.FIREARM_GRANT_SHOTGUN_RENEWAL): (None, 202_00),
    (L.COTERMINOUS, K.RENEWAL, C.BOTH_RENEWALS): (65_00, 155_00),
}
"""Great Britain: the figure before 5 February 2025, and from then on."""
FREE = {
    (L.FIREARM, K.VARIATION, C.ONE_FOR_ONE),
    (L.FIREARM, K.VARIATION, C.WITH_RENEWAL),
    *((licence, kind, None) for kind in (K.CHANGE, K.SURRENDER) for licence in (L.FIREARM, L.SHOTGUN, L.COTERMINOUS)),
    *((L.NONE, kind, None) for kind in (K.CHANGE, K.SURRENDER, K.TRANSFER_NOTICE)),
}
NORTHERN_IRELAND = {
    (L.FIREARM, K.GRANT, None): 98_00,
    (L.FIREARM, K.VARIATION, C.NUMBER_RISES): 30_00,
    (L.FIREARM, K.REPLACEMENT, None): 14_00,
    (L.VISITOR_FIREARM, K.VISITOR_PERMIT, C.ONE): 16_00,
    (L.DEALER, K.DEALER, None): 300_00,
}


def _wanted(
    nation: Nation, licence: Licence, kind: Kind, case: Case | None, received: date, paid: date
) -> tuple[int | None, date]:
    """The figure, or None where nothing may be sold; and the day that picks it."""
    on = paid if nation is Nation.SCOTLAND and kind is Kind.RENEWAL else received
    key = (licence, kind, case)
    if nation is Nation.NORTHERN_IRELAND:
        return NORTHERN_IRELAND.get(key), on
    if key in FREE:
        return 0, on
    before, after = CHANGED.get(key, (None, None))
    return (after if on >= CHANGE else before), on


@pytest.mark.parametrize("nation", Nation)
@pytest.mark.parametrize("licence", Licence)
def test_every_licence_kind_and_case_around_each_change(nation: Nation, licence: Licence) -> None:
    """Received and paid on every day around the change, also one on each side of it."""
    for kind, case, received, paid in product(Kind, (None, *Case), AROUND, AROUND):
        if licence is L.COTERMINOUS and (kind, case) == (K.RENEWAL, C.BOTH_GRANTS):
            continue  # not a question: the case goes by its own rule, looked at below
        if licence is L.COTERMINOUS and kind in (K.GRANT, K.RENEWAL) and (licence, kind, case) not in CHANGED:
            continue
        found = fee_for(nation=nation, licence=licence, kind=kind, case=case, received_on=received, paid_on=paid)
        wanted, on = _wanted(nation, licence, kind, case, received, paid)
        where = (nation, licence, kind, case, received, paid)
        if wanted is None:
            assert isinstance(found, NotForSale), where
        else:
            assert isinstance(found, Fee), (where, found)
            assert (found.pence, found.on if found.valid_from or found.valid_to else on) == (wanted, on), where


def test_scotland_switches_grants_by_receipt_and_renewals_by_payment() -> None:
    """Applied the day before, paid on the day: the grant at the old fee, the renewal at the new one."""

    def pence(nation: Nation, kind: Kind) -> int:
        found = fee_for(
            nation=nation, licence=L.SHOTGUN, kind=kind, case=None, received_on=CHANGE - DAY, paid_on=CHANGE
        )
        assert isinstance(found, Fee)
        return found.pence

    assert pence(Nation.SCOTLAND, K.GRANT) == 79_50
    assert pence(Nation.SCOTLAND, K.RENEWAL) == 126_00
    assert pence(Nation.ENGLAND_AND_WALES, K.RENEWAL) == 49_00


@pytest.mark.parametrize("kind", [K.GRANT, K.RENEWAL])
@pytest.mark.parametrize("case", [C.FIREARM_RENEWAL_SHOTGUN_GRANT, C.FIREARM_GRANT_SHOTGUN_RENEWAL])
def test_half_a_grant_costs_the_same_whatever_it_is_called(kind: Kind, case: Case) -> None:
    """The mixed pair is found under either name."""
    found = fee_for(
        nation=Nation.ENGLAND_AND_WALES, licence=L.COTERMINOUS, kind=kind, case=case, received_on=CHANGE, paid_on=CHANGE
    )
    assert isinstance(found, Fee)
    assert found.pence == 202_00


@pytest.mark.parametrize(
    ("licence", "kind", "nation", "why"),
    [
        (L.FIREARM, K.REPLACEMENT, Nation.ENGLAND_AND_WALES, Why.NO_FIGURE),
        (L.DEALER, K.DEALER, Nation.SCOTLAND, Why.NO_FIGURE),
        (L.AIR_WEAPON, K.GRANT, Nation.SCOTLAND, Why.NO_FIGURE),
        (L.AIR_WEAPON, K.GRANT, Nation.ENGLAND_AND_WALES, Why.NOT_LICENSED),
        (L.FIREARM, K.VARIATION, Nation.ENGLAND_AND_WALES, Why.CASE_NOT_KNOWN),
        (L.SHOTGUN, K.RENEWAL, Nation.NORTHERN_IRELAND, Why.NO_FIGURE),
    ],
)
def test_nothing_is_sold_without_a_figure(licence: Licence, kind: Kind, nation: Nation, why: Why) -> None:
    """And the refusal says why."""
    assert fee_for(
        nation=nation, licence=licence, kind=kind, case=None, received_on=CHANGE, paid_on=CHANGE
    ) == NotForSale(why)


def test_mixed_pairs_had_no_figure_before_the_change() -> None:
    """There is a figure, but none for that day."""
    found = fee_for(
        nation=Nation.ENGLAND_AND_WALES,
        licence=L.COTERMINOUS,
        kind=K.GRANT,
        case=C.FIREARM_GRANT_SHOTGUN_RENEWAL,
        received_on=CHANGE - DAY,
        paid_on=CHANGE,
    )
    assert found == NotForSale(Why.NOT_THEN)


def _own(pence: int, since: date, until: date | None = None) -> FeeRow:
    nations = frozenset({Nation.ENGLAND_AND_WALES})
    return FeeRow(nations, L.FIREARM, K.REPLACEMENT, None, pence, since, until, DateRule.RECEIVED, "an order", "force")


def test_a_force_fills_what_is_empty_and_a_later_row_takes_over() -> None:
    """On its first and last day, and not on the days beside them."""
    own = [_own(9_00, CHANGE, CHANGE + 9 * DAY), _own(12_00, CHANGE + 10 * DAY)]

    def pence(day: date) -> int | NotForSale:
        found = fee_for(
            nation=Nation.ENGLAND_AND_WALES,
            licence=L.FIREARM,
            kind=K.REPLACEMENT,
            case=None,
            received_on=day,
            paid_on=day,
            own=own,
        )
        return found.pence if isinstance(found, Fee) else found

    assert pence(CHANGE - DAY) == NotForSale(Why.NOT_THEN)
    assert [pence(CHANGE), pence(CHANGE + 9 * DAY), pence(CHANGE + 10 * DAY)] == [9_00, 9_00, 12_00]


@pytest.mark.parametrize(
    ("first", "then", "received", "paid", "pence"),
    [
        (DateRule.RECEIVED, DateRule.RECEIVED, -1, 0, 9_00),
        (DateRule.RECEIVED, DateRule.RECEIVED, 0, 0, 12_00),
        (DateRule.PAID, DateRule.PAID, -1, -1, 9_00),
        (DateRule.PAID, DateRule.PAID, -1, 0, 12_00),
        (DateRule.RECEIVED, DateRule.PAID, -1, 0, 12_00),
        # The rule itself changed, and neither row holds by its own: the fee shown on receipt does.
        (DateRule.PAID, DateRule.RECEIVED, -1, 0, 9_00),
        (DateRule.PAID, DateRule.RECEIVED, 0, 0, 12_00),
    ],
)
def test_a_fee_to_come_takes_over_by_the_day_its_rule_names(
    first: DateRule, then: DateRule, received: int, paid: int, pence: int
) -> None:
    """`received` and `paid` are days after the change that a force has entered beforehand."""
    own = [
        replace(_own(9_00, CHANGE - 90 * DAY, CHANGE - DAY), by_date=first),
        replace(_own(12_00, CHANGE), by_date=then),
    ]
    found = fee_for(
        nation=Nation.ENGLAND_AND_WALES,
        licence=L.FIREARM,
        kind=K.REPLACEMENT,
        case=None,
        received_on=CHANGE + received * DAY,
        paid_on=CHANGE + paid * DAY,
        own=own,
    )
    assert isinstance(found, Fee)
    assert found.pence == pence


@pytest.mark.parametrize("rule", DateRule)
def test_a_fee_to_come_is_not_sold_by_before(rule: DateRule) -> None:
    """Entered for a later day, and nothing else is known."""
    own = [replace(_own(12_00, CHANGE), by_date=rule)]
    found = fee_for(
        nation=Nation.ENGLAND_AND_WALES,
        licence=L.FIREARM,
        kind=K.REPLACEMENT,
        case=None,
        received_on=CHANGE - DAY,
        paid_on=CHANGE - DAY,
        own=own,
    )
    assert found == NotForSale(Why.NOT_THEN)


@pytest.mark.parametrize("nation", Nation)
def test_whatever_a_form_may_ask_for_can_be_given_a_figure(nation: Nation) -> None:
    """What the table did not list a force could not fill in, and could then never grant."""
    listed = {(row.licence, row.kind, row.case) for row in national_rows() if nation in row.nations}
    held = (L.FIREARM, L.SHOTGUN, L.COTERMINOUS)
    wanted = {
        *((licence, kind, None) for licence in (L.FIREARM, L.SHOTGUN) for kind in (K.GRANT, K.RENEWAL)),
        *((licence, K.REPLACEMENT, None) for licence in held),
        *((L.FIREARM, K.VARIATION, case) for case in (C.NUMBER_RISES, C.ONE_FOR_ONE)),
        *(
            (licence, K.VISITOR_PERMIT, case)
            for licence in (L.VISITOR_FIREARM, L.VISITOR_SHOTGUN, L.VISITOR_BOTH)
            for case in (C.ONE, C.GROUP)
        ),
        *((L.COTERMINOUS, K.GRANT, case) for case in (C.BOTH_GRANTS, C.FIREARM_RENEWAL_SHOTGUN_GRANT)),
        (L.COTERMINOUS, K.GRANT, C.FIREARM_GRANT_SHOTGUN_RENEWAL),
        (L.COTERMINOUS, K.RENEWAL, C.BOTH_RENEWALS),
        (L.DEALER, K.DEALER, None),
    }
    assert wanted <= listed


def test_a_force_does_not_change_a_figure_of_the_law_on_its_own_day() -> None:
    """Same first day: the national row holds."""
    own = FeeRow(
        frozenset({Nation.ENGLAND_AND_WALES}),
        L.FIREARM,
        K.GRANT,
        None,
        1,
        CHANGE,
        None,
        DateRule.RECEIVED,
        "none",
        "force",
    )
    found = fee_for(
        nation=Nation.ENGLAND_AND_WALES,
        licence=L.FIREARM,
        kind=K.GRANT,
        case=None,
        received_on=CHANGE,
        paid_on=CHANGE,
        own=[own],
    )
    assert isinstance(found, Fee)
    assert found.pence == 198_00


def test_no_two_rows_of_the_table_hold_on_one_day() -> None:
    """Nor is any figure without a legal basis, below 30 pence but above nothing, or without an owner."""
    rows = national_rows()
    for nation, day in product(Nation, AROUND):
        keys = [(r.licence, r.kind, r.case) for r in rows if nation in r.nations and r.holds_on(day)]
        assert len(keys) == len(set(keys)), (nation, day)
    assert all(row.legal_basis and row.owner for row in rows)
    assert all(row.pence is None or row.pence == 0 or row.pence >= 30 for row in rows)
    assert all(review.owner for review in reviews())


def test_the_case_follows_from_what_is_asked() -> None:
    """Visitors in groups, variations by number, pairs by what is renewed."""
    assert case_of(licence=L.VISITOR_FIREARM, kind=K.VISITOR_PERMIT, group_size=5) is C.ONE
    assert case_of(licence=L.VISITOR_FIREARM, kind=K.VISITOR_PERMIT, group_size=6) is C.GROUP
    assert case_of(licence=L.FIREARM, kind=K.VARIATION, number_rises=False) is C.ONE_FOR_ONE
    assert case_of(licence=L.FIREARM, kind=K.VARIATION, number_rises=True) is C.NUMBER_RISES
    assert case_of(licence=L.FIREARM, kind=K.VARIATION, number_rises=True, with_renewal=True) is C.WITH_RENEWAL
    assert case_of(licence=L.FIREARM, kind=K.VARIATION) is None
    assert case_of(licence=L.COTERMINOUS, kind=K.RENEWAL) is C.BOTH_RENEWALS
    assert case_of(licence=L.COTERMINOUS, kind=K.RENEWAL, shotgun_kind=K.GRANT) is C.FIREARM_RENEWAL_SHOTGUN_GRANT
    assert case_of(licence=L.COTERMINOUS, kind=K.GRANT, shotgun_kind=K.RENEWAL) is C.FIREARM_GRANT_SHOTGUN_RENEWAL
    assert case_of(licence=L.FIREARM, kind=K.GRANT) is None

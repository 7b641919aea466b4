"""One payment whose answers nobody can read keeps no other waiting: the look of each minute passes over it."""

from __future__ import annotations

import pytest

from contact.domain.payments import PaymentState
from contact.gateways.payment_provider import CheckoutStatus, ProviderAway, ProviderGarbled
from contact.services.payments import watching
from contact.services.payments.checkout import Page
from tests.support.cases import Cases
from tests.support.licensing import apply
from tests.support.till import MINUTE, open_till


def test_an_answer_nobody_can_read_keeps_no_other_waiting(cases: Cases, monkeypatch: pytest.MonkeyPatch) -> None:
    odd, other = open_till(cases), open_till(cases, apply(cases))
    other.provider = odd.provider
    assert isinstance(odd.press(), Page)
    assert isinstance(other.press(), Page)
    first, second = odd.provider.pages.values()
    odd.provider.pay(second)
    get = odd.provider.get

    def garbled(session_id: str) -> CheckoutStatus:
        if session_id == first.session_id:
            raise ProviderGarbled("pretend", "not-understood")
        return get(session_id)

    monkeypatch.setattr(odd.provider, "get", garbled)
    odd.now += MINUTE
    watching.look_at_all(cases.system.begin, odd.provider, now=odd.now)
    assert (odd.payment().state, other.payment().state) == (PaymentState.OPEN, PaymentState.PAID)


def test_a_provider_that_is_away_is_not_asked_on(cases: Cases) -> None:
    till = open_till(cases)
    assert isinstance(till.press(), Page)

    def away() -> None:
        raise ProviderAway("pretend", "not-reached")

    till.provider.before = away
    till.now += MINUTE
    with pytest.raises(ProviderAway):
        watching.look_at_all(cases.system.begin, till.provider, now=till.now)

"""What the applicant has to do stands first on their page, and nothing says that there is nothing to do."""

from __future__ import annotations

import pytest

from contact.domain.licensing.application_states import OPEN_STATES, ApplicationState
from contact.services.keys import Keys
from contact.store.applications import get
from tests.support.cases import Cases
from tests.support.clients import Clock, StrictClient
from tests.support.licensing import Applied, apply


@pytest.fixture
def applied(cases: Cases, clock: Clock, keys_of_app: Keys) -> Applied:
    """A renewal, just sent, with the application's own keys."""
    return apply(cases, now=clock.now, keys=keys_of_app)


@pytest.mark.parametrize("state", [each for each in ApplicationState if each in OPEN_STATES])
def test_who_has_to_pay_is_never_told_that_there_is_nothing_to_do(
    client: StrictClient, applied: Applied, cases: Cases, state: ApplicationState
) -> None:
    """A force may ask for the fee at any time: then that stands on top, whatever goes on behind."""
    with cases.system.begin() as session:
        row = get(session, contact_id=applied.contact_id)
        row.state, row.payment = state.value, "due"
    client.send("/progress", {"reference": applied.reference, "words": applied.words})
    page = client.get(f"/application/{applied.reference}").get_data(as_text=True)
    assert "You do not need to do anything now" not in page
    assert page.index("What you need to do") < page.index("Pay the fee") < page.index("You signed it on")

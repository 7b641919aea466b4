"""Scenario 9: who held a contact is gone without a word, and it is back in the queue at its own old place."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from contact.domain.access import Role
from contact.domain.demonstration import DEMO_PASSWORD
from tests.support.stack import Agent, Stack, running_stack
from tests.support.stack_reports import Reporter, emergency

BACK_WITHIN_S = 180.0  # an emergency's lease ends 20 s after the last sign of life
ORDER = """SELECT reference, due_at, state FROM queue_entries WHERE force_id = 'suffolk' AND state <> 'closed'
    ORDER BY band, due_at, id"""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A demonstration."""
    with running_stack() as running:
        yield running


def sign_in(stack: Stack, agent: Agent) -> Reporter:
    """A staff session without a browser."""
    client = Reporter(stack)
    client.get("/control-room/sign-in")
    client.post("/control-room/sign-in", email=agent.email, password=DEMO_PASSWORD, code=agent.code())
    client.get("/control-room/")
    return client


def test_scenario_9_the_entry_of_a_silent_holder_returns_to_its_place(stack: Stack) -> None:
    waiting = [emergency(stack, "suffolk", f"Somebody is at the door, number {number}") for number in range(3)]
    before = stack.rows(ORDER)
    assert [row[0] for row in before] == [each.reference for each in waiting]
    client = sign_in(stack, stack.hire("Olive Shaw", suffolk=Role.CALL_HANDLER))
    taken = client.post("/control-room/claim-next", lease="live").headers["Location"]
    assert stack.rows(ORDER)[0][2] == "held"
    contact_id = taken.rsplit("/", 1)[1]
    beat = client.post(f"{taken}/heartbeat").json()
    assert beat["again_in_seconds"] == 5
    client.web.close()  # and never a word again

    for pid in stack.run.pids("gunicorn"):  # the web forgets nothing it would need to know
        os.kill(pid, signal.SIGKILL)
    stack.until(lambda: stack.rows(ORDER) == before, "it did not come back to its place", BACK_WITHIN_S)
    stack.until(stack.run.healthy, "the web did not come back", BACK_WITHIN_S)
    ended = "SELECT count(*) FROM events WHERE name = 'lease_ended' AND contact_id = %s"
    assert stack.rows(ended, contact_id)[0][0] == 1
    assert stack.rows("SELECT holder_id FROM contacts WHERE id = %s", contact_id) == [(None,)]

    other = sign_in(stack, stack.hire("Pat Quinn", suffolk=Role.CALL_HANDLER))
    assert other.post("/control-room/claim-next", lease="live").headers["Location"].endswith(contact_id)
    late = client.post(f"{taken}/reply", body="I still have it", once="1").headers["Location"]
    assert "done=lost" in late
    said = "SELECT count(*) FROM messages WHERE contact_id = %s AND kind = 'outbound'"
    assert stack.rows(said, contact_id)[0][0] == 0
    assert stack.rows("SELECT body FROM reply_drafts WHERE contact_id = %s", contact_id) == [("I still have it",)]

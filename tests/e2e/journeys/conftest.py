"""Chats of a test leave the queue with it: a queue page shows 25, and the next journey looks for its own there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.browser import People
from tests.support.stack import Stack

_ENTRIES = """
UPDATE queue_entries SET state = 'closed', holder_id = NULL, lease_kind = NULL, lease_ends_at = NULL, unread = false
 WHERE channel IN ('chat', 'sms') AND received_at >= %s"""
_CONTACTS = """
UPDATE contacts SET state = 'closed', holder_id = NULL, closed_at = clock_timestamp()
 WHERE channel IN ('chat', 'sms') AND received_at >= %s"""
_CONVERSATIONS = "UPDATE conversations SET bot = false WHERE last_inbound_at >= %s"


@pytest.fixture(autouse=True)
def chats_end_with_their_test(people: People, stack: Stack) -> Iterator[None]:
    """Behind everybody's back, as if a colleague had closed them."""
    began = stack.rows("SELECT clock_timestamp()")[0][0]
    yield
    for statement in (_CONTACTS, _ENTRIES, _CONVERSATIONS):
        stack.rows(statement, began)

"""A theft, from the front page to the answer and back: with and without JavaScript, on a phone and on a desktop."""

from __future__ import annotations

import pytest

from tests.support.browser import DESKTOP, PHONE, People
from tests.support.pages import begin, fill_to_check, follow_up, send
from tests.support.stack import Stack


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_theft_from_the_front_page_to_the_receipt(
    people: People, stack: Stack, size: tuple[int, int], javascript: bool
) -> None:
    page = people.come(size, javascript=javascript).page("/")
    begin(page)
    fill_to_check(page)
    held = send(page)
    assert stack.rows("SELECT force_id, category FROM contacts WHERE reference = %s", held.reference) == [
        ("kent", "theft")
    ]
    follow_up(page, held)

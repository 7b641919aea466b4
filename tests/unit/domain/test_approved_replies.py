"""Approved replies: enough of them, in both languages, owned, and nothing in them that a reply must not say."""

from __future__ import annotations

import re

import pytest

from contact.domain import approved_replies
from contact.domain.approved_replies import ApprovedReply
from contact.domain.sms_text import Alphabet, measure, plain
from contact.domain.taxonomy import SENSITIVE

REPLIES = approved_replies.approved_replies()
PROMISES = re.compile(
    r"\b(we will catch|guarantee|promise|within \d+ (minutes|hours)|officers? (is|are) on (the|their) way)",
    re.IGNORECASE,
)


def test_there_are_enough_each_with_a_name_of_its_own() -> None:
    assert len(REPLIES) >= 25
    assert len({each.id for each in REPLIES}) == len(REPLIES)
    assert len({each.title for each in REPLIES}) == len(REPLIES)
    assert approved_replies.find("nothing") is None


@pytest.mark.parametrize("reply", REPLIES, ids=lambda each: each.id)
def test_a_reply_is_owned_bilingual_short_and_promises_nothing(reply: ApprovedReply) -> None:
    assert reply.review.owner
    assert reply.review.source
    assert not reply.review.is_reviewed, "nobody has read it: a reviewer is named by a person"
    for language in ("en", "cy"):
        words = reply.in_(language)
        assert words
        assert len(words) <= 400
        assert not PROMISES.search(words)
    assert reply.in_("en") != reply.in_("cy")
    assert measure(plain(reply.in_("en"))).alphabet is Alphabet.GSM_7


def test_what_is_fit_for_a_locked_screen_shows_nothing() -> None:
    fit = [each for each in REPLIES if each.locked_screen]
    assert fit
    for each in fit:
        assert not re.search(
            r"police|report|safe|danger|999|heddlu|perygl", " ".join(each.words.values()), re.IGNORECASE
        )


def test_every_sensitive_matter_has_words_of_its_own() -> None:
    for category in SENSITIVE:
        assert any(category in each.categories and each.in_grave_matters for each in REPLIES), category

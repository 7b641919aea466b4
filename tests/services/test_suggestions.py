"""Approved replies by matter and language: none in a grave one that is not fit for it, none that is not approved."""

from __future__ import annotations

import pytest

from contact.domain.approved_replies import find
from contact.domain.errors import NotFound
from contact.services import reviews, suggestions
from contact.store.models import Contact


def _contact(
    category: str = "theft", grade: str = "standard", *, sensitive: bool = False, language: str = "en"
) -> Contact:
    return Contact(category=category, grade=grade, sensitive=sensitive, language=language)


def test_what_was_written_for_the_matter_comes_first_and_what_was_written_for_another_never() -> None:
    found = suggestions.suggest(_contact("fraud_cyber"))
    assert found[0].fits
    assert {"fraud_bank", "fraud_report"} <= {each.id for each in found}
    assert "lost_property" not in {each.id for each in found}
    assert [each.fits for each in found] == sorted((each.fits for each in found), reverse=True)


def test_a_welsh_contact_is_offered_welsh_with_the_english_beside_it() -> None:
    where = next(each for each in suggestions.suggest(_contact(language="cy")) if each.id == "where")
    assert where.text.startswith("Ble")
    assert where.english.startswith("Where")


@pytest.mark.parametrize("contact", [_contact("domestic_abuse", sensitive=True), _contact("assault", "emergency")])
def test_a_grave_matter_is_offered_only_what_is_fit_for_one(contact: Contact) -> None:
    for each in suggestions.suggest(contact):
        reply = find(each.id)
        assert reply is not None
        assert reply.in_grave_matters


def test_by_text_a_sensitive_matter_is_offered_only_what_shows_nothing() -> None:
    """Practice 4: whoever holds the phone gets the conversation."""
    offered = suggestions.suggest(_contact("domestic_abuse", sensitive=True), by_text=True)
    assert offered
    for each in offered:
        reply = find(each.id)
        assert reply is not None
        assert reply.locked_screen


def test_words_are_put_at_the_end_of_what_was_typed() -> None:
    assert suggestions.insert("", reply_id="where", contact=_contact()).startswith("Where did")
    assert suggestions.insert("Hello.\n", reply_id="where", contact=_contact()).startswith("Hello.\n\nWhere did")
    with pytest.raises(NotFound):
        suggestions.insert("", reply_id="made_up", contact=_contact())


def test_unreviewed_replies_are_told_to_go_live() -> None:
    kinds = [str(each) for each in reviews.list_unreviewed() if each.kind == "approved reply"]
    assert any("where (owner:" in each for each in kinds)
    assert any("in Welsh" in each for each in kinds)

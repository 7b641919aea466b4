"""Authenticator codes: RFC 6238, a step either way, each once; secrets sealed to their agent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag

from contact.services import second_factor
from contact.store.identifiers import new_id

KEY = b"k" * 32
NOW = datetime(2026, 11, 21, 18, 5, 15, tzinfo=UTC)
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_codes_are_those_of_the_rfc() -> None:
    at = datetime.fromtimestamp(1_111_111_109, UTC)
    assert second_factor.current_code(RFC_SECRET, now=at) == "081804"


@pytest.mark.parametrize(("off_by", "right"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_phone_may_be_half_a_minute_off(off_by: int, right: bool) -> None:
    code = second_factor.current_code(RFC_SECRET, now=NOW + timedelta(seconds=off_by))
    found = second_factor.matching_step(RFC_SECRET, code, now=NOW, last_step=None)
    assert (found is not None) is right


def test_a_code_is_not_taken_again() -> None:
    code = second_factor.current_code(RFC_SECRET, now=NOW)
    step = second_factor.matching_step(RFC_SECRET, code, now=NOW, last_step=None)
    assert step is not None
    assert second_factor.matching_step(RFC_SECRET, code, now=NOW, last_step=step) is None
    helped = second_factor.current_code(RFC_SECRET, now=NOW, last_step=step)
    assert second_factor.matching_step(RFC_SECRET, helped, now=NOW, last_step=step) == step + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "٠١٢٣٤٥"])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert second_factor.matching_step(RFC_SECRET, code, now=NOW, last_step=None) is None


def test_a_sealed_secret_opens_for_its_agent_and_key_alone() -> None:
    agent_id = new_id()
    seal = second_factor.sealed(RFC_SECRET, agent_id=agent_id, key=KEY)
    assert RFC_SECRET.encode() not in seal
    assert second_factor.opened(seal, agent_id=agent_id, key=KEY) == RFC_SECRET
    for other in ({"agent_id": new_id(), "key": KEY}, {"agent_id": agent_id, "key": b"o" * 32}):
        with pytest.raises(InvalidTag):
            second_factor.opened(seal, **other)  # type: ignore[arg-type]


def test_a_link_always_shows_the_same_secret_and_no_other_links() -> None:
    first = second_factor.secret_for_link("token-1", key=KEY)
    assert first == second_factor.secret_for_link("token-1", key=KEY)
    assert first != second_factor.secret_for_link("token-2", key=KEY)


def test_recovery_codes_differ_and_are_kept_hashed_for_one_agent() -> None:
    codes = second_factor.new_recovery_codes()
    assert len(set(codes)) == 10
    one, other = new_id(), new_id()
    spoken = codes[0].lower().replace("-", " ")
    assert second_factor.recovery_hash(codes[0], agent_id=one) == second_factor.recovery_hash(spoken, agent_id=one)
    assert second_factor.recovery_hash(codes[0], agent_id=one) != second_factor.recovery_hash(codes[0], agent_id=other)

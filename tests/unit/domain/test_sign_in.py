"""Rules of signing in, as tables."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contact.domain.sign_in import is_recovery_code, lock_after, password_problem, plain_code


@pytest.mark.parametrize(
    ("failed", "minutes"), [(0, None), (4, None), (5, 1), (6, 2), (7, 4), (10, 32), (11, 60), (12, 60), (10_000, 60)]
)
def test_the_lock_doubles_up_to_an_hour(failed: int, minutes: int | None) -> None:
    assert lock_after(failed) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short", "short"),
        ("elevenchars", "short"),
        ("granite otter velvet", None),
        ("ŵyneb afon mynydd", None),
        ("x" * 257, "long"),
        ("aaaaaaaaaaaaaaaa", "common"),
        ("password1234", "common"),
        ("Password123456", "common"),
        ("qwertyqwerty1", "common"),
        ("rosalind otter velvet", "contains_name"),
        ("otter FRANKLIN velvet", "contains_name"),
        ("r.franklin otter velvet", "contains_name"),
        ("rosie99 otter velvet", "contains_email"),
    ],
)
def test_passwords(password: str, problem: str | None) -> None:
    assert password_problem(password, name="Rosalind Franklin", email="rosie99@police.example") == problem


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("123 456", "123456"), ("abcd-efgh-jkmn", "ABCDEFGHJKMN"), (" o1il-0000-zzzz ", "01110000ZZZZ")],
)
def test_codes_are_read_as_meant(typed: str, plain: str) -> None:
    assert plain_code(typed) == plain


@pytest.mark.parametrize(("code", "is_one"), [("ABCDEFGHJKMN", True), ("123456", False), ("ABCDEFGHJKMU", False)])
def test_recovery_codes_are_known_by_their_shape(code: str, is_one: bool) -> None:
    assert is_recovery_code(code) is is_one

"""The three ways in which a call to the outside fails, whoever was called; callers decide by these alone."""

from __future__ import annotations


class OutsideFailure(Exception):
    """A call to the outside did not succeed. `code` is the provider's own, never a person's words or number."""

    def __init__(self, party: str, code: str) -> None:
        self.party = party
        self.code = code
        super().__init__(f"{party}: {code}")


class TryLater(OutsideFailure):
    """Nothing was done there (not reached, busy, or failing): the same call may be made again."""


class MayHaveHappened(OutsideFailure):
    """No answer came back: ask the other side before doing it again (stack.md, scenario 4)."""


class Refused(OutsideFailure):
    """The other side understood and said no; the same call will be refused again."""

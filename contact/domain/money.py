"""Sums of money as people write and type them, in one place."""

from __future__ import annotations

import re


def pounds(pence: int) -> str:
    """`£79.50`, `£1,131`: whole pounds without pence, for the person who pays."""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}.{rest:02d}" if rest else f"£{whole:,}"


def to_the_penny(pence: int) -> str:
    """`£1,234.50`, as the books have it; a minus stands before the sign."""
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def plain(pence: int) -> str:
    """`-1234.50`: for a file, and for a box that is typed over."""
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def pence_of(typed: str) -> int | None:
    """What `79`, `79.5`, `£1,079.00` mean; None for what is no sum of money."""
    found = re.fullmatch(r"£?\s*([0-9]{1,7})(?:\.([0-9]{1,2}))?", typed.replace(",", "").strip(), re.ASCII)
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None

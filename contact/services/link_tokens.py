"""What is kept of a link's token: a digest that tells neither the token nor what it opens."""

from __future__ import annotations

import hashlib


def digest(kind: str, token: str) -> bytes:
    """The digest of a token; `kind` keeps links of one sort from opening what is another's."""
    return hashlib.sha256(f"{kind} link".encode() + token.encode()).digest()

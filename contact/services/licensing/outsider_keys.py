"""The secrets of those asked from outside: made again from an id and our key, so that none of them is stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
from uuid import UUID

from contact.services import link_tokens
from contact.services.keys import Keys


def token(keys: Keys, kind: str, subject_id: UUID, number: int) -> str:
    """What a link carries. `number` counts the links made for that subject: a newer one ends the former."""
    made = hmac.new(keys.code_key, f"{kind} link {number}".encode() + subject_id.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:24]).decode()


def token_hash(kind: str, given: str) -> bytes:
    """What the row keeps of a link's token."""
    return link_tokens.digest(kind, given)


def code(keys: Keys, kind: str, subject_id: UUID, number: int) -> str:
    """Four words that confirm who holds a link, sent another way; `number` counts the codes asked for."""
    return keys.spoken(f"{kind} code {number}".encode() + subject_id.bytes)


def network_digest(keys: Keys, contact_id: UUID, address: str) -> bytes:
    """Equal for one application where two came from one network address, and for nothing else (practice 25)."""
    said = b"network" + contact_id.bytes + address.encode()
    return hmac.new(keys.audit_key, said, hashlib.sha256).digest()

"""The secrets that services need: access words, return codes, and each contact's own key wrapped by AUDIT_KEY."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from contact.domain import reference
from contact.settings import Settings


class _KeyedRandom:
    """Numbers that only the holder of a key can make again: HMAC-SHA-256 in counter mode, without modulo bias."""

    def __init__(self, key: bytes, purpose: bytes) -> None:
        self._key = key
        self._purpose = purpose
        self._count = 0

    def randrange(self, stop: int, /) -> int:
        """A whole number from 0 to `stop` - 1."""
        ceiling = (1 << 64) - (1 << 64) % stop
        while True:
            self._count += 1
            block = hmac.new(self._key, self._purpose + self._count.to_bytes(8, "big"), hashlib.sha256).digest()
            number = int.from_bytes(block[:8], "big")
            if number < ceiling:
                return number % stop


_SHORT, _SIGNED = 8, 16


@dataclass(frozen=True, slots=True)
class ReturnTicket:
    """A genuine link to a saved draft. `code_hash` is the beginning of what the draft's row must still hold.

    One that opens `once` is no way back: nobody who finds it in a browser's history later gets in by it.
    """

    draft_id: UUID
    code_hash: bytes
    once: bool = False

    def fits(self, code_hash: bytes | None) -> bool:
        """Whether the draft still has the code that the link was made beside."""
        return code_hash is not None and hmac.compare_digest(code_hash[:_SHORT], self.code_hash)


@dataclass(frozen=True, slots=True)
class Keys:
    """Made once from the settings. Nothing here is stored; the database keeps digests only."""

    code_key: bytes
    audit_key: bytes

    @classmethod
    def from_settings(cls, settings: Settings) -> Keys:
        """Derive the code key from SECRET_KEY and take AUDIT_KEY as it is."""
        code_key = hmac.new(settings.secret_key.encode(), b"spoken codes", hashlib.sha256).digest()
        return cls(code_key=code_key, audit_key=settings.audit_key)

    def access_words(self, contact_id: UUID) -> str:
        """The four words of a contact: made from its id and our key, so that sending twice shows the same ones."""
        return reference.new_code(_KeyedRandom(self.code_key, b"access words" + contact_id.bytes))

    def spoken(self, purpose: bytes) -> str:
        """Four words for one purpose, which names its subject: the same each time, known only with our key."""
        return reference.new_code(_KeyedRandom(self.code_key, purpose))

    def code_hash(self, code: str) -> str:
        """What the contact's row keeps of a spoken code."""
        return reference.code_hash(code, key=self.code_key)

    def code_matches(self, code: str, stored: str | None) -> bool:
        """Whether a spoken code is the one kept; the same time when nothing is kept."""
        return reference.code_matches(code, stored, key=self.code_key)

    def lookup_hash(self, code: str) -> bytes:
        """What a draft's row keeps of its return code: it must be found by the code alone, so it carries no salt."""
        plain = reference.normalise_code(code).encode()
        return hmac.new(self.code_key, b"return code" + plain, hashlib.sha256).digest()

    def return_ticket(self, draft_id: UUID, code_hash: bytes, *, once: bool = False) -> str:
        """What a link to a saved draft carries: signed by us, and bound to the code it was made beside.

        Making a new code ends it. Nothing of it is stored; whoever may read the draft's row can make it again.
        """
        spoken = draft_id.bytes + code_hash[:_SHORT]
        purpose = b"link on" if once else b"return link"
        signed = hmac.new(self.code_key, purpose + spoken, hashlib.sha256).digest()[:_SIGNED]
        return base64.urlsafe_b64encode(spoken + signed).decode().rstrip("=")

    def open_return_ticket(self, ticket: str) -> ReturnTicket | None:
        """What a ticket of ours says, or None for any other text."""
        try:
            raw = base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))
        except ValueError:
            return None
        if len(raw) != 16 + _SHORT + _SIGNED:
            return None
        draft_id, short = UUID(bytes=raw[:16]), raw[16 : 16 + _SHORT]
        for once in (False, True):
            if hmac.compare_digest(self.return_ticket(draft_id, short, once=once).encode(), ticket.encode()):
                return ReturnTicket(draft_id, short, once)
        return None

    def ticket(self, contact_id: UUID) -> str:
        """A signed id for a page whose sending must make one contact only, however often it is pressed."""
        mark = hmac.new(self.code_key, b"ticket" + contact_id.bytes, hashlib.sha256).hexdigest()
        return f"{contact_id}.{mark}"

    def open_ticket(self, ticket: str) -> UUID | None:
        """The id in a ticket of ours, or None for any other text."""
        raw = ticket.partition(".")[0]
        try:
            contact_id = UUID(raw)
        except ValueError:
            return None
        return contact_id if hmac.compare_digest(self.ticket(contact_id).encode(), ticket.encode()) else None

    def new_contact_key(self, contact_id: UUID) -> bytes:
        """A fresh key for the digests in a contact's events, wrapped by AUDIT_KEY; destroying it makes them mute."""
        nonce = os.urandom(12)
        return nonce + AESGCM(self.audit_key).encrypt(nonce, os.urandom(32), contact_id.bytes)

    def source_digest(self, detail: str) -> str:
        """A digest that is equal for equal details of two sources, and says nothing without AUDIT_KEY (practice 17)."""
        return hmac.new(self.audit_key, b"source" + detail.encode(), hashlib.sha256).hexdigest()

    def digest(self, contact_id: UUID, wrapped: bytes, value: str) -> str:
        """A keyed digest of a detail, for an event of that contact."""
        key = AESGCM(self.audit_key).decrypt(wrapped[:12], wrapped[12:], contact_id.bytes)
        return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()

"""The second factor: authenticator codes (TOTP, RFC 6238), each once, and ten recovery codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from datetime import datetime
from uuid import UUID

import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contact.domain.sign_in import ALPHABET, RECOVERY_CODES, plain_code

_STEP_SECONDS = 30
_VERSION = b"\x01"
ISSUER = "Control room"


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32(32)


def secret_for_link(token: str, *, key: bytes) -> str:
    """The secret that an invitation sets up: made from its link, so that showing the page stores nothing."""
    raw = hmac.new(_derived(key, b"link"), token.encode(), hashlib.sha256).digest()[:20]
    return _base32(raw)


def sealed(secret: str, *, agent_id: UUID, key: bytes) -> bytes:
    """The secret under AES-GCM, bound to its agent; `key` is AUDIT_KEY, from which the sealing key is derived."""
    nonce = os.urandom(12)
    return _VERSION + nonce + AESGCM(_derived(key, b"seal")).encrypt(nonce, secret.encode(), agent_id.bytes)


def opened(seal: bytes, *, agent_id: UUID, key: bytes) -> str:
    """The secret again. Raises cryptography's InvalidTag for another agent's seal or key."""
    nonce, text = seal[1:13], seal[13:]
    return AESGCM(_derived(key, b"seal")).decrypt(nonce, text, agent_id.bytes).decode()


def matching_step(secret: str, code: str, *, now: datetime, last_step: int | None) -> int | None:
    """The time step that a code is of, one step early or late allowed; None when wrong or used before."""
    current = int(now.timestamp()) // _STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in (current, current - 1, current + 1):
        fresh = last_step is None or step > last_step
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()) and fresh:
            return step
    return None


def current_code(secret: str, *, now: datetime, last_step: int | None = None) -> str:
    """The code an authenticator shows now, or the next one when that was used: for the demonstration's sign-in page."""
    current = int(now.timestamp()) // _STEP_SECONDS
    step = max(current, (last_step or 0) + 1) if last_step is not None and last_step >= current else current
    return pyotp.TOTP(secret).generate_otp(step)


def authenticator_address(secret: str, *, email: str) -> str:
    """The `otpauth://` address that an authenticator reads from the square."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def new_recovery_codes() -> list[str]:
    """Ten codes of 60 random bits, in three groups of four."""
    return [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3)) for _ in range(RECOVERY_CODES)
    ]


def recovery_hash(code: str, *, agent_id: UUID) -> bytes:
    """What is stored of a recovery code; 60 random bits need no slow hash."""
    return hashlib.sha256(agent_id.bytes + plain_code(code).encode()).digest()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"contact agents " + purpose).derive(key)


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")

"""Addresses that may be trusted: where to go on after sign-in, and ours as the world sees it."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request, current_app

from contact.web.shared.cookies import Audience, audience_of


def safe_next(address: str | None, audience: Audience) -> str | None:
    """`address` when it is a path of ours for that audience, else None; nothing leads away from here."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or "\\" in address or any(ord(character) < 32 for character in address):
        return None
    return address if audience_of(parts.path) is audience else None


def public_prefix() -> str:
    """PUBLIC_URL, to put before a path of ours."""
    return str(current_app.config["CONTACT_PUBLIC_URL"])


def came_from_us(request: Request) -> bool:
    """True when the browser says that a page of ours sent this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    return origin in {request.host_url.rstrip("/"), public_prefix()}


def came_from_elsewhere(request: Request) -> bool:
    """True when a page of another site, such as webmail, led here: a Strict cookie then stays at home."""
    return request.headers.get("Sec-Fetch-Site") == "cross-site"

"""The headers that keep a page to itself: one content security policy for all, no caches, no framing."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, g, request
from werkzeug.routing import RequestRedirect

from contact.settings import Settings

_FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "usb",
    "xr-spatial-tracking",
)  # fmt: skip


def allow_form_action(origin: str) -> None:
    """Let this page's forms end at another origin, as a payment provider's redirect does (engineering 11)."""
    g.form_actions = (*g.get("form_actions", ()), origin)


def allow_pictures(origin: str) -> None:
    """Let this page show pictures of another origin, as the tiles of a map are."""
    g.picture_origins = (*g.get("picture_origins", ()), origin)


def allow_position() -> None:
    """Let this page ask the browser where the person is, when they press a button for it; no other page may."""
    g.position_allowed = True


def permissions_policy(*, position: bool = False) -> str:
    """Nothing of the device is open to a page, but for what it said it needs."""
    return ", ".join(
        f"{feature}={'(self)' if position and feature == 'geolocation' else '()'}" for feature in _FEATURES
    )


def allow_media() -> None:
    """Let this page play video and sound of our own: the viewer of evidence alone."""
    g.media_allowed = True


def allow_framing(origins: Iterable[str]) -> None:
    """Let these sites show this page in a frame: the widget's pages alone."""
    g.frame_ancestors = tuple(origins)


def content_security_policy(
    nonce: str,
    form_actions: tuple[str, ...] = (),
    picture_origins: tuple[str, ...] = (),
    *,
    media: bool = False,
    ancestors: tuple[str, ...] = (),
) -> str:
    """The policy of engineering 11; `media` where video or sound of our own is played."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self'",
            " ".join(("img-src 'self' data: blob:", *picture_origins)),
            *(("media-src 'self'",) if media else ()),
            "connect-src 'self'",
            "font-src 'self'",
            " ".join(("form-action 'self'", *form_actions)),
            "base-uri 'none'",
            " ".join(("frame-ancestors", *(ancestors or ("'none'",)))),
        )
    )


def init_headers(app: Flask, settings: Settings) -> None:
    """Give each request a nonce and each answer its headers."""

    @app.before_request
    def make_nonce() -> None:
        g.csp_nonce = secrets.token_urlsafe(16)

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        policy = content_security_policy(
            str(g.get("csp_nonce", "")),
            tuple(g.get("form_actions", ())),
            tuple(g.get("picture_origins", ())),
            media=bool(g.get("media_allowed")),
            ancestors=tuple(g.get("frame_ancestors", ())),
        )
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", permissions_policy(position=bool(g.get("position_allowed"))))
        headers.setdefault("X-Content-Type-Options", "nosniff")
        framed = bool(g.get("frame_ancestors"))
        if not framed:  # it knows no list of sites, and the policy does
            headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if framed else "same-origin")
        headers.setdefault("X-Robots-Tag", "noindex")
        if settings.secure_cookies:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if isinstance(request.routing_exception, RequestRedirect):
            headers["Location"] = _path_of(request.routing_exception.new_url)
        return response


def _path_of(address: str) -> str:
    """The router's redirect, as to an address with its slash, names the request's Host; a path leads nobody astray."""
    parts = urlsplit(address)
    return urlunsplit(("", "", "/" + parts.path.lstrip("/"), parts.query, ""))

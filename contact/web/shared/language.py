"""The language of a page: English, or Welsh where a Welsh text exists; anything missing falls back to English."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.pofile import read_po
from flask import Flask, Response, g, has_request_context, request

from contact.web.shared.cookies import Audience, audience_of

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LANGUAGES = ("en", "cy")
COOKIE = "contact_language"
_TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"


def current_language() -> str:
    """`en` or `cy`: what the address asks for, else what was chosen before, else English.

    Staff pages are English: a few Welsh words among them would be read out wrongly by a screen reader.
    """
    if not has_request_context() or audience_of(request.path) is Audience.AGENT:
        return "en"
    if "language" not in g:
        asked = request.args.get("lang") or request.cookies.get(COOKIE) or "en"
        g.language = asked if asked in LANGUAGES else "en"
    return str(g.language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Word what is made in this block in that language, whatever the page's own: a paper that was asked for in it."""
    before = current_language()
    g.language = language
    try:
        yield
    finally:
        g.language = before


def _texts(language: str) -> dict[str, str]:
    """Message to translation, read from the catalogue; fuzzy and empty entries are left out."""
    path = _TRANSLATIONS / language / "contact.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog: Catalog = read_po(file, locale=language)
    return {
        str(message.id): str(message.string)
        for message in catalog
        if message.id and message.string and isinstance(message.id, str) and not message.fuzzy
    }


_WELSH = _texts("cy")


def gettext(message: str) -> str:
    """The message in the language of this page."""
    return _WELSH.get(message, message) if current_language() == "cy" else message


def ngettext(singular: str, plural: str, count: int) -> str:
    """Singular or plural in the language of this page."""
    return gettext(singular if count == 1 else plural)


def init_language(app: Flask) -> None:
    """Let templates translate with `_()` and `{% trans %}`, and remember a language that was chosen by address."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]

    @app.context_processor
    def language() -> dict[str, str]:
        return {"language": current_language()}

    @app.after_request
    def remember(response: Response) -> Response:
        chosen, kept = request.args.get("lang"), response.cache_control
        if chosen in LANGUAGES and response.status_code < 500 and not (kept.public or kept.no_cache):
            response.set_cookie(
                COOKIE, chosen, max_age=31_536_000, httponly=True, samesite="Lax", secure=request.is_secure
            )
        return response

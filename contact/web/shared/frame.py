"""What stands around every public page: whose brand, whether it is a demonstration, the way out, the other language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, request, url_for
from werkzeug.exceptions import HTTPException

from contact.settings import Settings
from contact.web.shared.language import current_language, gettext


@dataclass(frozen=True, slots=True)
class Brand:
    """A force as a citizen's page names it. `live` is False until the force has completed go-live (practice 10)."""

    force_id: str
    name: str
    live: bool


def brand_page(brand: Brand | None) -> None:
    """Brand this request's page for one force; None leaves the national front."""
    g.brand = brand


def not_live() -> None:
    """What this page sends goes to a force that is not live, whichever brand it wears."""
    g.not_live = True


def show_exit() -> None:
    """This page belongs to a sensitive form: the loud way out, and nothing kept by the browser (practice 14)."""
    g.exit_shown = True
    never_store()


def never_store() -> None:
    """The answer to this request is `no-store`."""
    g.never_store = True


class Frame:
    """Read by the layouts as `frame`; each value is worked out when a template first asks for it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def _brand(self) -> Brand | None:
        brand: Brand | None = g.get("brand")
        return brand

    @property
    def brand(self) -> str:
        """The name in the header."""
        return self._brand.name if self._brand else gettext("Contact the police")

    @property
    def force_id(self) -> str | None:
        """The force whose brand this page wears, where the address must say so."""
        return self._brand.force_id if self._brand and self._brand.force_id != self._settings.force_id else None

    @property
    def home_url(self) -> str:
        """Where the mark leads."""
        if self._brand and self._brand.force_id != self._settings.force_id:
            return url_for("citizen.force_front", force_id=self._brand.force_id)
        return url_for("citizen.front")

    @property
    def demonstration(self) -> bool:
        """True until the force has gone live, and always in demo mode (practice 10)."""
        return self._settings.demo or self._brand is None or not self._brand.live or bool(g.get("not_live"))

    @property
    def exit_shown(self) -> bool:
        """True where the exit component stands; elsewhere a quiet link does."""
        return bool(g.get("exit_shown"))

    @property
    def language_url(self) -> str:
        """This page in the other language."""
        other = "en" if current_language() == "cy" else "cy"
        kept = {name: value for name, value in request.args.items() if name in {"force", "form"}}
        return quote(self._page_path()) + "?" + urlencode(kept | {"lang": other})

    def _page_path(self) -> str:
        """This address, or the front where it only takes what is posted."""
        if request.method in {"GET", "HEAD"}:
            return request.path
        try:
            current_app.url_map.bind("").match(request.path, "GET")
        except HTTPException:
            return self.home_url
        return request.path


def init_frame(app: Flask, settings: Settings) -> None:
    """Give every template `frame`, and keep what must not be stored out of every cache."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        return {"frame": Frame(settings)}

    @app.after_request
    def no_store(response: Any) -> Any:  # noqa: ANN401 - Flask's own type for after_request
        if g.get("never_store"):
            response.headers["Cache-Control"] = "no-store"
        return response

"""Every endpoint says who may use it; one that does not stops the application from starting."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask

from contact.domain.access import Permission

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "__contact_access__"


class AccessKind(enum.StrEnum):
    """The four ways to be let in."""

    PUBLIC = "public"
    REQUIRES = "requires"
    PROVEN = "proven"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Access:
    """One endpoint's declaration. `background` requests (streams, heartbeats) do not keep a session awake."""

    kind: AccessKind
    permission: Permission | None = None
    step_up: bool = False
    background: bool = False

    def __str__(self) -> str:
        words = [self.kind.value if self.permission is None else f"{self.kind.value}({self.permission.value})"]
        words += ["step-up"] * self.step_up + ["background"] * self.background
        return " ".join(words)


class UndeclaredAccess(Exception):
    """Some endpoints do not say who may use them; names each one."""


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        if hasattr(view, _MARK):
            raise UndeclaredAccess(f"{view.__module__}.{view.__qualname__} declares its access twice")
        setattr(view, _MARK, access)
        return view

    return mark


def public(view: View) -> View:
    """Anybody may use it."""
    return _declare(Access(AccessKind.PUBLIC))(view)


def requires(permission: Permission, *, step_up: bool = False, background: bool = False) -> Callable[[View], View]:
    """A signed-in agent who holds the permission with some force; `step_up` wants a fresh second factor.

    Which force's rows they reach is decided by row-level security, and by `may(actor, permission, force_id)` in the
    service.
    """
    return _declare(Access(AccessKind.REQUIRES, permission, step_up, background))


def proven(view: View) -> View:
    """A citizen who has proven the `draft_id` or `reference` in the address (see `proofs.py`)."""
    return _declare(Access(AccessKind.PROVEN))(view)


def proven_quietly(view: View) -> View:
    """As `proven`, for what a page does by itself, such as a stream: it does not keep the session awake."""
    return _declare(Access(AccessKind.PROVEN, background=True))(view)


def webhook(view: View) -> View:
    """A provider; the view checks the provider's signature before anything else. No CSRF token is asked for."""
    return _declare(Access(AccessKind.WEBHOOK))(view)


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What an endpoint declared, or None."""
    declared = getattr(app.view_functions.get(endpoint), _MARK, None)
    return declared if isinstance(declared, Access) else None


def check_declarations(app: Flask) -> None:
    """Refuse to start while an endpoint is silent. Raises UndeclaredAccess naming all of them."""
    silent = sorted(endpoint for endpoint in app.view_functions if access_of(app, endpoint) is None)
    if silent:
        raise UndeclaredAccess("These endpoints do not declare who may use them: " + ", ".join(silent))


def table(app: Flask) -> list[tuple[str, str, str]]:
    """(methods, address, access) of every route, sorted: what the committed table is compared with."""
    return sorted(
        (
            ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})),
            rule.rule,
            str(access_of(app, rule.endpoint)),
        )
        for rule in app.url_map.iter_rules()
    )

"""The two id cookies: a random id with the time it was last used, sealed so that a GET need not write it down."""

from __future__ import annotations

import enum
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


class Audience(enum.StrEnum):
    """Who a page is for; each has a cookie of its own (architecture, decision 10)."""

    CITIZEN = "citizen"
    AGENT = "agent"
    WIDGET = "widget"


CONTROL_ROOM, WIDGET = "/control-room", "/widget"


def audience_of(path: str) -> Audience:
    """Everything below /control-room is for staff, everything below /widget for a frame in a force's own site."""
    if path == CONTROL_ROOM or path.startswith(CONTROL_ROOM + "/"):
        return Audience.AGENT
    return Audience.WIDGET if path.startswith(WIDGET + "/") else Audience.CITIZEN


@dataclass(frozen=True, slots=True)
class CookieRules:
    """How one audience's cookie looks and how long its session lasts.

    `stored_as`: a frame's session stands among the citizens', under an id that only its own cookie can seal.
    `partitioned`: sent from within other sites, each of which has a jar of its own; always Secure.
    """

    name: str
    path: str
    same_site: str
    idle: timedelta
    absolute: timedelta
    stored_as: str
    partitioned: bool = False


_HOUR = timedelta(hours=1)
# A citizen may sleep over half a report; an agent's session lasts a long shift and an hour without touching anything.
# The frame's is never the citizen's own session (engineering 12).
RULES = {
    Audience.CITIZEN: CookieRules("contact_citizen", "/", "Lax", 12 * _HOUR, 24 * _HOUR, "citizen"),
    Audience.AGENT: CookieRules("contact_agent", CONTROL_ROOM, "Strict", _HOUR, 12 * _HOUR, "agent"),
    Audience.WIDGET: CookieRules("contact_widget", WIDGET, "None", 12 * _HOUR, 24 * _HOUR, "citizen", partitioned=True),
}


@dataclass(frozen=True, slots=True)
class IdCookie:
    """The random id and when it was last used."""

    sid: str
    used_at: datetime

    @classmethod
    def fresh(cls, now: datetime) -> IdCookie:
        """A new id of 256 random bits."""
        return cls(secrets.token_urlsafe(32), now)

    @property
    def id_hash(self) -> bytes:
        """What the database knows the session by."""
        return hashlib.sha256(self.sid.encode()).digest()

    def sealed(self, key: str, audience: Audience) -> str:
        """The cookie's text: id, time in seconds, and a seal over both and the audience."""
        stamp = str(int(self.used_at.timestamp()))
        return f"{self.sid}.{stamp}.{_seal(key, audience, self.sid, stamp)}"

    @classmethod
    def opened(cls, text: str, key: str, audience: Audience) -> IdCookie | None:
        """Read a cookie; None when it is not ours or was touched."""
        parts = text.split(".")
        if len(parts) != 3:
            return None
        sid, stamp, seal = parts
        if not hmac.compare_digest(seal.encode(), _seal(key, audience, sid, stamp).encode()):
            return None
        return cls(sid, datetime.fromtimestamp(int(stamp), UTC))

    def csrf_secret(self, key: str) -> str:
        """The secret that form tokens are made of: the same as long as the id is, and never stored."""
        return hmac.new(key.encode(), b"csrf|" + self.sid.encode(), hashlib.sha256).hexdigest()


def _seal(key: str, audience: Audience, sid: str, stamp: str) -> str:
    text = f"cookie|{audience.value}|{sid}|{stamp}"
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:40]


def visit_hours() -> dict[str, int]:
    """How long a citizen's session lasts, in hours, as the pages about it say it."""
    rules = RULES[Audience.CITIZEN]
    return {"idle_hours": rules.idle // _HOUR, "session_hours": rules.absolute // _HOUR}

"""Our own server-side sessions: written by the edge's commit, never by a GET that only looks (engineering 23, 24)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from flask import Flask, Request, Response, g
from flask import session as flask_session
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy.orm import Session

from contact.settings import Settings
from contact.store import sessions
from contact.store.sessions import StoredSession
from contact.web.shared import clock, database
from contact.web.shared.cookies import RULES, Audience, IdCookie, audience_of

CSRF_FIELD = "csrf_token"
_RESTAMP_AFTER = timedelta(minutes=1)


class WebSession(SessionMixin):
    """One browser's session. Nothing is read from the database before it is asked for.

    The CSRF secret is derived from the id, so that showing a form writes no row and a form never grows too old.
    """

    def __init__(self, audience: Audience, cookie: IdCookie, *, key: str, came: bool, now: datetime) -> None:
        self.audience = audience
        self.cookie = cookie
        self.modified = False
        self.accessed = False
        self.form_shown = False
        self.background = False
        self.ended = False
        self._key = key
        self._now = now
        self._came = came
        self._idle = came and now - cookie.used_at > RULES[audience].idle
        self._stored: StoredSession | None = None
        self._loaded = not came or self._idle
        self._data: dict[str, Any] = {}
        self._old_hashes: list[bytes] = []
        self._continues: bytes | None = None
        self._first = (cookie, came)

    # What Flask and Flask-WTF see: a mapping.
    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - the type of any mapping of JSON
        if name == CSRF_FIELD:
            self.form_shown = True
            return self.cookie.csrf_secret(self._key)
        return self._read()[name]

    def __contains__(self, name: object) -> bool:
        return name == CSRF_FIELD or name in self._read()

    def __setitem__(self, name: str, value: Any) -> None:  # noqa: ANN401 - as above
        if name != CSRF_FIELD:
            self._read()[name] = value
            self.modified = True

    def __delitem__(self, name: str) -> None:
        del self._read()[name]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    # What our own code sees.
    @property
    def came_with_cookie(self) -> bool:
        """True when the browser showed a cookie of ours."""
        return self._came

    @property
    def agent_id(self) -> UUID | None:
        """The agent who signed in here, or None."""
        self._read()
        return self._stored.agent_id if self._stored else None

    @property
    def stepped_up_at(self) -> datetime | None:
        """When the second factor was last given, or None."""
        self._read()
        return self._stored.stepped_up_at if self._stored else None

    def sign_in(self, agent_id: UUID) -> None:
        """Start a new session for an agent under a new id; what the old one held is dropped."""
        self._loaded, self._data, self._continues = True, {}, None
        self._stored = self._new(agent_id=agent_id, stepped_up_at=self._now)
        self.rotate()

    def step_up(self) -> None:
        """Note that the second factor was given again just now, and change the id."""
        self._read()
        if self._stored is not None:
            self._stored = replace(self._stored, stepped_up_at=self._now)
            self.rotate()

    def lock(self) -> None:
        """Wait for other requests of this browser that change the session, and read it as they left it.

        Before adding to what the session holds: a second tab, or a second click, must not undo the first.
        """
        if self._came and not self._idle and not self.modified:
            sessions.lock(database.session()(), id_hash=self.cookie.id_hash)
            self._loaded = False

    def rotate(self) -> None:
        """Change the id and keep what the session holds; the old id is dead at the commit."""
        self._read()
        if self._came:
            self._old_hashes.append(self.cookie.id_hash)
        self.cookie = IdCookie.fresh(self._now)
        self._came = False
        self._idle = False
        self.modified = True
        g.pop(CSRF_FIELD, None)

    def end(self) -> None:
        """End the session; the browser is told to forget its cookie."""
        if self._came:
            self._old_hashes.append(self.cookie.id_hash)
        self._loaded, self._data, self._stored = True, {}, None
        self.modified, self.ended = False, True

    def store(self, orm: Session) -> None:
        """Write what changed; called by the edge just before the commit, and only there.

        A session that was ended meanwhile, by signing out everywhere or by `/exit`, stays ended.
        """
        if self.modified and self._idle:
            self.rotate()
        alive = True
        for id_hash in self._old_hashes:
            was_there = sessions.end(orm, id_hash=id_hash)
            alive = alive and (was_there or id_hash != self._continues)
        if not self.modified or self.ended or not alive:
            return
        stored = replace(self._stored or self._new(), id_hash=self.cookie.id_hash, data=self._data, seen_at=self._now)
        if self._continues == stored.id_hash:
            sessions.update(orm, stored)
        else:
            sessions.save(orm, stored)

    def abandon(self) -> None:
        """The transaction was rolled back: the browser keeps the cookie it came with."""
        self.modified = self.ended = False
        self._old_hashes = []
        self.cookie, self._came = self._first

    def send(self, response: Response, *, secure: bool) -> None:
        """Set or clear the cookie where that is needed: a form was shown, something was stored, or a minute passed.

        Never on what a cache may keep: it would hand one person's cookie to the next.
        """
        if not response.cache_control.no_store:
            return
        rules = RULES[self.audience]
        secure = secure or rules.partitioned
        if self.ended:
            response.delete_cookie(
                rules.name,
                path=rules.path,
                secure=secure,
                httponly=True,
                samesite=rules.same_site,
                partitioned=rules.partitioned,
            )
            return
        fresh = not self._came and (self.modified or self.form_shown)
        awake = self._came and not self._idle and not self.background
        if awake and self._now - self.cookie.used_at > _RESTAMP_AFTER:
            self.cookie = replace(self.cookie, used_at=self._now)
            fresh = True
        if fresh:
            response.set_cookie(
                rules.name,
                self.cookie.sealed(self._key, self.audience),
                path=rules.path,
                secure=secure,
                httponly=True,
                samesite=rules.same_site,
                partitioned=rules.partitioned,
            )

    def _new(self, *, agent_id: UUID | None = None, stepped_up_at: datetime | None = None) -> StoredSession:
        return StoredSession(
            id_hash=self.cookie.id_hash,
            audience=RULES[self.audience].stored_as,
            agent_id=agent_id,
            data={},
            created_at=self._now,
            seen_at=self._now,
            expires_at=self._now + RULES[self.audience].absolute,
            stepped_up_at=stepped_up_at,
        )

    def _read(self) -> dict[str, Any]:
        self.accessed = True
        if not self._loaded:
            self._loaded = True
            self._stored = sessions.find_live(
                database.session()(),
                id_hash=self.cookie.id_hash,
                audience=RULES[self.audience].stored_as,
                now=self._now,
            )
            self._data = dict(self._stored.data) if self._stored else {}
            self._continues = self._stored.id_hash if self._stored else None
        return self._data


class ServerSessions(SessionInterface):
    """Chooses the audience by the path, reads the cookie, and leaves the row to the edge's transaction."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.secret_key
        self._secure = settings.secure_cookies

    def open_session(self, app: Flask, request: Request) -> WebSession:
        """A session object for any request; touches no database."""
        audience = audience_of(request.path)
        now = clock.utcnow()
        text = request.cookies.get(RULES[audience].name, "")
        cookie = IdCookie.opened(text, self._key, audience) if text else None
        came = cookie is not None
        return WebSession(audience, cookie or IdCookie.fresh(now), key=self._key, came=came, now=now)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie; the row was written by the edge."""
        if isinstance(session, WebSession):
            session.send(response, secure=self._secure)


def init_sessions(app: Flask, settings: Settings) -> None:
    """Replace Flask's signed-cookie session by ours."""
    app.session_interface = ServerSessions(settings)


def web_session() -> WebSession:
    """This request's session, typed."""
    return cast(WebSession, flask_session._get_current_object())  # type: ignore[attr-defined]

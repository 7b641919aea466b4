"""Browsers that are already somewhere: a citizen at check-answers, an agent signed in; cookies as the web's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from contact.settings import Settings
from contact.store import sessions
from contact.store.sessions import StoredSession
from contact.web.shared.cookies import RULES, Audience, IdCookie


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser sends: its cookie header and the token of its forms."""

    cookie: str
    csrf: str


def open_browser(
    session: Session,
    settings: Settings,
    *,
    audience: Audience,
    data: Mapping[str, Any] | None = None,
    agent_id: UUID | None = None,
) -> Browser:
    """Store a session and answer what its browser holds."""
    now = dt.datetime.now(dt.UTC)
    cookie = IdCookie.fresh(now)
    rules = RULES[audience]
    sessions.save(
        session,
        StoredSession(
            id_hash=cookie.id_hash,
            audience=audience.value,
            agent_id=agent_id,
            data=dict(data or {}),
            created_at=now,
            seen_at=now,
            expires_at=now + rules.absolute,
            stepped_up_at=now if agent_id else None,
        ),
    )
    secret = cookie.csrf_secret(settings.secret_key)
    token = URLSafeTimedSerializer(settings.secret_key, salt="wtf-csrf-token").dumps(secret)
    return Browser(f"{rules.name}={cookie.sealed(settings.secret_key, audience)}", str(token))

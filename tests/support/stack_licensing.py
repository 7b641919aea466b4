"""Applications in a running demonstration, sent from behind with the demonstration's own keys."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from contact.run import demo_environment
from contact.services.keys import Keys
from contact.store.engine import make_engine, make_sessions
from tests.support.licensing import Applied, apply
from tests.support.stack import Stack


@dataclass
class _Behind:
    """A demonstration's own database, as contact_web."""

    web: sessionmaker[Session]
    north: str


def applied(stack: Stack, force: str, answers: dict[str, Any] | None = None) -> Applied:
    """An application that was just sent to a force."""
    secret = demo_environment.keys_of(stack.run.home)["SECRET_KEY"]
    code_key = hmac.new(secret.encode(), b"spoken codes", hashlib.sha256).digest()
    keys = Keys(code_key=code_key, audit_key=stack.audit_key)
    engine = make_engine(stack.server.urls().web, pool_size=1)
    try:
        behind = _Behind(make_sessions(engine), force)
        return apply(behind, answers, keys=keys, now=dt.datetime.now(dt.UTC))
    finally:
        engine.dispose()

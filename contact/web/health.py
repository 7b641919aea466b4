"""Signs of life for machines: is the process there, can it serve, what has it counted (engineering 16)."""

from __future__ import annotations

import hmac
import ipaddress
from datetime import timedelta

import prometheus_client
from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, multiprocess
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from contact.domain.access import WEBHOOK
from contact.services.chat import READY_FOR
from contact.settings import Settings
from contact.store import health as store
from contact.web.shared import clock, database
from contact.web.shared.access import public
from contact.web.shared.request_actor import speak_for

room = Blueprint("health", __name__)
_SILENT_AFTER = timedelta(seconds=60)


@room.get("/livez")
@public
def live() -> ResponseReturnValue:
    """The process answers; nothing else is looked at."""
    return Response("ok\n", mimetype="text/plain")


@room.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """200 when the database answers at, or ahead of, the revision this code needs; 503 otherwise.

    The state of worker, watch and chatbot is told, and does not decide: a queue can still be worked without them.
    """
    states = {"database": _database(), "worker": "unknown", "watch": "unknown", "chatbot": "off"}
    if states["database"] == "ok":
        states |= _processes()
    if not _may_see_details():
        states = {"database": states["database"]}
    return jsonify(states), 200 if states["database"] == "ok" else 503


@room.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Prometheus' text format, all processes of this machine together."""
    if not _may_see_details():
        return Response("not for you\n", status=403, mimetype="text/plain")
    registry: CollectorRegistry = CollectorRegistry()
    try:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    except ValueError:  # one process only
        registry = prometheus_client.REGISTRY
    text = prometheus_client.generate_latest(registry).decode()
    return Response(text + _gauges(), content_type=prometheus_client.CONTENT_TYPE_LATEST)


def _settings() -> Settings:
    settings: Settings = current_app.config["CONTACT_SETTINGS"]
    return settings


def _may_see_details() -> bool:
    """A direct peer on this machine with no proxy in between, or whoever holds METRICS_TOKEN."""
    token = _settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-Ip"))
    original = request.environ.get("werkzeug.proxy_fix.orig", {}).get("REMOTE_ADDR") or request.remote_addr or ""
    if not original:  # a Unix socket: only this machine can reach it
        return not forwarded
    try:
        return not forwarded and ipaddress.ip_address(original).is_loopback
    except ValueError:
        return False


def _database() -> str:
    try:
        return "ok" if store.is_migrated(database.session()()) else "behind"
    except (DBAPIError, PoolTimeout):
        database.session().rollback()
        return "away"


def _processes() -> dict[str, str]:
    seen = store.last_seen(database.session()())
    now = clock.utcnow()
    states = {
        kind: "ok" if kind in seen and now - seen[kind] < _SILENT_AFTER else "silent" for kind in ("worker", "watch")
    }
    if _settings().chatbot:
        there = "chatbot" in seen and now - seen["chatbot"] < READY_FOR
        states["chatbot"] = "ok" if there else "away"
    return states


def _gauges() -> str:
    """What is asked of the database when somebody looks, rather than counted."""
    try:
        speak_for(WEBHOOK)  # the one actor of the web that counts every force's alarms; only numbers leave
        seen = store.last_seen(database.session()())
        alarms = store.open_alarms(database.session()())
    except (DBAPIError, PoolTimeout):
        database.session().rollback()
        return "# TYPE contact_database_up gauge\ncontact_database_up 0\n"
    now = clock.utcnow()
    lines = ["# TYPE contact_database_up gauge", "contact_database_up 1", "# TYPE contact_heartbeat_age_seconds gauge"]
    lines += [
        f'contact_heartbeat_age_seconds{{kind="{kind}"}} {(now - at).total_seconds():.1f}'
        for kind, at in sorted(seen.items())
    ]
    lines += ["# TYPE contact_open_alarms gauge"]
    lines += [f'contact_open_alarms{{kind="{kind}"}} {count}' for kind, count in sorted(alarms.items())]
    return "\n".join(lines) + "\n"

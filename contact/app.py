"""Puts the application together, and does nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from contact.extensions import csrf
from contact.settings import Settings
from contact.web import admin, auth, citizen, controlroom, health, licensing, map_data, webhooks, widget
from contact.web.shared.access import check_declarations
from contact.web.shared.body_limits import init_body_limits
from contact.web.shared.clean_request import CleanRequest
from contact.web.shared.clock import init_clock
from contact.web.shared.compression import init_compression
from contact.web.shared.database import init_database
from contact.web.shared.errors import init_errors
from contact.web.shared.frame import init_frame
from contact.web.shared.guard import init_guard
from contact.web.shared.headers import init_headers
from contact.web.shared.language import init_language
from contact.web.shared.metrics import init_metrics
from contact.web.shared.quiet_log import init_quiet_log
from contact.web.shared.session import init_sessions
from contact.web.shared.static_files import init_static
from contact.web.shared.templates import init_templates
from contact.web.shared.transaction import init_transactions

ROOMS = ("citizen", "controlroom")


def create_app(settings: Settings, rooms: Sequence[str] = ROOMS) -> Flask:
    """The service for either audience or both. Raises UndeclaredAccess when an endpoint does not say who may use it.

    After-request hooks run in the reverse of this order: the transaction ends first, so that the page for a commit that
    failed gets its headers too; compression comes last.
    """
    app = Flask("contact", static_folder=None, template_folder=None)
    app.request_class = CleanRequest
    init_config(app, settings)
    init_clock(app)
    init_templates(app, settings)
    init_compression(app)
    init_database(app, settings)
    init_sessions(app, settings)
    init_body_limits(app, settings)
    init_headers(app, settings)
    init_metrics(app)
    init_language(app)
    init_frame(app, settings)
    init_static(app, settings)
    csrf.init_app(app)
    init_guard(app)
    init_quiet_log(app)
    init_errors(app)
    init_transactions(app)
    register_rooms(app, settings, rooms)
    check_declarations(app)
    return app


def init_config(app: Flask, settings: Settings) -> None:
    """What Flask itself reads. A token is as old as its cookie, and origin is checked by token, so no time limit."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        CONTACT_SETTINGS=settings,
        CONTACT_PUBLIC_URL=settings.public_url,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


def register_rooms(app: Flask, settings: Settings, rooms: Sequence[str]) -> None:
    """Open the rooms asked for, and those that every process has."""
    for room in (health.room, map_data.room, webhooks.room):
        app.register_blueprint(room)
    if "citizen" in rooms:
        app.register_blueprint(citizen.room)
        app.register_blueprint(widget.room)
    if "controlroom" in rooms:
        for room in (auth.room, controlroom.room, licensing.room, admin.room):
            app.register_blueprint(room)
    if settings.demo:
        from contact.demo import handset, pages, payment_desk  # noqa: F401 - they hang their own pages into the room

        app.register_blueprint(pages.room)

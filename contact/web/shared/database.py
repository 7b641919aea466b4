"""Connects the request's database session to our engine options and its transactions' actor."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from contact.extensions import db
from contact.settings import Settings
from contact.store.engine import engine_options, sqlalchemy_url


def init_database(app: Flask, settings: Settings) -> None:
    """The web's engine: the login role of DATABASE_URL, the options shared with the worker."""
    app.config["SQLALCHEMY_DATABASE_URI"] = sqlalchemy_url(settings.database_url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.pool_size)
    db.init_app(app)


def session() -> scoped_session[Session]:
    """The request's session; its transaction is ended by the edge alone (`transaction.py`)."""
    return db.session  # type: ignore[return-value]

"""One request is one transaction: the edge commits what went well and rolls back the rest."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, has_request_context
from flask import session as flask_session
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from contact.web.shared import database
from contact.web.shared.quiet_log import log_failure
from contact.web.shared.session import WebSession, web_session

log = logging.getLogger(__name__)
_ANYWAY = "contact_commit_anyway"


def commit_anyway() -> None:
    """Commit even when the answer is a refusal: read events and counted tries (engineering 24, 25).

    The caller makes sure that nothing else stands in the transaction.
    """
    setattr(g, _ANYWAY, True)


def commit_now() -> None:
    """End the transaction here and go on in a new one with the same actor.

    For the few things that must be durable, or unlocked, before the request goes on: a counter against guessing, a row
    written before a provider is asked. Nothing half-made may stand in the session.
    """
    database.session().commit()


def init_transactions(app: Flask) -> None:
    """Hang the edge on the application. Called after all other after-request hooks, so that it runs first of them."""

    @app.after_request
    def end_transaction(response: Response) -> Response:
        return _commit(app, response) if _went_well(response) else _roll_back(response)


def _went_well(response: Response) -> bool:
    return response.status_code < 400 or bool(g.get(_ANYWAY, False))


def _commit(app: Flask, response: Response) -> Response:
    orm = database.session()
    try:
        web_session().store(orm())
        if orm.registry.has():
            orm.commit()
    except (DBAPIError, PoolTimeout) as failure:
        log_failure(log, "the commit failed", failure)
        _roll_back(response)
        return app.make_response(app.handle_user_exception(failure))
    return response


def _roll_back(response: Response) -> Response:
    orm = database.session()
    try:
        if orm.registry.has():
            orm.rollback()
    except DBAPIError as failure:
        log_failure(log, "the rollback failed", failure)
        orm.remove()
    if has_request_context() and isinstance(flask_session._get_current_object(), WebSession):  # type: ignore[attr-defined]
        web_session().abandon()
    return response

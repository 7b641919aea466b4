"""The table from what went wrong to a status and a calm page; nothing that was typed is lost on the way."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from contact.domain import errors as domain
from contact.domain.licensing.decisions import NflmsNeeded, SamePerson
from contact.domain.licensing.visits import SlotsNotPossible
from contact.domain.recording import MalformedNumber, TimeNotPossible
from contact.gateways.evidence.store import StoreAway
from contact.services.licensing.own_fees import FeeNotPossible
from contact.services.payments.refunding import NoRefund
from contact.web.shared import database
from contact.web.shared.addresses import came_from_elsewhere, came_from_us
from contact.web.shared.body_limits import PAGE_BYTES, drain_body, drain_file
from contact.web.shared.cookies import Audience, audience_of
from contact.web.shared.failures import NotProven, SignedOut
from contact.web.shared.quiet_log import log_failure
from contact.web.shared.session import web_session
from contact.web.shared.streamed_body import is_streamed

log = logging.getLogger(__name__)

# What happened: (status, page). The page is templates/errors/<page>.html.
TABLE: dict[type[Exception], tuple[int, str]] = {
    domain.AtCapacity: (409, "at_capacity"),
    domain.ContactAlreadyTaken: (409, "already_taken"),
    domain.ContactClosedTooLong: (410, "gone"),
    domain.DraftExpired: (410, "draft_expired"),
    domain.DraftIncomplete: (409, "draft_incomplete"),
    domain.EmergencyNeedsLivePage: (409, "emergency_needs_live_page"),
    domain.EvidenceDamaged: (500, "failed"),
    domain.EvidenceNotOpen: (409, "move_not_allowed"),
    domain.Forbidden: (403, "forbidden"),
    domain.ForceNotLive: (409, "force_not_live"),
    domain.ForceNotKnown: (409, "force_not_known"),
    domain.LeaseLost: (409, "lease_lost"),
    domain.LinkExpired: (410, "link_expired"),
    domain.MalformedReference: (404, "unknown_reference"),
    domain.MessageUnread: (409, "move_not_allowed"),
    domain.MoveNotAllowed: (409, "move_not_allowed"),
    domain.NotFound: (404, "not_found"),
    domain.NotYours: (409, "not_yours"),
    domain.NothingWaiting: (409, "nothing_waiting"),
    domain.OffsetMismatch: (409, "move_not_allowed"),
    domain.OnlineAccessStopped: (410, "access_stopped"),
    domain.PasswordTooWeak: (400, "bad_request"),
    domain.ReasonNeeded: (400, "reason_needed"),
    domain.ReleaseNeedsLogNumber: (409, "release_needs_log_number"),
    domain.SignInRefused: (401, "sign_in_refused"),
    domain.StepUpNeeded: (401, "step_up_needed"),
    domain.TooBig: (413, "too_large"),
    domain.TooManyTries: (429, "too_many_tries"),
    domain.TransferRefused: (409, "transfer_refused"),
    domain.UndeclaredEvent: (500, "failed"),
    domain.UnsafeToReply: (409, "unsafe_to_reply"),
    domain.UploadRefused: (409, "move_not_allowed"),
    StoreAway: (503, "away"),
    CSRFError: (400, "form_too_old"),
    DataError: (400, "bad_request"),
    NoRefund: (409, "move_not_allowed"),
    NotProven: (403, "not_proven"),
    MalformedNumber: (400, "bad_request"),
    NflmsNeeded: (400, "bad_request"),
    RequestEntityTooLarge: (413, "too_large"),
    SamePerson: (409, "move_not_allowed"),
    SignedOut: (401, "signed_out"),
    SlotsNotPossible: (400, "bad_request"),
    FeeNotPossible: (400, "bad_request"),
    TimeNotPossible: (400, "bad_request"),
}
_BY_STATUS = {403: "forbidden", 404: "not_found", 405: "not_found", 410: "gone", 429: "too_many_tries", 503: "away"}
_AWAY = (InterfaceError, OperationalError, PoolTimeout)
_SECRET_FIELDS = ("csrf_token", "password", "code", "words", "secret", "token")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed into the form that could not be taken; `again` when one press may send it once more."""

    fields: list[tuple[str, str]]
    again: bool
    action: str

    @property
    def readable(self) -> list[str]:
        """The texts long enough to be worth showing."""
        return [value for _, value in self.fields if len(value.strip()) > 3 or " " in value.strip()]


def kept_form() -> Kept | None:
    """The form of this request without its secrets, or None when there was none."""
    if request.method != "POST" or request.mimetype not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return None
    if is_streamed(current_app, request.endpoint):
        return None
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(secret in name.lower() for secret in _SECRET_FIELDS)
    ]
    return Kept(fields, came_from_us(request), request.full_path.rstrip("?")) if fields else None


def init_errors(app: Flask) -> None:
    """Answer every error with its page."""
    for error in TABLE:
        app.register_error_handler(error, _from_table)
    for away in _AWAY:
        app.register_error_handler(away, _database_away)
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _failed)


def _from_table(error: Exception) -> ResponseReturnValue:
    status, page = next(TABLE[kind] for kind in type(error).__mro__ if kind in TABLE)
    if isinstance(error, DataError):
        database.session().rollback()
    answer = error_page(status, page, error=error)
    if isinstance(error, domain.TooManyTries) and error.retry_after_seconds:
        answer.headers["Retry-After"] = str(error.retry_after_seconds)
    return answer


def _signed_out(error: Exception) -> ResponseReturnValue:
    """A page goes to the sign-in and comes back; a form keeps what was typed in sight."""
    if request.method != "GET" or _wants_json():
        return _from_table(error)
    here = request.full_path.rstrip("?")
    if came_from_elsewhere(request) and not web_session().came_with_cookie:
        return render_template("auth/go_on.html", address=here)
    return redirect(url_for("auth.sign_in", next=here))


def _too_large(error: Exception) -> ResponseReturnValue:
    of_a_file = is_streamed(current_app, request.endpoint)
    if of_a_file:
        drain_file()
    else:
        drain_body()
    page = "file_too_large" if of_a_file else "too_large"
    answer = error_page(413, page, limit_bytes=request.max_content_length or PAGE_BYTES, no_form=True)
    answer.headers["Connection"] = "close"
    return answer


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    answer = error_page(status, _BY_STATUS.get(status, "bad_request" if status < 500 else "failed"), error=error)
    if status == 405:
        answer.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    return answer


def _database_away(error: Exception) -> ResponseReturnValue:
    log.error("the database is away: %s", type(getattr(error, "orig", error)).__name__)
    try:
        database.session().rollback()
    except _AWAY:
        database.session().remove()
    answer = error_page(503, "away", error=error)
    answer.headers["Retry-After"] = "10"
    return answer


def _failed(error: Exception) -> ResponseReturnValue:
    return error_page(500, "failed")


def error_page(status: int, page: str, *, no_form: bool = False, **context: Any) -> Response:  # noqa: ANN401 - what a template takes
    """A page for a person, or a code for a script. Falls back to fixed words when even the page cannot be made."""
    if status < 500:
        log.warning("refused with %s (%s) at %s", status, page, request.endpoint)
    else:
        log.error("failed with %s (%s) at %s", status, page, request.endpoint)
    if _wants_json():
        return make_response(jsonify(error=page), status)
    staff = audience_of(request.path) is Audience.AGENT or "citizen" not in current_app.blueprints
    context.setdefault("error", None)
    try:
        html = render_template(
            f"errors/{page}.html",
            layout="layouts/controlroom.html" if staff else "layouts/citizen.html",
            staff=staff,
            kept=None if no_form else kept_form(),
            **context,
        )
    except Exception as failure:
        log_failure(log, "the page for an error could not be made", failure)
        html = FAILSAFE
    return make_response(html, status)


def _wants_json() -> bool:
    accepted = request.accept_mimetypes
    return bool(accepted) and accepted.best_match(["text/html", "application/json"]) == "application/json"


FAILSAFE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Sorry, something went wrong</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Sorry, something went wrong</h1>
<p><strong>In an emergency call 999.</strong> If you cannot speak, call 999 on a mobile and press 55.</p>
<p>If it is not an emergency you can call 101.</p>
<p>Try again in a few minutes. What you saved before is still there.</p></main></body></html>
"""

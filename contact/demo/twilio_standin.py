"""A stand-in at Twilio's address: the calls and texts part of its API, on this machine only, for the demonstration."""

from __future__ import annotations

import hmac
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from contact.demo.twilio_line import Line
from contact.demo.twilio_state import Call, Exchange, Fault, Text

_ACCOUNT = "/2010-04-01/Accounts/<account_sid>"
_POOL = "+441632960000"
"""The number that a messaging service of the stand-in chooses."""
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


def make_stand_in(exchange: Exchange, *, account_sid: str, auth_token: str, quick: bool = False) -> Flask:
    """The WSGI application. `quick` leaves out the pauses between a call's steps (tests)."""
    app = Flask("contact.demo.twilio_standin", static_folder=None)
    line = Line(exchange, account_sid=account_sid, auth_token=auth_token, quick=quick)

    @app.before_request
    def account_only() -> ResponseReturnValue | None:
        given = request.authorization
        known = given is not None and hmac.compare_digest(
            f"{given.username}:{given.password}".encode(), f"{account_sid}:{auth_token}".encode()
        )
        return None if known else _problem(401, 20003, "Authenticate")

    @app.errorhandler(404)
    def not_found(error: Exception) -> ResponseReturnValue:
        return _problem(404, 20404, "The requested resource was not found")

    _add_calls(app, exchange, line, account_sid)
    _add_texts(app, exchange, line, account_sid)
    _add_controls(app, exchange, line)
    _add_handset(app, exchange, line)
    return app


def _add_calls(app: Flask, exchange: Exchange, line: Line, account: str) -> None:
    @app.post(f"{_ACCOUNT}/Calls.json")
    def create_call(account_sid: str) -> ResponseReturnValue:
        form = request.form
        if refused := _missing(21201 if not form.get("To") else 21205, "To", "From", "Url"):
            return refused
        return _created(
            exchange,
            "calls",
            lambda: exchange.add_call(
                to=form["To"],
                from_number=form["From"],
                url=form["Url"],
                status_url=form.get("StatusCallback"),
                events=form.getlist("StatusCallbackEvent") or ["completed"],
                timeout_s=int(form.get("Timeout", "60")),
            ),
            line.start_call,
            account,
        )

    @app.get(f"{_ACCOUNT}/Calls.json")
    def list_calls(account_sid: str) -> ResponseReturnValue:
        wanted = [call for call in exchange.calls() if _asked_for(call)]
        return _page("calls", [call.as_twilio(account) for call in wanted])

    @app.get(f"{_ACCOUNT}/Calls/<sid>.json")
    def get_call(account_sid: str, sid: str) -> ResponseReturnValue:
        return jsonify((exchange.call(sid) or abort(404)).as_twilio(account))

    @app.post(f"{_ACCOUNT}/Calls/<sid>.json")
    def update_call(account_sid: str, sid: str) -> ResponseReturnValue:
        call = exchange.call(sid) or abort(404)
        status = request.form.get("Status")
        if status not in {None, "completed", "canceled"}:
            return _problem(400, 21218, "Invalid Status")
        if status:
            line.end_call(sid, status)
        return jsonify(call.as_twilio(account))


def _add_texts(app: Flask, exchange: Exchange, line: Line, account: str) -> None:
    @app.post(f"{_ACCOUNT}/Messages.json")
    def create_text(account_sid: str) -> ResponseReturnValue:
        form = request.form
        if refused := _unusable(form):
            return refused
        return _created(
            exchange,
            "texts",
            lambda: exchange.add_text(
                to=form["To"],
                from_number=form.get("From") or _POOL,
                body=form["Body"],
                status_url=form.get("StatusCallback"),
                messaging_service_sid=form.get("MessagingServiceSid"),
            ),
            line.start_text,
            account,
        )

    @app.get(f"{_ACCOUNT}/Messages.json")
    def list_texts(account_sid: str) -> ResponseReturnValue:
        wanted = [text for text in exchange.texts() if _asked_for(text)]
        return _page("messages", [text.as_twilio(account) for text in wanted])

    @app.get(f"{_ACCOUNT}/Messages/<sid>.json")
    def get_text(account_sid: str, sid: str) -> ResponseReturnValue:
        return jsonify((exchange.text(sid) or abort(404)).as_twilio(account))

    @app.get(f"{_ACCOUNT}/Messages/<sid>/Media/<media_sid>")
    def get_media(account_sid: str, sid: str, media_sid: str) -> ResponseReturnValue:
        content_type, content = exchange.media(media_sid) or abort(404)
        return Response(content, content_type=content_type)


def _add_controls(app: Flask, exchange: Exchange, line: Line) -> None:
    """What Twilio has not: the hand that picks up, and trouble to order. The phone page and the tests use it."""

    @app.get("/stand-in/received")
    def received() -> ResponseReturnValue:
        return jsonify(
            calls=[asdict(call) for call in exchange.calls()],
            texts=[asdict(text) for text in exchange.texts()],
            faults=[asdict(fault) for fault in exchange.ordered()],
        )

    @app.post("/stand-in/calls/<sid>/answer")
    def answer(sid: str) -> ResponseReturnValue:
        answered = line.answer(sid)
        if answered and (digits := request.form.get("digits")):
            answered = line.press(sid, digits)
        return jsonify(done=answered), 200 if answered else 409

    @app.post("/stand-in/calls/<sid>/press")
    def press(sid: str) -> ResponseReturnValue:
        done = line.press(sid, request.form.get("digits", ""))
        return jsonify(done=done), 200 if done else 409

    @app.post("/stand-in/calls/<sid>/end")
    def end(sid: str) -> ResponseReturnValue:
        line.end_call(sid, request.form.get("status", "no-answer"))
        return jsonify(done=True)

    @app.post("/stand-in/faults/forget")
    def forget() -> ResponseReturnValue:
        exchange.forget_faults()
        return jsonify(done=True)

    @app.post("/stand-in/faults")
    def order() -> ResponseReturnValue:
        exchange.order(Fault(**request.get_json()))
        return jsonify(done=True)


def _add_handset(app: Flask, exchange: Exchange, line: Line) -> None:
    """Somebody's telephone: what is typed on it reaches us as a webhook."""

    @app.post("/stand-in/texts")
    def text_in() -> ResponseReturnValue:
        form = request.form
        media = [
            exchange.add_media(file.mimetype or "application/octet-stream", file.read())
            for file in request.files.getlist("media")
            if file.filename
        ]
        text = exchange.add_text(
            to=form["to"],
            from_number=form["from"],
            body=form.get("body", ""),
            status_url=None,
            status="received",
            direction="inbound",
            media=media,
        )
        line.text_in(text, form["address"], own_address=request.host_url.rstrip("/"))
        return jsonify(sid=text.sid)


def _created(
    exchange: Exchange,
    on: str,
    add: Callable[[], Any],
    start: Callable[[Any], None],
    account_sid: str,
) -> ResponseReturnValue:
    """Do the work and answer 201, meeting whatever trouble was ordered first."""
    fault = exchange.trouble(on)
    kind = fault.kind if fault else ""
    if fault and kind == "refuse":
        return _problem(400, fault.code, "Refused")
    if kind == "busy":
        return _problem(429, 20429, "Too Many Requests")
    if kind == "fail":
        return _problem(500, 20500, "Internal Server Error")
    if fault and kind == "hang_before":
        time.sleep(fault.seconds)
        return _problem(503, 20503, "Service Unavailable")
    made = add()
    answer = made.as_twilio(account_sid)  # as it was accepted, before anything rings
    threading.Thread(target=start, args=(made,), daemon=True).start()
    if fault and kind in {"hang_after", "delay"}:
        time.sleep(fault.seconds)
    return jsonify(answer), 201


def _asked_for(row: Call | Text) -> bool:
    asked = request.args
    return asked.get("To", row.to) == row.to and asked.get("From", row.from_number) == row.from_number


def _page(name: str, rows: list[dict[str, Any]]) -> ResponseReturnValue:
    size = min(int(request.args.get("PageSize", "50")), 1000)
    page = int(request.args.get("Page", "0"))
    shown = rows[page * size : (page + 1) * size]

    def uri(number: int) -> str:
        return f"{request.path}?PageSize={size}&Page={number}"

    return jsonify(
        {
            name: shown,
            "end": page * size + max(len(shown) - 1, 0),
            "first_page_uri": uri(0),
            "next_page_uri": uri(page + 1) if len(rows) > (page + 1) * size else None,
            "page": page,
            "page_size": size,
            "previous_page_uri": uri(page - 1) if page else None,
            "start": page * size,
            "uri": uri(page),
        }
    )


def _unusable(form: Mapping[str, str]) -> ResponseReturnValue | None:
    """What Twilio says of a text that it cannot take."""
    if not form.get("To"):
        return _problem(400, 21604, "A 'To' phone number is required")
    if not form.get("From") and not form.get("MessagingServiceSid"):
        return _problem(400, 21603, "A 'From' phone number is required")
    if not form.get("Body"):
        return _problem(400, 21602, "Message body is required")
    if not _NUMBER.fullmatch(form["To"]):
        return _problem(400, 21211, "Invalid 'To' Phone Number")
    if len(form["Body"]) > 1600:
        return _problem(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    return None


def _missing(code: int, *names: str) -> ResponseReturnValue | None:
    for name in names:
        if not request.form.get(name):
            return _problem(400, code, f"A '{name}' is required")
    return None


def _problem(status: int, code: int, message: str) -> ResponseReturnValue:
    body = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return jsonify(body), status

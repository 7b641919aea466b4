"""A running Twilio stand-in for tests, recording every exchange so that it can be held to the specification."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import requests
from flask import request
from flask.wrappers import Response
from werkzeug.serving import make_server

from contact.demo.twilio_standin import make_stand_in
from contact.demo.twilio_state import Exchange
from contact.gateways.twilio import TwilioClient

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "token-of-the-stand-in"
OUR_NUMBER = "+441632960000"
THEIR_NUMBER = "+447700900123"


@dataclass(frozen=True)
class Seen:
    """One exchange: what was asked (path, query, form body) and what was answered."""

    method: str
    path: str
    query: str
    body: str
    status: int
    answer: object


@dataclass
class StandIn:
    """The running stand-in: its address, its state, and all that passed."""

    address: str
    exchange: Exchange
    seen: list[Seen] = field(default_factory=list)

    def client(self, *, token: str = AUTH_TOKEN, limit_s: float = 5.0) -> TwilioClient:
        """A real client that calls this stand-in."""
        return TwilioClient(
            account_sid=ACCOUNT_SID, auth_token=token, number=OUR_NUMBER, address=self.address, limit_s=limit_s
        )

    def order(self, **fault: object) -> None:
        """Order trouble (see Fault)."""
        self._control("/stand-in/faults", json=fault)

    def answer(self, sid: str, digits: str = "") -> int:
        """Pick up a call, perhaps pressing keys; answers the HTTP status."""
        return self._control(f"/stand-in/calls/{sid}/answer", data={"digits": digits})

    def _control(self, path: str, **body: object) -> int:
        answer = requests.post(self.address + path, auth=(ACCOUNT_SID, AUTH_TOKEN), timeout=15, **body)  # type: ignore[arg-type]
        return answer.status_code


@contextmanager
def running_stand_in(file: Path | None = None) -> Iterator[StandIn]:
    """Serve a stand-in on a free port until the block ends."""
    exchange = Exchange(file)
    app = make_stand_in(exchange, account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN, quick=True)
    found = StandIn(address="", exchange=exchange)

    @app.after_request
    def keep(response: Response) -> Response:
        if request.path.startswith("/2010"):
            body = urlencode([(name, value) for name, values in request.form.lists() for value in values])
            found.seen.append(
                Seen(
                    request.method,
                    request.path,
                    request.query_string.decode(),
                    body,
                    response.status_code,
                    response.get_json(),
                )
            )
        return response

    server = make_server("127.0.0.1", 0, app, threaded=True)
    found.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()

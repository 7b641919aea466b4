"""The demonstration's outside world in one process: mail, a telephone company and one for payments, here only."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from contact.demo.mail_sink import outbox_folder, start_sink
from contact.demo.stripe_standin import make_stripe_stand_in, watch_the_clock
from contact.demo.stripe_till import Till
from contact.demo.stripe_webhooks import Teller, Troubles
from contact.demo.twilio_standin import make_stand_in
from contact.demo.twilio_state import Exchange
from contact.settings import Settings


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Numbers that were called and who pays do not go to a log."""


def main() -> int:
    """Serve all until SIGTERM."""
    settings = Settings.from_env(os.environ)
    if not settings.demo or settings.twilio_api_url is None:
        print("The stand-ins are for the demonstration only.", file=sys.stderr)
        return 2
    smtp = urlsplit(settings.smtp_url)
    twilio = urlsplit(settings.twilio_api_url)
    sink = start_sink(outbox_folder(settings.home), port=smtp.port or 25)
    exchange = Exchange(_file(settings, "phone"))
    phone = make_stand_in(exchange, account_sid=settings.twilio_account_sid, auth_token=settings.twilio_auth_token)
    servers = [_serve(phone, twilio.port or 80), *_payments(settings)]
    over = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: over.set())
    over.wait()
    for server in servers:
        server.shutdown()
    sink.stop()
    return 0


def _serve(app: Flask, port: int) -> BaseWSGIServer:
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    return server


def _payments(settings: Settings) -> list[BaseWSGIServer]:
    """The stand-in for Stripe; none where somebody brought a test account of Stripe's own."""
    key, secret, address = settings.stripe_secret_key, settings.stripe_webhook_secret, settings.stripe_api_url
    if key is None or secret is None or address is None:
        return []
    troubles = Troubles()
    teller = Teller(troubles, address=f"{settings.public_url}/webhooks/stripe", webhook_secret=secret)
    till = Till(_file(settings, "payments"), tell=teller.tell)
    watch_the_clock(till)
    return [_serve(make_stripe_stand_in(till, teller, troubles, secret_key=key), urlsplit(address).port or 80)]


def _file(settings: Settings, name: str) -> Path:
    """One for each address that the demonstration runs at, so that two at once do not overwrite each other."""
    folder = settings.home / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}-{settings.port}.json"


if __name__ == "__main__":
    sys.exit(main())

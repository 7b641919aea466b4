"""The demonstration's outside world in one process: a mail server and a telephone company, on this machine only."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

from werkzeug.serving import WSGIRequestHandler, make_server

from contact.demo.mail_sink import outbox_folder, start_sink
from contact.demo.twilio_standin import make_stand_in
from contact.demo.twilio_state import Exchange
from contact.settings import Settings


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Numbers that were called do not go to a log."""


def main() -> int:
    """Serve both until SIGTERM."""
    settings = Settings.from_env(os.environ)
    if not settings.demo or settings.twilio_api_url is None:
        print("The stand-ins are for the demonstration only.", file=sys.stderr)
        return 2
    smtp = urlsplit(settings.smtp_url)
    twilio = urlsplit(settings.twilio_api_url)
    sink = start_sink(outbox_folder(settings.home), port=smtp.port or 25)
    exchange = Exchange(_phone_file(settings.home, settings.port))
    phone = make_stand_in(exchange, account_sid=settings.twilio_account_sid, auth_token=settings.twilio_auth_token)
    server = make_server("127.0.0.1", twilio.port or 80, phone, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    over = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: over.set())
    over.wait()
    server.shutdown()
    sink.stop()
    return 0


def _phone_file(home: Path, port: int) -> Path:
    """One for each address that the demonstration runs at, so that two at once do not overwrite each other."""
    folder = home / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"phone-{port}.json"


if __name__ == "__main__":
    sys.exit(main())

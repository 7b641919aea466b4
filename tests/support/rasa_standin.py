"""A stand-in at Rasa's address for tests: answers turns as the contract says, and goes wrong as it is told to."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TRICKLE_S = 0.25
GIVES_UP_S = 60.0


def turn(say: str = "Where was it taken?", **changed: object) -> dict[str, Any]:
    """What a chatbot makes of a stolen bicycle; `changed` replaces parts."""
    triage = {
        "category": "theft", "category_confidence": 0.9, "grade": "standard", "grade_confidence": 0.9,
        "advise_999": False, "flags": [], "confidence": 0.9, "reasons": ["model"], "version": "m-1",
        "data_version": "d-1",
    }  # fmt: skip
    whole = {
        "version": 1, "say": [say], "asks": "where", "hand_over": None, "form": None, "answer": None,
        "triage": triage, "facts": [], "summary": ["Bicycle taken", "Not said where"],
    }  # fmt: skip
    return whole | changed


@dataclass
class RasaStandIn:
    """Its address, what it was asked, and how it behaves.

    `mood`: answer · hold (until `let_go` is set) · hang · 500 · rubbish · empty · words_only · other_turn · half ·
    slow · dropped · deep · huge. Kept small on purpose: it answers the same to everything, so what is counted is what
    was asked.
    """

    address: str = ""
    mood: str = "answer"
    asked: list[dict[str, Any]] = field(default_factory=list)
    reply: dict[str, Any] = field(default_factory=turn)
    let_go: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def message_ids(self) -> list[str]:
        """The message ids asked about, in order."""
        return [str(body["metadata"]["message_id"]) for body in self.asked]


class _Handler(BaseHTTPRequestHandler):
    standing_in: RasaStandIn

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        if self.standing_in.mood == "hang":
            self.standing_in.over.wait(GIVES_UP_S)
            return
        self._send(200, json.dumps({"model_file": "m.tar.gz", "num_active_training_jobs": 0}).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.standing_in.asked.append(body)
        with suppress(OSError):  # whoever asked may have gone
            self._misbehave(self.standing_in.mood)

    def _misbehave(self, mood: str) -> None:
        whole = json.dumps([{"recipient_id": "x", "custom": {"turn": self.standing_in.reply}}]).encode()
        if mood == "hold":
            self.standing_in.let_go.wait(GIVES_UP_S)
        elif mood == "hang":
            self.standing_in.over.wait(GIVES_UP_S)
            return
        answers = {
            "500": (500, b"Internal Server Error"),
            "rubbish": (200, b"<html>\xff\x00 this is not JSON"),
            "empty": (200, b"[]"),
            "words_only": (200, b'[{"recipient_id": "x", "text": "An unexpected error occurred."}]'),
            "other_turn": (200, b'[{"custom": {"turn": {"version": 2, "say": 7}}}]'),
            "deep": (200, b"[" * 150_000),
            "huge": (200, whole + b" " * 2_000_000),
        }
        if mood == "dropped":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif mood == "half":
            self._head(200, len(whole) * 2)
            self.wfile.write(whole[: len(whole) // 2])
        elif mood == "slow":
            self._head(200, len(whole))
            for byte in whole:
                self.wfile.write(bytes([byte]))
                if self.standing_in.over.wait(TRICKLE_S):
                    return
        else:
            self._send(*answers.get(mood, (200, whole)))

    def _head(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _send(self, status: int, body: bytes) -> None:
        with suppress(OSError):
            self._head(status, len(body))
            self.wfile.write(body)


@contextmanager
def rasa_stand_in(mood: str = "answer") -> Iterator[RasaStandIn]:
    """A stand-in on a free port until the block ends."""
    made = RasaStandIn(mood=mood)
    handler = type("Handler", (_Handler,), {"standing_in": made})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    made.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.over.set()
        made.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join(5)

"""Mail that leaves: what it carries, and how each way of failing is told apart."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller

from contact.demo.mail_sink import list_kept, start_sink
from contact.gateways.failures import MayHaveHappened, Refused, TryLater
from contact.gateways.mail import SmtpMail, compose
from contact.gateways.wording import Letter

MAIL_ID = UUID("01890000-0000-7000-8000-000000000001")
NOW = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
WORDS = Letter(subject="Mae eich neges gyda ni", text="Ŵ, ŷ a thân.\n", language="cy")


def message(recipient: str = "ann@example.org", words: Letter = WORDS) -> EmailMessage:
    return compose(words, mail_id=MAIL_ID, sender="Contact <contact@contact.example>", recipient=recipient, now=NOW)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Refusing:
    """A mail server that answers DATA with one code."""

    def __init__(self, answer: str, pause_s: float = 0) -> None:
        self.answer, self.pause_s = answer, pause_s

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        await asyncio.sleep(self.pause_s)
        return self.answer


@contextmanager
def server(answer: str, pause_s: float = 0, limit_s: float = 20.0) -> Iterator[SmtpMail]:
    controller = Controller(Refusing(answer, pause_s), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield SmtpMail(f"smtp://127.0.0.1:{controller.port}", total_limit_s=limit_s)
    finally:
        controller.stop(no_assert=True)


def test_the_message_names_itself_after_our_mail_and_starts_no_loop() -> None:
    found = message()
    assert found["Message-ID"] == f"<{MAIL_ID}@contact.example>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Content-Language"] == "cy"
    assert found["To"] == "ann@example.org"
    assert found["Date"] == "Fri, 06 Mar 2026 16:30:00 +0000"
    assert "List-Unsubscribe" not in found
    again = message_from_bytes(found.as_bytes())
    assert all(len(line) <= 998 for line in found.as_bytes().split(b"\r\n"))
    assert again.get_payload(decode=True).decode() == "Ŵ, ŷ a thân.\r\n"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "recipient", ["nobody", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "a@b.example;c@d.example", ""]
)
def test_an_address_that_would_reach_others_is_refused(recipient: str) -> None:
    with pytest.raises(ValueError, match="address"):
        message(recipient)


def test_a_subject_cannot_add_a_header() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        message(words=Letter(subject="Hello\nBcc: other@example.org", text="x", language="en"))


def test_what_is_sent_arrives_in_the_outbox(tmp_path: Path) -> None:
    sink = start_sink(tmp_path / "outbox", port=free_port())
    try:
        SmtpMail(f"smtp://127.0.0.1:{sink.port}").send(message())
    finally:
        sink.stop(no_assert=True)
    (kept,) = list_kept(tmp_path / "outbox")
    assert kept.to == "ann@example.org"
    assert kept.subject == "Mae eich neges gyda ni"
    assert kept.text.strip() == "Ŵ, ŷ a thân."
    assert ("Auto-Submitted", "auto-generated") in kept.headers


@pytest.mark.parametrize(
    ("answer", "error"), [("451 try later", TryLater), ("554 no", Refused), ("550 nobody here", Refused)]
)
def test_a_refusal_for_now_and_a_refusal_for_good(answer: str, error: type[Exception]) -> None:
    with server(answer) as mail, pytest.raises(error, match=answer[:3]):
        mail.send(message())


def test_a_server_that_is_not_there_was_told_nothing() -> None:
    with pytest.raises(TryLater):
        SmtpMail(f"smtp://127.0.0.1:{free_port()}").send(message())


def test_a_server_that_says_nothing_is_left_in_time() -> None:
    began = time.monotonic()
    with server("250 at last", pause_s=30, limit_s=1.0) as mail:
        with pytest.raises(MayHaveHappened):
            mail.send(message())
        assert time.monotonic() - began < 20


def test_a_server_that_hangs_up_may_have_taken_it() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def hang_up() -> None:
        talk, _ = listener.accept()
        with talk, talk.makefile("rb") as lines:
            talk.sendall(b"220 hello\r\n")
            for line in lines:
                if line.upper().startswith(b"DATA"):
                    talk.sendall(b"354 go on\r\n")
                    break
                talk.sendall(b"250 fine\r\n")
            while lines.readline() not in {b".\r\n", b""}:
                pass

    thread = threading.Thread(target=hang_up, daemon=True)
    thread.start()
    with listener, pytest.raises(MayHaveHappened):
        SmtpMail(f"smtp://127.0.0.1:{listener.getsockname()[1]}").send(message())
    thread.join(5)

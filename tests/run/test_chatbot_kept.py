"""Rasa and its actions are started again when they die or hang; where there can be none, that is said once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from contact.run import chatbot
from contact.run.chatbot import Address, Stopped, address_of_running
from contact.run.children import Child, stop_all
from contact.run.demo_environment import CLONE, free_port
from tests.support.background import until
from tests.support.database import new_home
from tests.support.run import STOPS_WITHIN_S, running

SERVER = """
import http.server, sys
class Status(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'{"model_file": "m.tar.gz"}')
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Status).serve_forever()
"""
MEMORY = "postgresql://contact_chatbot@/contact_chatbot"


class Kept:
    """Two children in Rasa's stead, and what was said of them; the third `ready` ends it."""

    def __init__(self) -> None:
        port = free_port()
        self.address = Address(f"http://127.0.0.1:{port}", "http://127.0.0.1:1/webhook", MEMORY)
        self.rasa = Child("Rasa", [sys.executable, "-c", SERVER, str(port)], dict(os.environ))
        self.actions = Child("its actions", [sys.executable, "-c", "import time; time.sleep(600)"], dict(os.environ))
        self.said: list[str] = []
        self.pids: list[int] = []

    def run(self, *signs: int) -> None:
        """Until it was ready once more than there are signs; each sign is sent to Rasa when it is ready."""
        left = list(signs)

        def ready() -> None:
            assert self.rasa.process is not None
            self.pids.append(self.rasa.process.pid)
            if not left:
                raise Stopped
            os.kill(self.rasa.process.pid, left.pop(0))

        try:
            chatbot.keep_alive([self.rasa, self.actions], self.address, say=self.said.append, when_ready=ready)
        except Stopped:
            pass
        finally:
            for child in (self.rasa, self.actions):
                child.end(signal.SIGCONT)
            stop_all([self.rasa, self.actions], patience_s=0)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chatbot, "HANGS_AFTER_S", 2.0)
    monkeypatch.setattr(chatbot, "LOOK_S", 0.05)


def test_killed_it_is_started_again_and_said_to_be_ready_again() -> None:
    kept = Kept()
    kept.run(signal.SIGKILL)
    assert len(set(kept.pids)) == 2
    assert sum("is ready" in line for line in kept.said) == 2
    assert any("Rasa ended (signal SIGKILL)" in line for line in kept.said)


def test_hung_it_is_ended_and_started_again() -> None:
    kept = Kept()
    kept.run(signal.SIGSTOP)
    assert len(set(kept.pids)) == 2
    assert any("does not answer" in line for line in kept.said)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads our own messages from a pipe")
def test_without_python_3_10_it_is_said_once_and_nobody_is_bothered_again(tmp_path: Path) -> None:
    environment = {
        "PATH": "/nonexistent", "HOME": str(tmp_path), "CONTACT_HOME": str(tmp_path), "UV_OFFLINE": "1",
        "UV_PYTHON_INSTALL_DIR": str(tmp_path / "pythons"), "CHATBOT_DATABASE_URL": MEMORY, "PYTHONPATH": str(CLONE),
        "RASA_URL": f"http://127.0.0.1:{free_port()}",
    }  # fmt: skip
    log = tmp_path / "chatbot.log"
    said = tmp_path / "said"
    with said.open("wb") as output:
        command = [sys.executable, "-m", "contact.run.chatbot", "--log", str(log)]
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, cwd="/")
    try:
        until(lambda: "There is no assistant in this run" in said.read_text())
        assert "Python 3.10" in said.read_text()
        assert "A person answers every conversation" in said.read_text()
        assert process.poll() is None, "whoever started it would start it again and again"
        assert address_of_running(tmp_path) is None
        began = time.monotonic()
        process.terminate()
        assert process.wait(60) == 0
        assert time.monotonic() - began < 30
        assert said.read_text().count("There is no assistant") == 1
        assert "Traceback" not in said.read_text()
    finally:
        process.kill()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
def test_the_service_runs_on_where_there_can_be_no_chatbot() -> None:
    folder = new_home()
    bare = {"PATH": "/nonexistent", "HOME": str(folder), "UV_OFFLINE": "1", "CHATBOT": "on"}
    try:
        with running(folder / "home", bare | {"UV_PYTHON_INSTALL_DIR": str(folder / "pythons")}) as run:
            assert "The assistant is getting ready" in run.said()
            run.wait_until(lambda: "There is no assistant in this run" in run.said())
            run.wait_until(run.healthy)
            run.wait_until(lambda: '"chatbot":"away"' in run.fetch("/healthz")[1].replace(" ", ""))
            run.wait_until(lambda: run.fetch("/chat")[0] == 200)
            assert run.stop() < STOPS_WITHIN_S, run.said()
    finally:
        shutil.rmtree(folder, ignore_errors=True)

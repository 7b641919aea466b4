"""How long a newcomer waits: from `contact run` to the first page, the second time."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from contact.bench.row import Row
from contact.run import demo_environment

LONGEST_S = 90


def rows() -> list[Row]:
    """Start, stop, start again in the same home."""
    with tempfile.TemporaryDirectory(prefix="contact-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        first, second = _start(home), _start(home)
    return [Row("second start, first page", second, "s", first, None, "<= 5 s", second <= 5)]


def _start(home: Path) -> float:
    """Seconds until the front page came; then all is stopped again."""
    port = demo_environment.free_port()
    own = {"CONTACT_MODE": "demo", "CONTACT_HOME": str(home), "PORT": str(port), "CHATBOT": "off"}
    environment = dict(os.environ) | own
    began = time.perf_counter()
    command = [sys.executable, "-m", "contact.cli", "run"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, process_group=0)
    try:
        while time.perf_counter() - began < LONGEST_S:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/")
                if connection.getresponse().status == 200:
                    return time.perf_counter() - began
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("the demonstration did not start")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)

"""The chatbot's own tests, which need Rasa's Python: run there, as a program."""

from __future__ import annotations

import os
import subprocess

from contact.run.chatbot_preparation import ROOM, home_for, passed_on
from tests.support.rasa_served import Served

PARTS = ("tests/components", "tests/dialogue")
LIMIT_S = 300


def test_they_pass(rasa: Served) -> None:
    command = [rasa.rasa.command[0], "-m", "pytest", "-q", "-c", os.devnull, "--rootdir=.", "-p", "no:cacheprovider"]
    environment = passed_on(os.environ, home_for(os.environ))
    done = subprocess.run(
        [*command, *PARTS], cwd=ROOM, env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]

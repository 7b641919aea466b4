"""A real Rasa with a small model for tests, that can be killed and started again in the middle of a conversation."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from contact.gateways.rasa import RasaClient
from contact.run import chatbot
from contact.run.chatbot import Address
from contact.run.chatbot_preparation import prepare
from contact.run.children import Child, stop_all
from contact.run.demo_environment import free_port

COMES_UP_WITHIN_S = 300.0


@dataclass
class Served:
    """Its address, and its two processes."""

    address: Address
    rasa: Child
    actions: Child

    def client(self) -> RasaClient:
        """A client whose breaker is closed, patient with a busy machine."""
        return RasaClient(self.address.rasa_url, limit_s=60.0)

    def wait(self) -> None:
        """Until it answers. Raises AssertionError with its last words."""
        client, deadline = self.client(), time.monotonic() + COMES_UP_WITHIN_S
        while not client.is_there():
            assert self.rasa.alive(), self.rasa.tail(40)
            assert self.actions.alive(), self.actions.tail(40)
            assert time.monotonic() < deadline, self.rasa.tail(40)
            time.sleep(0.2)

    def restart(self) -> None:
        """Kill Rasa outright and wait until it is back with its model."""
        self.rasa.end(signal.SIGKILL)
        if self.rasa.process is not None:
            self.rasa.process.wait(30)
        self.rasa.start()
        self.wait()


@contextmanager
def served(memory: str, folder: Path) -> Iterator[Served]:
    """Make what is missing, train the small model, serve it with its actions. Raises NotMade."""
    made = prepare(os.environ, log=folder / "prepare.log", say=print, small=True)
    address = Address(f"http://127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}/webhook", memory)
    rasa, actions = chatbot.children(made, address, os.environ, log=folder / "rasa.log")
    try:
        for child in (actions, rasa):
            child.start()
        running = Served(address, rasa, actions)
        running.wait()
        yield running
    finally:
        stop_all([rasa, actions], patience_s=5)

"""Where this run's chatbot is: made and served here, somewhere else on the private network, or nowhere."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contact.run.demo_environment import free_port
from contact.run.private_database import PrivateDatabase

_NO_MEMORY = (
    "CHATBOT_DATABASE_URL is missing: the chatbot keeps its memory in a database of its own "
    "(contact database roles prints how to make it). Or set RASA_URL, or CHATBOT=off."
)


@dataclass(frozen=True)
class ChatbotPlace:
    """`ours`: it is to be started here. `environment` is for every process; `problem` says why there is none."""

    ours: bool
    environment: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    def command(self, log: Path | None) -> list[str]:
        """What starts it."""
        return [sys.executable, "-m", "contact.run.chatbot", *(["--log", str(log)] if log else [])]

    def standing(self) -> str:
        """One line for whoever started us."""
        if self.ours:
            return "The assistant is getting ready: until it says so here, a person answers every conversation."
        if self.problem:
            return f"There is no assistant. {self.problem}"
        if self.environment.get("CHATBOT") == "on":
            return f"The assistant is at {self.environment['RASA_URL']}."
        return "The assistant is off: a person answers every conversation."


def decide(environ: Mapping[str, str], *, demo: bool, database: PrivateDatabase | None) -> ChatbotPlace:
    """The demonstration has one unless CHATBOT=off; the service has one where CHATBOT=on."""
    wanted = (environ.get("CHATBOT") or ("on" if demo else "off")).lower()
    if wanted != "on":
        return ChatbotPlace(ours=False, environment={"CHATBOT": wanted})  # the settings tell what is wrong with it
    memory = environ.get("CHATBOT_DATABASE_URL") or (database.chatbot_url() if database is not None else "")
    kept = {"CHATBOT": "on"} | ({"CHATBOT_DATABASE_URL": memory} if memory else {})
    if elsewhere := environ.get("RASA_URL"):
        return ChatbotPlace(ours=False, environment=kept | {"RASA_URL": elsewhere})
    if not memory:
        return ChatbotPlace(ours=False, environment={"CHATBOT": "off"}, problem=_NO_MEMORY)
    made = {
        "RASA_URL": f"http://127.0.0.1:{free_port()}",
        "RASA_ACTIONS_URL": f"http://127.0.0.1:{free_port()}/webhook",
    }
    return ChatbotPlace(ours=True, environment=kept | made)

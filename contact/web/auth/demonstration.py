"""What the sign-in page tells in demo mode alone: who there is, and the code their authenticator would show."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag

from contact.domain.access import SIGNIN
from contact.domain.demonstration import DEMO_PASSWORD
from contact.services import second_factor
from contact.store import agents
from contact.web.auth.keys import sealing_key, settings
from contact.web.shared import clock, database
from contact.web.shared.request_actor import speak_for


@dataclass(frozen=True, slots=True)
class DemoAgent:
    """One invented agent and how to sign in as them."""

    name: str
    email: str
    roles: list[str]
    code: str


@dataclass(frozen=True, slots=True)
class DemoSignIns:
    """The table on the sign-in page."""

    password: str
    agents: list[DemoAgent]


def demo_sign_ins() -> DemoSignIns | None:
    """None outside demo mode, whatever the database holds (engineering 17)."""
    if not settings().demo:
        return None
    now, key = clock.utcnow(), sealing_key()
    speak_for(SIGNIN)
    found = []
    for agent, roles in agents.list_ready(database.session()(), limit=12):
        try:
            secret = second_factor.opened(agent.totp_secret_sealed or b"", agent_id=agent.id, key=key)
        except InvalidTag:
            continue
        code = second_factor.current_code(secret, now=now, last_step=agent.totp_last_step)
        found.append(DemoAgent(agent.name, agent.email, roles, code))
    return DemoSignIns(DEMO_PASSWORD, found)

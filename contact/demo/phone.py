"""What the demonstration's telephones received, asked of the stand-in; and the hand that picks up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests

from contact.settings import Settings

_WAIT_S = 10


@dataclass(frozen=True, slots=True)
class Rung:
    """One call as the phone page shows it. `can_answer`: it rings now; `can_press`: it asks for a key."""

    sid: str
    to: str
    at: datetime
    status: str
    heard: Sequence[str]
    pressed: Sequence[str]
    can_answer: bool
    can_press: bool


@dataclass(frozen=True, slots=True)
class Texted:
    """One text as the phone page shows it."""

    to: str
    at: datetime
    status: str
    body: str


class StandInAway(Exception):
    """The stand-in does not answer; the demonstration was started without it."""


@dataclass(frozen=True, slots=True)
class Phone:
    """The stand-in at its address."""

    settings: Settings

    def received(self) -> tuple[list[Rung], list[Texted]]:
        """Calls and texts, newest first. Raises StandInAway."""
        found = self._ask("GET", "/stand-in/received").json()
        return [_rung(row) for row in found["calls"]], [_texted(row) for row in found["texts"]]

    def answer(self, sid: str, *, digits: str) -> bool:
        """Pick up and press keys; False when it had stopped ringing. Raises StandInAway."""
        return self._ask("POST", f"/stand-in/calls/{sid}/answer", {"digits": digits}).ok

    def press(self, sid: str, *, digits: str) -> bool:
        """Press keys in a call that runs; False when it is over. Raises StandInAway."""
        return self._ask("POST", f"/stand-in/calls/{sid}/press", {"digits": digits}).ok

    def _ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> requests.Response:
        account = (self.settings.twilio_account_sid, self.settings.twilio_auth_token)
        try:
            return requests.request(
                method, f"{self.settings.twilio_api_url}{path}", data=form, auth=account, timeout=_WAIT_S
            )
        except requests.RequestException as error:
            raise StandInAway from error


def _rung(row: Mapping[str, Any]) -> Rung:
    return Rung(
        sid=row["sid"],
        to=row["to"],
        at=datetime.fromisoformat(row["created_at"]),
        status=row["status"],
        heard=row["heard"],
        pressed=row["pressed"],
        can_answer=row["status"] in {"queued", "ringing"},
        can_press=row["status"] == "in-progress" and bool(row["action_url"]),
    )


def _texted(row: Mapping[str, Any]) -> Texted:
    return Texted(to=row["to"], at=datetime.fromisoformat(row["created_at"]), status=row["status"], body=row["body"])

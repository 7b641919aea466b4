"""What the demonstration's telephones received, asked of the stand-in; and the hand that picks up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests

from contact.domain.sms_text import measure
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
    """One text as the phone page shows it. `mine`: somebody's to us. `status` is Twilio's word, `error` its code."""

    sid: str
    to: str
    sender: str
    at: datetime
    status: str
    body: str
    mine: bool
    error: int | None
    files: int
    segments: int

    def pieces(self, ours: str) -> list[tuple[str, str]]:
        """The words, cut where a telephone would let one tap on a link: (words, address); only at our own address."""
        if self.mine:
            return [(self.body, "")]
        cut = re.split(rf"({re.escape(ours)}/[\w/.-]+)", self.body)
        return [(piece, piece if number % 2 else "") for number, piece in enumerate(cut) if piece]

    @property
    def theirs(self) -> str:
        """The number of the person, whoever wrote."""
        return self.sender if self.mine else self.to


@dataclass(frozen=True, slots=True)
class Received:
    """All that the stand-in knows, newest first; `trouble`: what was ordered and not yet met, as (on, kind, times)."""

    calls: list[Rung]
    texts: list[Texted]
    trouble: list[tuple[str, str, int]]


class StandInAway(Exception):
    """The stand-in does not answer; the demonstration was started without it."""


@dataclass(frozen=True, slots=True)
class Phone:
    """The stand-in at its address."""

    settings: Settings

    def received(self) -> Received:
        """Calls and texts, newest first. Raises StandInAway."""
        found = self._ask("GET", "/stand-in/received").json()
        return Received(
            calls=[_rung(row) for row in found["calls"]],
            texts=[_texted(row) for row in found["texts"]],
            trouble=[(row["on"], row["kind"], row["times"]) for row in found["faults"]],
        )

    def text(self, *, theirs: str, ours: str, body: str, file: tuple[str, bytes, str] | None) -> bool:
        """Somebody texts us, perhaps with a file (name, bytes, type). Raises StandInAway."""
        form = {
            "from": theirs,
            "to": ours,
            "body": body,
            "address": f"{self.settings.public_url}/webhooks/twilio/sms",
        }
        return self._ask("POST", "/stand-in/texts", form, files={"media": file} if file else None).ok

    def order(self, **fault: str | int | float) -> bool:
        """Order trouble (see twilio_state.Fault). Raises StandInAway."""
        return self._ask("POST", "/stand-in/faults", json=fault).ok

    def forget_trouble(self) -> bool:
        """Take back what was ordered. Raises StandInAway."""
        return self._ask("POST", "/stand-in/faults/forget").ok

    def answer(self, sid: str, *, digits: str) -> bool:
        """Pick up and press keys; False when it had stopped ringing. Raises StandInAway."""
        return self._ask("POST", f"/stand-in/calls/{sid}/answer", {"digits": digits}).ok

    def press(self, sid: str, *, digits: str) -> bool:
        """Press keys in a call that runs; False when it is over. Raises StandInAway."""
        return self._ask("POST", f"/stand-in/calls/{sid}/press", {"digits": digits}).ok

    def _ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        json: Mapping[str, str | int | float] | None = None,
    ) -> requests.Response:
        account = (self.settings.twilio_account_sid, self.settings.twilio_auth_token)
        url = f"{self.settings.twilio_api_url}{path}"
        try:
            return requests.request(method, url, data=form, files=files, json=json, auth=account, timeout=_WAIT_S)
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
    return Texted(
        sid=row["sid"],
        to=row["to"],
        sender=row["from_number"],
        at=datetime.fromisoformat(row["created_at"]),
        status=row["status"],
        body=row["body"],
        mine=row["direction"] == "inbound",
        error=row["error_code"],
        files=len(row["media"]),
        segments=max(1, measure(row["body"]).parts),
    )

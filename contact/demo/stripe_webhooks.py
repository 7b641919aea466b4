"""The stand-in's webhooks: signed as Stripe signs, tried again until taken; late, double or lost on order."""

from __future__ import annotations

import json
import queue
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import requests

from contact.demo.stripe_objects import Json
from contact.gateways.stripe import sign_as_stripe

_WAIT_S = 10
_TRIES = 6


@dataclass
class Fault:
    """Trouble ordered for the next `times` webhooks (`on` webhooks) or questions to Stripe (`on` api).

    Of webhooks `kind` is delay, duplicate, reorder or lose; of questions fail (HTTP 500), busy (429) or hang_after
    (done, and answered only after `seconds`).
    """

    on: str
    kind: str
    times: int = 1
    seconds: float = 0.0


class Troubles:
    """Trouble that was ordered and not yet met; safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Order trouble."""
        with self._lock:
            self._faults.append(fault)

    def ordered(self) -> list[Fault]:
        """What was not yet met."""
        with self._lock:
            return [fault for fault in self._faults if fault.times > 0]

    def forget(self) -> None:
        """Take back what was not yet met."""
        with self._lock:
            self._faults.clear()

    def next(self, on: str) -> Fault | None:
        """What the next one meets, used up by one."""
        with self._lock:
            for fault in self._faults:
                if fault.on == on and fault.times > 0:
                    fault.times -= 1
                    return fault
            return None


@dataclass(frozen=True, slots=True)
class Told:
    """One webhook as the demonstration's page lists it; `answer` is None while nobody took it, or where it was lost."""

    event_id: str
    kind: str
    how: str
    answer: int | None


class Teller:
    """Posts events one after the other. `quick` leaves out the pauses between tries (tests)."""

    def __init__(self, troubles: Troubles, *, address: str, webhook_secret: str, quick: bool = False) -> None:
        self._troubles = troubles
        self._address = address
        self._secret = webhook_secret
        self._pause_s = 0.02 if quick else 1.0
        self._waiting: queue.Queue[Json] = queue.Queue()
        self._told: list[Told] = []
        threading.Thread(target=self._tell_for_ever, name="stand-in-stripe-webhooks", daemon=True).start()

    def tell(self, event: Json) -> None:
        """Tell of an event, soon."""
        self._waiting.put(event)

    def told(self) -> list[Told]:
        """The last hundred, newest first."""
        return list(reversed(self._told))

    def _tell_for_ever(self) -> None:
        held: Json | None = None
        while True:
            event = self._waiting.get()
            fault = self._troubles.next("webhooks")
            kind = fault.kind if fault else ""
            if kind == "reorder" and held is None:
                held = event  # told after the next one
                continue
            if kind == "lose":
                self._note(event, "lost", None)
            elif fault is not None and kind == "delay":
                threading.Timer(fault.seconds, self._tell, (event, "late")).start()
            elif kind == "duplicate":
                self._at_once(event, times=10)
            else:
                self._tell(event, "")
            if held is not None:
                self._tell(held, "out of order")
                held = None

    def _at_once(self, event: Json, *, times: int) -> None:
        posts = [threading.Thread(target=self._tell, args=(event, "ten times"), daemon=True) for _ in range(times)]
        for post in posts:
            post.start()
        for post in posts:
            post.join()

    def _tell(self, event: Json, how: str) -> None:
        """Post it until it is taken, with growing pauses; a taken webhook is answered 2xx."""
        answer = None
        for attempt in range(_TRIES):
            answer = self._post(event)
            if answer is not None and 200 <= answer < 300:
                break
            time.sleep(self._pause_s * 2**attempt)
        self._note(event, how, answer)

    def _note(self, event: Json, how: str, answer: int | None) -> None:
        self._told = [*self._told[-99:], Told(event["id"], event["type"], how, answer)]

    def _post(self, event: Json) -> int | None:
        body = json.dumps(event, indent=2).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": sign_as_stripe(webhook_secret=self._secret, body=body, at=datetime.now(UTC)),
        }
        try:
            return requests.post(self._address, data=body, headers=headers, timeout=_WAIT_S).status_code
        except requests.RequestException:
            return None

"""Rasa: one turn of a conversation, one text read on its own, and whether it is there; over HTTP only.

What comes back is read by `domain.bot_turn`; an answer that is none is a failure like any other (scenario 13).
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

import requests

from contact.domain.bot_turn import BotTurn, NotATurn, Triage, read_triage, read_turn
from contact.gateways.deadline import OutOfTime, within
from contact.gateways.failures import OutsideFailure, TryLater

CONNECT_LIMIT_S, TOTAL_LIMIT_S = 1.0, 8.0
"""A turn has eight seconds in all (engineering 13): the person gets an honest word within ten (scenario 13)."""
OPEN_FOR_S = 15.0
"""After a failure nobody waits for Rasa for this long, or twelve hung turns would hold up the thirteenth."""
_LONGEST_ANSWER, _CHUNK = 200_000, 65_536


class Chatbot(Protocol):
    """What the service asks of a chatbot. Each may raise OutsideFailure."""

    def turn(self, *, conversation_id: UUID, text: str, metadata: Mapping[str, Any]) -> BotTurn:
        """Its answer to what was said. The same `metadata["message_id"]` again is answered the same again."""

    def read(self, text: str) -> Triage:
        """What the model makes of a text by itself; nothing is remembered."""

    def is_there(self) -> bool:
        """Whether a model is loaded and answers. Raises nothing."""


class NoChatbot:
    """CHATBOT=off: every conversation goes to a person."""

    def turn(self, *, conversation_id: UUID, text: str, metadata: Mapping[str, Any]) -> BotTurn:
        """Raises TryLater, always."""
        raise TryLater("rasa", "off")

    def read(self, text: str) -> Triage:
        """Raises TryLater, always."""
        raise TryLater("rasa", "off")

    def is_there(self) -> bool:
        """Never."""
        return False


class RasaClient:
    """The real client: `address` is Rasa's own, on this machine or the private network."""

    def __init__(self, address: str, *, limit_s: float = TOTAL_LIMIT_S) -> None:
        self._address = address.rstrip("/")
        self._limit_s = limit_s
        self._http = requests.Session()
        self._http.trust_env = False  # the private network, never a proxy
        pool = requests.adapters.HTTPAdapter(pool_connections=1, pool_maxsize=16, max_retries=0)
        self._http.mount("http://", pool)
        self._http.mount("https://", pool)
        self._closed_until = 0.0

    def turn(self, *, conversation_id: UUID, text: str, metadata: Mapping[str, Any]) -> BotTurn:
        """One turn over the REST channel. Raises OutsideFailure."""
        if time.monotonic() < self._closed_until:
            raise TryLater("rasa", "resting")
        body = {"sender": str(conversation_id), "message": as_words(text), "metadata": dict(metadata)}
        try:
            answer = self._ask("/webhooks/rest/webhook", body)
            return read_turn(_the_turn(answer))
        except NotATurn as error:
            self._rest()
            raise TryLater("rasa", f"rubbish:{error.what}") from None
        except OutsideFailure:
            self._rest()
            raise

    def read(self, text: str) -> Triage:
        """One text by itself. Raises OutsideFailure."""
        answer = self._ask("/model/parse", {"text": as_words(text)})
        try:
            return read_triage(answer.get("triage") if isinstance(answer, Mapping) else None)
        except NotATurn as error:
            raise TryLater("rasa", f"rubbish:{error.what}") from None

    def is_there(self) -> bool:
        """True when it answers with a model."""
        try:
            found = self._http.get(f"{self._address}/status", timeout=(CONNECT_LIMIT_S, 3.0))
            return found.status_code == 200 and bool(found.json().get("model_file"))
        except (requests.RequestException, ValueError, AttributeError):
            return False

    def _ask(self, path: str, body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON it sends
        try:
            return within(self._limit_s, "rasa", lambda: self._post(path, body))
        except OutOfTime:
            raise TryLater("rasa", "out-of-time") from None
        except (requests.RequestException, ValueError, RecursionError) as error:  # the last: brackets without end
            raise TryLater("rasa", type(error).__name__.lower()) from None

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON it sends
        with self._http.post(
            self._address + path,
            json=body,
            timeout=(CONNECT_LIMIT_S, self._limit_s),
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code != 200:
                raise TryLater("rasa", f"status:{answer.status_code}")
            return json.loads(_read(answer))

    def _rest(self) -> None:
        self._closed_until = time.monotonic() + OPEN_FOR_S


def as_words(text: str) -> str:
    """The text as Rasa may get it, as long as it was: what begins with a slash is a command there.

    "/restart" would forget the conversation and answer nothing, "/affirm" be taken for an intent that no model read.
    """
    start = next((place for place, sign in enumerate(text) if sign != "/" and not sign.isspace()), len(text))
    if "/" not in text[:start]:
        return text
    return " " * start + text[start:] if text[start:] else "." * start


def _read(answer: requests.Response) -> bytes:
    """The answer's bytes; one that is longer than any turn is not read to its end."""
    whole = bytearray()
    for chunk in answer.iter_content(_CHUNK):
        whole += chunk
        if len(whole) > _LONGEST_ANSWER:
            raise TryLater("rasa", "too-long")
    return bytes(whole)


def _the_turn(answer: object) -> object:
    """The one message that carries a turn. Raises NotATurn when there is none, or more than one."""
    if not isinstance(answer, list):
        raise NotATurn("list")
    found = [
        each["custom"]["turn"]
        for each in answer
        if isinstance(each, Mapping) and isinstance(each.get("custom"), Mapping) and "turn" in each["custom"]
    ]
    if len(found) != 1:
        raise NotATurn("count")
    return found[0]

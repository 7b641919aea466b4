"""Twilio: place a call, send a text, ask what became of either, and prove that a request came from Twilio."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from contact.gateways.deadline import OutOfTime, within
from contact.gateways.failures import MayHaveHappened, OutsideFailure, TryLater
from contact.gateways.twilio_errors import failure_from
from contact.settings import Settings

T = TypeVar("T")

CONNECT_LIMIT_S = 3.0
TOTAL_LIMIT_S = 8.0
CLOCK_SKEW = timedelta(seconds=5)  # Twilio's times are whole seconds of another clock


@dataclass(frozen=True, slots=True)
class Placed:
    """A call or text as Twilio knows it. `created_at` is UTC, in whole seconds; `status` is Twilio's word."""

    sid: str
    status: str
    to: str
    created_at: datetime | None
    body: str | None = None
    error_code: int | None = None


class Telephony(Protocol):
    """What the service asks of a telephone company. Every method may raise OutsideFailure's three kinds."""

    def place_call(self, *, to: str, answer_url: str, status_url: str, ring_for_s: int) -> Placed:
        """Ring `to`; when answered the company fetches `answer_url`."""

    def send_text(
        self, *, to: str, body: str, status_url: str, sender: str | None = None, service: str | None = None
    ) -> Placed:
        """Send one text: from a messaging service, from a number of ours, or from the account's own."""

    def end_call(self, sid: str) -> Placed:
        """Stop a call that rings or runs."""

    def find_calls(self, *, to: str, since: datetime) -> list[Placed]:
        """Calls of ours to a number, made since a time, oldest first: asked before any second call."""

    def find_texts(self, *, to: str, body: str, since: datetime, sender: str | None = None) -> list[Placed]:
        """Texts of ours with these very words to a number, made since a time, oldest first.

        `sender`: from this number of ours; the account's own for None; any for an empty one (a messaging service's).
        """

    def get_call(self, sid: str) -> Placed:
        """One call."""

    def get_text(self, sid: str) -> Placed:
        """One text."""


class _AddressedHttp(HttpClient):  # type: ignore[misc]  # the SDK is untyped
    """The SDK's door to the network: a chosen address, no retries, and nothing written to the log.

    The SDK's own client logs each request's parameters, which are telephone numbers.
    """

    def __init__(self, address: str | None) -> None:
        super().__init__(None, False, TOTAL_LIMIT_S)
        self._address = address.rstrip("/") if address else None
        self._session = requests.Session()
        self._session.mount("https://", HTTPAdapter(max_retries=0))
        self._session.mount("http://", HTTPAdapter(max_retries=0))

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request, once. Raises what `requests` raises."""
        answer = self._session.request(
            method.upper(),
            self._at_address(url),
            params=params,  # type: ignore[arg-type]
            data=data,
            headers=headers,
            auth=auth,
            timeout=(CONNECT_LIMIT_S, timeout or TOTAL_LIMIT_S),
            allow_redirects=allow_redirects,
        )
        return Response(answer.status_code, answer.text, answer.headers)

    def _at_address(self, url: str) -> str:
        if self._address is None:
            return url
        parts = urlsplit(url)
        return self._address + parts.path + (f"?{parts.query}" if parts.query else "")


class TwilioClient:
    """The real client. `address` moves it to another host that speaks Twilio's API (the demonstration's stand-in)."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        number: str,
        address: str | None = None,
        limit_s: float = TOTAL_LIMIT_S,
    ) -> None:
        self._number = number
        self._limit_s = limit_s
        self._client = Client(account_sid, auth_token, http_client=_AddressedHttp(address))

    @classmethod
    def from_settings(cls, settings: Settings) -> TwilioClient:
        """The account of the settings, at Twilio or at the demonstration's stand-in."""
        return cls(
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token,
            number=settings.twilio_from,
            address=settings.twilio_api_url,
        )

    def place_call(self, *, to: str, answer_url: str, status_url: str, ring_for_s: int) -> Placed:
        """Ring `to`. Machine detection stays off: a person is recognised by the key they press."""
        return self._ask(
            lambda: _placed(
                self._client.calls.create(
                    to=to,
                    from_=self._number,
                    url=answer_url,
                    method="POST",
                    status_callback=status_url,
                    status_callback_method="POST",
                    status_callback_event=["initiated", "ringing", "answered", "completed"],
                    timeout=ring_for_s,
                )
            )
        )

    def send_text(
        self, *, to: str, body: str, status_url: str, sender: str | None = None, service: str | None = None
    ) -> Placed:
        """Send one text: from a messaging service, from a number of ours, or from the account's own."""
        source = {"messaging_service_sid": service} if service else {"from_": sender or self._number}
        return self._ask(
            lambda: _placed(self._client.messages.create(to=to, body=body, status_callback=status_url, **source))
        )

    def end_call(self, sid: str) -> Placed:
        """Stop a call that rings or runs."""
        return self._ask(lambda: _placed(self._client.calls(sid).update(status="completed")))

    def find_calls(self, *, to: str, since: datetime) -> list[Placed]:
        """Calls of ours to a number since a time, oldest first.

        Twilio's own time filter knows only days and skips calls not yet started, so the time is compared here.
        """
        return self._ask(lambda: _since(since, self._client.calls.list(to=to, from_=self._number, limit=50)))

    def find_texts(self, *, to: str, body: str, since: datetime, sender: str | None = None) -> list[Placed]:
        """Texts of ours with these very words to a number since a time, oldest first."""
        wanted = {"to": to} if sender == "" else {"to": to, "from_": sender or self._number}
        found = self._ask(lambda: _since(since, self._client.messages.list(**wanted, limit=50)))
        return [text for text in found if text.body == body]

    def get_call(self, sid: str) -> Placed:
        """One call."""
        return self._ask(lambda: _placed(self._client.calls(sid).fetch()))

    def get_text(self, sid: str) -> Placed:
        """One text."""
        return self._ask(lambda: _placed(self._client.messages(sid).fetch()))

    def _ask(self, call: Callable[[], T]) -> T:
        try:
            return within(self._limit_s, "twilio", call)
        except TwilioRestException as error:
            raise failure_from(error.status, error.code) from None
        except OutOfTime:
            raise MayHaveHappened("twilio", "out-of-time") from None
        except requests.RequestException as error:
            raise _network_failure(error) from None


def _network_failure(error: requests.RequestException) -> OutsideFailure:
    """Not reached is harmless; cut off after the request left is not known to be."""
    if isinstance(error, requests.ConnectTimeout) or "NewConnectionError" in repr(error):
        return TryLater("twilio", "not-reached")
    return MayHaveHappened("twilio", type(error).__name__)


def _placed(found: Any) -> Placed:  # noqa: ANN401 - the SDK's instances are untyped
    created = found.date_created
    return Placed(
        sid=str(found.sid),
        status=str(found.status),
        to=str(found.to),
        created_at=created.replace(tzinfo=UTC) if created is not None and created.tzinfo is None else created,
        body=getattr(found, "body", None),
        error_code=getattr(found, "error_code", None),
    )


def _since(since: datetime, found: Iterable[Any]) -> list[Placed]:
    earliest = since - CLOCK_SKEW
    kept = [placed for placed in map(_placed, found) if placed.created_at and placed.created_at >= earliest]
    return sorted(kept, key=lambda placed: (placed.created_at or earliest, placed.sid))


def signed_by_twilio(
    *, auth_token: str, public_url: str, path_and_query: str, fields: Mapping[str, list[str]], signature: str
) -> bool:
    """True when Twilio signed a POST of `fields` to this path of our public address.

    The address comes from settings and never from the request's own headers, which a stranger or a proxy can change
    (scenario 5); all fields count, known to us or not (Twilio's documentation).
    """
    if not signature or not signature.isascii():
        return False
    address = public_url.rstrip("/") + path_and_query
    return bool(RequestValidator(auth_token).validate(address, _ManyValued(fields), signature))


def sign_as_twilio(*, auth_token: str, address: str, fields: Mapping[str, list[str]]) -> str:
    """The signature that Twilio would send; the stand-in and the tests sign with it."""
    return str(RequestValidator(auth_token).compute_signature(address, _ManyValued(fields)))


class _ManyValued(dict[str, list[str]]):
    """The shape in which the SDK's validator accepts repeated fields."""

    def getlist(self, name: str) -> list[str]:
        """All values of one field."""
        return self[name]


def new_sid(prefix: str) -> str:
    """An identifier of Twilio's shape (two letters, 32 hex digits); the stand-in makes its own with it."""
    return prefix + secrets.token_hex(16)

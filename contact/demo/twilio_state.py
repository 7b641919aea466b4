"""The stand-in's calls and texts, kept in one file so that a restart forgets nothing Twilio would remember."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from contact.domain.sms_text import measure
from contact.gateways.twilio import new_sid

_KEPT = 400
_KEPT_FILES = 20
_API_VERSION = "2010-04-01"
FINAL_CALL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Call:
    """One outgoing call. `status` is Twilio's word; `heard` is what the person was told; `pressed` their keys."""

    sid: str
    to: str
    from_number: str
    url: str
    status_url: str | None
    events: list[str]
    timeout_s: int
    created_at: str
    status: str = "queued"
    started_at: str | None = None
    ended_at: str | None = None
    sequence: int = 0
    action_url: str | None = None
    heard: list[str] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)

    def as_twilio(self, account_sid: str) -> dict[str, Any]:
        """The call as Twilio's API writes it."""
        uri = f"/{_API_VERSION}/Accounts/{account_sid}/Calls/{self.sid}"
        return {
            "account_sid": account_sid,
            "answered_by": None,
            "api_version": _API_VERSION,
            "caller_name": None,
            "date_created": _rfc2822(self.created_at),
            "date_updated": _rfc2822(self.ended_at or self.started_at or self.created_at),
            "direction": "outbound-api",
            "duration": "0" if self.ended_at else None,
            "end_time": _rfc2822(self.ended_at),
            "forwarded_from": None,
            "from": self.from_number,
            "from_formatted": self.from_number,
            "group_sid": None,
            "parent_call_sid": None,
            "phone_number_sid": None,
            "price": None,
            "price_unit": "USD",
            "queue_time": "0",
            "sid": self.sid,
            "start_time": _rfc2822(self.started_at),
            "status": self.status,
            "subresource_uris": {"events": f"{uri}/Events.json"},
            "to": self.to,
            "to_formatted": self.to,
            "trunk_sid": None,
            "uri": f"{uri}.json",
        }


@dataclass
class Text:
    """One text, ours or (`direction` inbound) somebody's to us. `status` is Twilio's word; `media` its files' sids."""

    sid: str
    to: str
    from_number: str
    body: str
    status_url: str | None
    created_at: str
    status: str = "queued"
    error_code: int | None = None
    direction: str = "outbound-api"
    messaging_service_sid: str | None = None
    media: list[str] = field(default_factory=list)

    @property
    def segments(self) -> int:
        """How many parts the networks count."""
        return max(1, measure(self.body).parts)

    def as_twilio(self, account_sid: str) -> dict[str, Any]:
        """The text as Twilio's API writes it."""
        uri = f"/{_API_VERSION}/Accounts/{account_sid}/Messages/{self.sid}"
        return {
            "account_sid": account_sid,
            "api_version": _API_VERSION,
            "body": self.body,
            "date_created": _rfc2822(self.created_at),
            "date_sent": _rfc2822(self.created_at),
            "date_updated": _rfc2822(self.created_at),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.from_number,
            "messaging_service_sid": self.messaging_service_sid,
            "num_media": str(len(self.media)),
            "num_segments": str(self.segments),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }


@dataclass
class Fault:
    """Trouble ordered for the next `times` events of one kind.

    `on` is calls or texts (asked of the company), callbacks (its reports), inbound (texts to us) or delivery (its
    networks). `kind` is refuse (with `code`), fail (HTTP 500), busy (429), hang_before and hang_after (answer after
    `seconds`, without or with the work done), delay, duplicate, reorder or lose; of a delivery only lose (with `code`).
    """

    on: str
    kind: str
    times: int = 1
    code: int = 21211
    seconds: float = 0.0


class Exchange:
    """All calls, texts and ordered faults; every method is safe from several threads."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._lock = threading.RLock()
        self._calls: dict[str, Call] = {}
        self._texts: dict[str, Text] = {}
        self._faults: list[Fault] = []
        self._media: dict[str, tuple[str, bytes]] = {}
        if file is not None and file.exists():
            kept = json.loads(file.read_text(encoding="utf-8"))
            self._calls = {row["sid"]: Call(**row) for row in kept["calls"]}
            self._texts = {row["sid"]: Text(**row) for row in kept["texts"]}

    def add_call(self, **fields: Any) -> Call:  # noqa: ANN401 - the fields of Call
        """Keep a new call."""
        with self._lock:
            call = Call(sid=new_sid("CA"), created_at=_now().isoformat(), **fields)
            self._calls[call.sid] = call
            self._save()
            return call

    def add_text(self, **fields: Any) -> Text:  # noqa: ANN401 - the fields of Text
        """Keep a new text."""
        with self._lock:
            text = Text(sid=new_sid("SM"), created_at=_now().isoformat(), **fields)
            self._texts[text.sid] = text
            self._save()
            return text

    def move_call(self, sid: str, status: str) -> Call | None:
        """Give a call its next status; None when it is over already or unknown."""
        with self._lock:
            call = self._calls.get(sid)
            if call is None or call.status in FINAL_CALL:
                return None
            call.status = status
            call.sequence += 1
            if status == "in-progress":
                call.started_at = _now().isoformat()
            if status in FINAL_CALL:
                call.ended_at = _now().isoformat()
            self._save()
            return call

    def note(self, sid: str, *, heard: list[str], pressed: str | None, action_url: str | None) -> None:
        """Keep what was said and pressed in a call."""
        with self._lock:
            call = self._calls[sid]
            call.heard += heard
            call.pressed += [pressed] if pressed else []
            call.action_url = action_url
            self._save()

    def move_text(self, sid: str, status: str) -> Text:
        """Give a text its next status."""
        with self._lock:
            text = self._texts[sid]
            text.status = status
            self._save()
            return text

    def lose_text(self, sid: str, code: int) -> Text:
        """The networks did not deliver it."""
        with self._lock:
            self._texts[sid].error_code = code
            return self.move_text(sid, "undelivered")

    def add_media(self, content_type: str, content: bytes) -> str:
        """Keep a file that somebody sends, until the next start."""
        with self._lock:
            sid = new_sid("ME")
            self._media[sid] = (content_type, content)
            return sid

    def media(self, sid: str) -> tuple[str, bytes] | None:
        """A file's type and bytes."""
        with self._lock:
            return self._media.get(sid)

    def call(self, sid: str) -> Call | None:
        """One call."""
        with self._lock:
            return self._calls.get(sid)

    def text(self, sid: str) -> Text | None:
        """One text."""
        with self._lock:
            return self._texts.get(sid)

    def calls(self) -> list[Call]:
        """Newest first, as Twilio lists them."""
        with self._lock:
            return sorted(self._calls.values(), key=lambda call: call.created_at, reverse=True)

    def texts(self) -> list[Text]:
        """Newest first, as Twilio lists them."""
        with self._lock:
            return sorted(self._texts.values(), key=lambda text: text.created_at, reverse=True)

    def order(self, fault: Fault) -> None:
        """Order trouble."""
        with self._lock:
            self._faults.append(fault)

    def ordered(self) -> list[Fault]:
        """Trouble that was ordered and not yet met."""
        with self._lock:
            return [fault for fault in self._faults if fault.times > 0]

    def forget_faults(self) -> None:
        """Take back whatever trouble was ordered and not yet met."""
        with self._lock:
            self._faults.clear()

    def trouble(self, on: str) -> Fault | None:
        """The fault that the next event of this kind meets, used up by one."""
        with self._lock:
            for fault in self._faults:
                if fault.on == on and fault.times > 0:
                    fault.times -= 1
                    return fault
            return None

    def _save(self) -> None:
        for kept in (self._calls, self._texts):
            while len(kept) > _KEPT:
                del kept[next(iter(kept))]
        while len(self._media) > _KEPT_FILES:
            del self._media[next(iter(self._media))]
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part")
        rows = {
            "calls": [asdict(call) for call in self._calls.values()],
            "texts": [asdict(text) for text in self._texts.values()],
        }
        part.write_text(json.dumps(rows), encoding="utf-8")
        os.replace(part, self._file)


def _rfc2822(moment: str | None) -> str | None:
    return format_datetime(datetime.fromisoformat(moment)) if moment else None

"""The stand-in's side of a call: rings, is answered, reads TwiML aloud, presses keys and reports each step, signed."""

from __future__ import annotations

import queue
import threading
import time
from urllib.parse import urljoin
from xml.etree import ElementTree

import requests

from contact.demo.twilio_state import Call, Exchange, Text
from contact.gateways.twilio import sign_as_twilio

_WAIT_S = 10
_PATIENCE_S = 60.0


def _listen(script: ElementTree.Element) -> tuple[list[str], ElementTree.Element | None]:
    """What is said up to the first question, and the question; what comes after it is for those who press nothing."""
    heard: list[str] = []
    for step in script:
        heard += [" ".join((say.text or "").split()) for say in step.iter("Say")]
        if step.tag == "Gather":
            return heard, step
    return heard, None


class Line:
    """Calls back like Twilio. `account_sid` and `auth_token` are those of the account the demonstration pretends."""

    def __init__(self, exchange: Exchange, *, account_sid: str, auth_token: str, quick: bool = False) -> None:
        self._exchange = exchange
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._pause_s = 0.0 if quick else 0.3
        self._reports: queue.Queue[tuple[str, dict[str, str]]] = queue.Queue()
        self._inbound: queue.Queue[tuple[str, dict[str, str]]] = queue.Queue()
        for told, about, pause_s in ((self._reports, "callbacks", self._pause_s), (self._inbound, "inbound", 0.0)):
            threading.Thread(
                target=self._tell_for_ever, args=(told, about, pause_s), name=f"stand-in-{about}", daemon=True
            ).start()

    def start_call(self, call: Call) -> None:
        """Begin ringing; nobody answering within the call's own time ends it as `no-answer`."""
        self._report_call(call, "initiated")
        if moved := self._exchange.move_call(call.sid, "ringing"):
            self._report_call(moved, "ringing")
        self._later(call.timeout_s, call.sid, "no-answer")

    def answer(self, sid: str) -> bool:
        """Pick up: fetch the TwiML and listen. False when the call is over or already answered."""
        call = self._exchange.call(sid)
        if call is None or call.status not in {"queued", "ringing"}:
            return False
        call = self._exchange.move_call(sid, "in-progress")
        if call is None:
            return False
        self._report_call(call, "answered")
        self._play(call, call.url, {})
        return True

    def press(self, sid: str, digits: str) -> bool:
        """Press keys where the TwiML asked for them. False when it did not ask."""
        call = self._exchange.call(sid)
        if call is None or call.status != "in-progress" or not call.action_url:
            return False
        self._play(call, call.action_url, {"Digits": digits, "FinishedOnKey": ""})
        return True

    def end_call(self, sid: str, status: str = "completed") -> None:
        """The call is over, by hanging up or by nobody answering."""
        call = self._exchange.call(sid)
        if call is None or (status == "no-answer" and call.status == "in-progress"):
            return
        if moved := self._exchange.move_call(sid, status):
            self._report_call(moved, "completed")

    def _later(self, seconds: float, sid: str, status: str) -> None:
        timer = threading.Timer(seconds, self.end_call, (sid, status))
        timer.daemon = True
        timer.start()

    def start_text(self, text: Text) -> None:
        """Carry a text to its phone, reporting each step; the networks may lose it."""
        for status in ("sent", "delivered"):
            fault = self._exchange.trouble("delivery") if status == "delivered" else None
            if fault is not None:
                moved = self._exchange.lose_text(text.sid, fault.code)
            else:
                moved = self._exchange.move_text(text.sid, status)
            if moved.status_url:
                self._reports.put((moved.status_url, self._text_fields(moved)))

    def _text_fields(self, text: Text) -> dict[str, str]:
        fields = {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "MessageStatus": text.status,
            "SmsStatus": text.status,
            "AccountSid": self._account_sid,
            "To": text.to,
            "From": text.from_number,
            "ApiVersion": "2010-04-01",
        }
        more = {"MessagingServiceSid": text.messaging_service_sid, "ErrorCode": text.error_code}
        return fields | {name: str(value) for name, value in more.items() if value}

    def text_in(self, text: Text, address: str, *, own_address: str) -> None:
        """Tell us of a text somebody sent; trouble that was ordered makes it late, tenfold, out of order or lost."""
        fields = {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "SmsMessageSid": text.sid,
            "SmsStatus": "received",
            "AccountSid": self._account_sid,
            "From": text.from_number,
            "To": text.to,
            "Body": text.body,
            "NumSegments": str(text.segments),
            "NumMedia": str(len(text.media)),
            "FromCountry": "GB",
            "ToCountry": "GB",
            "ApiVersion": "2010-04-01",
        }
        shelf = f"{own_address}/2010-04-01/Accounts/{self._account_sid}/Messages/{text.sid}/Media"
        for number, media in enumerate(text.media):
            fields[f"MediaUrl{number}"] = f"{shelf}/{media}"
            fields[f"MediaContentType{number}"] = (self._exchange.media(media) or ("", b""))[0]
        self._inbound.put((address, fields))

    def _report_call(self, call: Call, happened: str) -> None:
        if not call.status_url or happened not in call.events:
            return
        status = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}.get(happened, call.status)
        fields = {**self._call_fields(call), "CallStatus": status, "SequenceNumber": str(call.sequence)}
        self._reports.put((call.status_url, fields | {"CallbackSource": "call-progress-events"}))

    def _call_fields(self, call: Call) -> dict[str, str]:
        return {
            "CallSid": call.sid,
            "AccountSid": self._account_sid,
            "From": call.from_number,
            "To": call.to,
            "CallStatus": call.status,
            "Direction": "outbound-api",
            "ApiVersion": "2010-04-01",
        }

    def _play(self, call: Call, address: str, more: dict[str, str]) -> None:
        """Fetch TwiML, note the spoken words and where pressed keys go; a call that is not asked anything ends."""
        answer = self._post(address, self._call_fields(call) | more)
        pressed = more.get("Digits")
        if answer is None or not answer.ok:
            self._exchange.note(
                call.sid, heard=["An application error has occurred."], pressed=pressed, action_url=None
            )
            self.end_call(call.sid)
            return
        script = ElementTree.fromstring(answer.content)  # noqa: S314 - our own service's answer
        heard, gather = _listen(script)
        action = urljoin(address, gather.get("action") or address) if gather is not None else None
        self._exchange.note(call.sid, heard=heard, pressed=pressed, action_url=action)
        if action is None:
            self.end_call(call.sid)
        else:
            self._later(_PATIENCE_S, call.sid, "completed")  # nobody pressed anything: the voice hangs up

    def _tell_for_ever(self, told: queue.Queue[tuple[str, dict[str, str]]], about: str, pause_s: float) -> None:
        """Tell one thing after the other, meeting the trouble that was ordered."""
        held: tuple[str, dict[str, str]] | None = None
        while True:
            address, fields = told.get()
            time.sleep(pause_s)
            fault = self._exchange.trouble(about)
            kind = fault.kind if fault else ""
            if kind == "reorder":
                held = (address, fields)  # told after the next one
                continue
            if fault and kind == "delay":
                time.sleep(fault.seconds)
            if kind == "duplicate":
                self._post_at_once(address, fields, times=10)
            elif kind != "lose":
                self._post(address, fields)
            if held is not None:
                self._post(*held)
                held = None

    def _post_at_once(self, address: str, fields: dict[str, str], *, times: int) -> None:
        posts = [threading.Thread(target=self._post, args=(address, fields), daemon=True) for _ in range(times)]
        for post in posts:
            post.start()
        for post in posts:
            post.join()

    def _post(self, address: str, fields: dict[str, str]) -> requests.Response | None:
        many = {name: [value] for name, value in fields.items()}
        signature = sign_as_twilio(auth_token=self._auth_token, address=address, fields=many)
        try:
            return requests.post(address, data=fields, headers={"X-Twilio-Signature": signature}, timeout=_WAIT_S)
        except requests.RequestException:
            return None  # Twilio, too, goes on when a callback fails

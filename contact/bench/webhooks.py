"""Twilio's webhooks: how long until the answer, at fifty a second, each kept and its job put down."""

from __future__ import annotations

import threading
import time
from urllib.parse import urlencode

from contact.bench.load import Request, send_all
from contact.bench.row import Row, percentile
from contact.bench.stack import Stack
from contact.gateways.twilio import new_sid, sign_as_twilio

A_SECOND = 50
SECONDS = 20
_LANES = 10
_PEOPLE = 400


def rows(stack: Stack) -> list[Row]:
    """The answer's p99 at a steady rate: texts from many people and reports of our own, three to one.

    The floor is a page that does nothing, at the same rate.
    """
    with stack.web(2) as port:
        send_all(port, [[_request(stack, port, number) for number in range(40)]])
        made = [_request(stack, port, number) for number in range(A_SECOND * SECONDS)]
        p99 = percentile(steadily(port, made, A_SECOND), 0.99)
        floor = percentile(steadily(port, [Request("GET", "/livez")] * (A_SECOND * 4), A_SECOND), 0.99)
    name = f"answer a webhook, {A_SECOND} a second, p99"
    return [Row(name, p99, "ms", floor, p99 / floor, "<= 50 ms", p99 <= 50)]


def _request(stack: Stack, port: int, number: int) -> Request:
    path, fields = "/webhooks/twilio/sms", _text(stack, number)
    if number % 4 == 3:
        path, fields = "/webhooks/twilio/status", _report(stack)
    signature = sign_as_twilio(
        auth_token=stack.settings.twilio_auth_token,
        address=f"http://127.0.0.1:{port}{path}",
        fields={name: [value] for name, value in fields.items()},
    )
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    return Request("POST", path, headers, urlencode(fields).encode(), 204 if path.endswith("status") else 200)


def _text(stack: Stack, number: int) -> dict[str, str]:
    sid = new_sid("SM")
    return {
        "MessageSid": sid,
        "SmsSid": sid,
        "AccountSid": stack.settings.twilio_account_sid,
        "From": f"+447700900{number % _PEOPLE:03d}",
        "To": stack.settings.twilio_from,
        "Body": "my bike was taken from outside the station last night, it is a blue one with a basket",
        "NumMedia": "0",
        "NumSegments": "1",
        "ApiVersion": "2010-04-01",
    }


def _report(stack: Stack) -> dict[str, str]:
    return {"MessageSid": new_sid("SM"), "MessageStatus": "sent", "AccountSid": stack.settings.twilio_account_sid}


def steadily(port: int, made: list[Request], a_second: int) -> list[float]:
    """Milliseconds of each, sent at its moment whether or not the last was answered; a late lane sends at once."""
    times: list[list[float]] = [[] for _ in range(_LANES)]
    failures: list[BaseException] = []
    begins = time.perf_counter() + 0.2

    def lane(which: int) -> None:
        try:
            for number in range(which, len(made), _LANES):
                time.sleep(max(0.0, begins + number / a_second - time.perf_counter()))
                times[which] += send_all(port, [[made[number]]]).times_ms
        except BaseException as error:
            failures.append(error)

    lanes = [threading.Thread(target=lane, args=(which,)) for which in range(_LANES)]
    for each in lanes:
        each.start()
    for each in lanes:
        each.join()
    if failures:
        raise RuntimeError("a webhook failed") from failures[0]
    return [each for lane_times in times for each in lane_times]

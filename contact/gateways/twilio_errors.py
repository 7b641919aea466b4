"""What Twilio's error codes mean for us, as a table after its documentation."""

from __future__ import annotations

from enum import StrEnum

from contact.gateways.failures import OutsideFailure, Refused, TryLater


class AfterFailure(StrEnum):
    """What to do with a text or call that failed."""

    RETRY_LATER = "retry_later"
    RETRY_ONCE = "retry_once"
    OTHER_CHANNEL = "other_channel"
    BAD_NUMBER = "bad_number"
    OPTED_OUT = "opted_out"
    RAISE_ALARM = "raise_alarm"


AFTER_CODE: dict[int, AfterFailure] = {
    20429: AfterFailure.RETRY_LATER,  # too many requests
    21211: AfterFailure.BAD_NUMBER,
    21214: AfterFailure.BAD_NUMBER,
    21217: AfterFailure.BAD_NUMBER,
    21610: AfterFailure.OPTED_OUT,  # the recipient sent STOP (scenario 6)
    21614: AfterFailure.OTHER_CHANNEL,
    21635: AfterFailure.OTHER_CHANNEL,  # a landline
    30003: AfterFailure.RETRY_LATER,  # handset off
    30004: AfterFailure.OTHER_CHANNEL,  # blocked
    30005: AfterFailure.BAD_NUMBER,
    30006: AfterFailure.OTHER_CHANNEL,
    30007: AfterFailure.RAISE_ALARM,  # filtered as spam
    30008: AfterFailure.RETRY_ONCE,
}
_AGAIN = {AfterFailure.RETRY_LATER, AfterFailure.RETRY_ONCE}


def after_code(code: int | None) -> AfterFailure | None:
    """What to do after this code; None where the table is silent."""
    return AFTER_CODE.get(code) if code is not None else None


def failure_from(status: int, code: int | None) -> OutsideFailure:
    """The failure that an HTTP answer of Twilio's API means: 429 and 5xx may be tried again, the rest never."""
    label = str(code or f"http-{status}")
    if status == 429 or status >= 500 or after_code(code) in _AGAIN:
        return TryLater("twilio", label)
    return Refused("twilio", label)

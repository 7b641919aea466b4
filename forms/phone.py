"""Telephone numbers: any layout a person writes becomes E.164; E.164 reads as people in Britain write it."""

from __future__ import annotations

import phonenumbers


def to_e164(written: str) -> str | None:
    """``07700 900123``, ``(020) 7946-0018``, ``0044 …`` or ``+33 …`` as E.164; None when it is no telephone number.

    Numbers kept for drama (07700 900xxx) count: only the possible length is checked, as ranges open all the time.
    """
    try:
        number = phonenumbers.parse(written, "GB")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or number.extension:
        return None
    if number.country_code == 44 and len(str(number.national_number)) < 9:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national_format(e164: str) -> str:
    """A British number as 07700 900123; another country's with its code."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    layout = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, layout.NATIONAL if number.country_code == 44 else layout.INTERNATIONAL)

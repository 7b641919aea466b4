"""STOP and its family, only where they are the whole message: "please stop him" is a plea."""

from __future__ import annotations

import unicodedata
from enum import StrEnum


class Keyword(StrEnum):
    """What a whole message of one known word asks for."""

    STOP = "stop"
    START = "start"
    INFO = "info"
    WEB = "web"


_STOP = {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
_START = {"start", "unstop"}
"""Not "yes", although Twilio's own list has it: here it is the answer to a question."""
_OTHER = {"info": Keyword.INFO, "web": Keyword.WEB}
"""Not "help", although Twilio's own list has it: whoever texts that one word may need it."""
_OF_COMPANY = {"STOP": Keyword.STOP, "START": Keyword.START}


def keyword(body: str, *, company_says: str = "") -> Keyword | None:
    """What `body` asks for when nothing but one known word is in it: case, spaces and punctuation count for nothing.

    `company_says` is Twilio's own `OptOutType`, sent where its handling was left on: it has then acted already.
    """
    if company_says in _OF_COMPANY:
        return _OF_COMPANY[company_says]
    letters = "".join(each for each in unicodedata.normalize("NFKC", body).casefold() if each.isalnum())
    if letters in _STOP:
        return Keyword.STOP
    if letters in _START:
        return Keyword.START
    return _OTHER.get(letters)

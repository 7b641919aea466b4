"""Citizens without a browser: reports and emergencies sent over HTTP as a browser would send them, only faster."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

import forms
from tests.support.answers import complete
from tests.support.stack import Stack

_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
_TICKET = re.compile(r'name="ticket" value="([^"]+)"')
_KEY = re.compile(r'<span class="contact-key(?: contact-key--[a-z]+)?">([^<]+)</span>')


@dataclass(frozen=True)
class Held:
    """What the citizen holds, and the draft it came from (None for the emergency door)."""

    reference: str
    words: str
    draft_id: str | None = None


class Reporter:
    """One citizen's session. Every method raises requests' own errors where the web does not answer well."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.web = requests.Session()
        self.web.trust_env = False
        self.web.headers.update(stack.caller())
        self.token = ""

    def get(self, path: str) -> requests.Response:
        """A page, which must be there; its form's token is remembered."""
        answer = self.web.get(self.stack.address + path, timeout=15)
        answer.raise_for_status()
        found = _TOKEN.search(answer.text)
        self.token = found.group(1) if found else self.token
        return answer

    def post(self, path: str, **sent: str) -> requests.Response:
        """A form sent; not followed."""
        given = {"csrf_token": self.token} | sent
        answer = self.web.post(self.stack.address + path, data=given, timeout=15, allow_redirects=False)
        answer.raise_for_status()
        return answer

    def begin(self, form_id: str, force_id: str) -> str:
        """A draft's address, without a page."""
        self.get(f"/report/{form_id}/before-you-start?force={force_id}")
        return self.post(f"/report/{form_id}/begin?force={force_id}").headers["Location"].rsplit("/", 1)[0]

    def answer_all(self, draft: str, form_id: str, given: Mapping[str, Any]) -> None:
        """Every answer at once, put behind the web's back where nothing of the pages is tested."""
        answers = complete(forms.load_all()[form_id], given, now=dt.datetime.now(dt.UTC))
        draft_id = draft.rsplit("/", 1)[1]
        self.stack.rows("UPDATE drafts SET answers = %s WHERE id = %s", json.dumps(answers), draft_id)

    def receipt(self, address: str) -> Held:
        """What stands on the receipt."""
        keys = _KEY.findall(self.get(address).text)
        draft_id = address.split("/")[3] if address.endswith("/sent") else None
        return Held(keys[0].strip(), keys[1].strip(), draft_id)


def report(stack: Stack, form_id: str = "theft", force_id: str = "kent", **given: Any) -> Held:  # noqa: ANN401
    """A whole report. Outside Kent its place says nothing, so that the force is the one asked for."""
    if force_id != "kent":
        given = {"incidentLocation": {"postcode": "", "address": "1 High Street", "description": ""}} | given
    reporter = Reporter(stack)
    draft = reporter.begin(form_id, force_id)
    reporter.answer_all(draft, form_id, given)
    sent = reporter.post(f"{draft}/check", go="send", force=force_id)
    return reporter.receipt(sent.headers["Location"])


def emergency(stack: Stack, force_id: str, what: str = "Somebody is breaking the door down") -> Held:
    """A message through the emergency door."""
    reporter = Reporter(stack)
    found = _TICKET.search(reporter.get("/emergency").text)
    assert found is not None
    sent = reporter.post(
        "/emergency", ticket=found.group(1), where="12 Long Lane", what=what, reply="yes", force=force_id
    )
    return reporter.receipt(sent.headers["Location"])

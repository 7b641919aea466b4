"""A contact's log in plain words for the handler: who did what, when; ids and codes become names and sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contact.domain.events import Event
from contact.domain.taxonomy import Category, Grade
from contact.services.contact_view import ContactView
from contact.web.controlroom.talk import WHY


@dataclass(frozen=True, slots=True)
class Moment:
    """One line: when, what. `late` marks a clock that was missed."""

    at: dt.datetime
    words: str
    late: bool = False


def moments(view: ContactView) -> list[Moment]:
    """The log, newest first; lines that only keep a lease alive are left out, repeated openings are told once."""
    told: list[Moment] = []
    for happened in view.history:
        worder = _WORDS.get(happened.name)
        if worder is None or happened.data.get("kind") == "thread":
            continue
        who = view.names.get(happened.agent_id) if happened.agent_id else None
        words = worder(who or _NOBODY.get(happened.actor_kind, "The system"), happened.data, view)
        late = bool(happened.data.get("late")) or happened.name == Event.CLOCK_BREACHED
        if not told or told[-1].words != words:
            told.append(Moment(happened.at, words, late))
    return told[::-1]


_NOBODY = {"citizen": "The person", "system": "The system", "agent": "An agent"}
_Worder = Callable[[str, Mapping[str, Any], ContactView], str]


def _plain(code: object) -> str:
    return str(code or "").replace("_", " ")


def _graded(data: Mapping[str, Any]) -> str:
    return f"{Category(data['category']).label}, {Grade(data['grade']).label.lower()}"


def _force(view: ContactView, code: object) -> str:
    return view.force_names.get(str(code), str(code))


def _decided(who: str, data: Mapping[str, Any], view: ContactView) -> str:
    more = f"; {_plain(data['response'])}" if data.get("response") else ""
    return f"{who} {'regraded it' if data.get('regraded') else 'decided'}: {_graded(data)}{more}"


def _late(data: Mapping[str, Any]) -> str:
    return ", late" if data.get("late") else ""


_MAILS = {
    "acknowledgement": "Mail sent: we have it",
    "chat_copy": "The person had a copy of the chat mailed",
    "chat_link": "The person had a link to the chat mailed",
}

_TURNS = {
    "answered": "The assistant answered",
    "handed_over": "The assistant answered for the last time",
    "dropped": "An answer of the assistant was dropped: a person had taken over",
    "failed": "The assistant did not answer",
}
_WORDS: dict[str, _Worder] = {
    Event.ACCESS_GRANTED: lambda who, d, v: f"{who} named a person who may open it",
    Event.ACCESS_STOPPED: lambda who, d, v: "The person stopped online access",
    Event.ACCESS_WORDS_SHOWN: lambda who, d, v: f"{who} was shown the four words, to read out",
    Event.ALARM_RAISED: lambda who, d, v: f"Alarm raised: {_plain(d.get('kind'))}",
    Event.ANSWERED: lambda who, d, v: f"First answer{_late(d)}",
    Event.BOT_ASKED_BACK: lambda who, d, v: f"{who} asked the assistant back",
    Event.BOT_TURN: lambda who, d, v: _TURNS.get(str(d.get("outcome")), "The assistant took a turn"),
    Event.CLAIMED: lambda who, d, v: f"{who} took it",
    Event.CLOCK_BREACHED: lambda who, d, v: f"Clock missed: {_plain(d.get('clock'))}",
    Event.CLOCKS_SET: lambda who, d, v: f"Clocks set ({', '.join(map(_plain, d.get('reasons') or [])) or 'by grade'})",
    Event.CLOSED: lambda who, d, v: f"{who} closed it: {_plain(d.get('reason'))}",
    Event.CONTACT_RECEIVED: lambda who, d, v: f"Received: {_graded(d)}",
    Event.CONVERSATION_BEGUN: lambda who, d, v: (
        f"Conversation begun by {'text' if d.get('channel') == 'sms' else 'chat'}"
        f"{', with the assistant' if d.get('bot') else ''}"
    ),
    Event.CRIME_NOT_RECORDED: lambda who, d, v: f"{who} entered why no crime is recorded",
    Event.CRIME_RECORDED: lambda who, d, v: f"{who} entered a crime number{_late(d)}",
    Event.DECIDED: _decided,
    Event.EVIDENCE_ATTACHED: lambda who, d, v: "A file came with it",
    Event.EVIDENCE_EXAMINED: lambda who, d, v: f"A file was checked: {_plain(d.get('scan'))}",
    Event.EVIDENCE_LEFT_BEHIND: lambda who, d, v: "A file did not come with it: not wholly here, or refused",
    Event.EVIDENCE_MARKED: lambda who, d, v: f"{who} marked a file: {_plain(d.get('mark'))}",
    Event.EVIDENCE_OPENED: lambda who, d, v: f"{who} {'downloaded' if d.get('copied') else 'opened'} a file",
    Event.HANDED_OVER: lambda who, d, v: (
        f"The assistant fell silent: {WHY.get(str(d.get('why')), _plain(d.get('why')))}"
    ),
    Event.INCIDENT_LOGGED: lambda who, d, v: f"{who} entered an incident log number",
    Event.KEPT: lambda who, d, v: f"{who} {'took it back' if d.get('taken_back') else 'kept it'}",
    Event.LEASE_ENDED: lambda who, d, v: "Nobody was there any more: back to the queue at its place",
    Event.LICENSING_REVIEW_OPENED: lambda who, d, v: (
        "A certificate holder or an applicant was found: the licensing team was told"
    ),
    Event.LOOKED: lambda who, d, v: f"{who} looked at it{_late(d)}",
    Event.MAIL_FAILED: lambda who, d, v: "A mail could not be delivered",
    Event.MAIL_SENT: lambda who, d, v: _MAILS.get(str(d.get("template")), "Mail sent: there is an answer"),
    Event.MESSAGE_RECEIVED: lambda who, d, v: f"The person wrote{' and reopened it' if d.get('reopened') else ''}",
    Event.NOTE_ADDED: lambda who, d, v: f"{who} added an internal note",
    Event.OPENED: lambda who, d, v: (
        f"{who} {'read who told us' if d.get('kind') == 'source' else 'opened it'} ({_plain(d.get('justification'))})"
    ),
    Event.OPTED_IN: lambda who, d, v: "The person wants texts again",
    Event.OPTED_OUT: lambda who, d, v: "The person texted STOP: no texts leave",
    Event.PROPOSED: lambda who, d, v: f"Proposed: {_graded(d)}",
    Event.RELEASED: lambda who, d, v: f"{who} released it: {_plain(d.get('reason'))}",
    Event.REOPENED: lambda who, d, v: f"Reopened by {'the person' if d.get('by') == 'citizen' else who}",
    Event.REPLIED: lambda who, d, v: f"{who} replied",
    Event.RESTRICTED: lambda who, d, v: f"{who} restricted it to named people",
    Event.SCREENED: lambda who, d, v: f"Danger words heard: {', '.join(map(_plain, d.get('reasons') or []))}",
    Event.SEARCH_RESULT_OPENED: lambda who, d, v: f"{who} found it by {' and '.join(map(_plain, d.get('by') or []))}",
    Event.SNOOZED: lambda who, d, v: f"{who} snoozed it: {_plain(d.get('reason'))}",
    Event.TEXT_FAILED: lambda who, d, v: (
        f"A text {'did not get through' if d.get('final') else 'is tried again'} ({_plain(d.get('error'))})"
    ),
    Event.TRANSFER_ACCEPTED: lambda who, d, v: f"{_force(v, d.get('to_force_id'))} took it over",
    Event.TRANSFER_ASKED: lambda who, d, v: f"{who} offered it to {_force(v, d.get('to_force_id'))}",
    Event.TRANSFER_REFUSED: lambda who, d, v: f"{_force(v, d.get('to_force_id'))} did not take it over",
    Event.UPLOAD_LINK_MADE: lambda who, d, v: f"{who} made a link for photos or files",
    Event.UPLOAD_LINK_OPENED: lambda who, d, v: "The person opened the link for photos or files",
    Event.WOKEN: lambda who, d, v: "Back from sleep",
}

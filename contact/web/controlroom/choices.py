"""What the forms of the contact page offer to choose from, as (code, words), and what stands chosen."""

from __future__ import annotations

from typing import Any

from contact.domain.access import Role
from contact.domain.recording import NotRecorded
from contact.domain.taxonomy import Category, Flag, FlagKind, Grade, Response
from contact.gateways.gazetteer import railway_in_words
from contact.services import restriction, transfers
from contact.services.contact_view import ContactView
from contact.services.letting_go import CloseReason, ReleaseReason, SnoozeReason
from contact.store import agents
from contact.web.controlroom.forms import Justification
from contact.web.shared import database

RAILWAY = "btp"

_RELEASE = {
    ReleaseReason.SHIFT_ENDS: "My shift ends",
    ReleaseReason.NEEDS_ANOTHER_SKILL: "It needs somebody with another skill",
    ReleaseReason.OWN_CONFLICT: "I know somebody in it",
    ReleaseReason.TAKEN_BY_MISTAKE: "I took it by mistake",
    ReleaseReason.DISTRESS: "It distresses me",
}
_SNOOZE = {
    SnoozeReason.WAITING_FOR_REPORTER: "The person",
    SnoozeReason.WAITING_FOR_OFFICER: "An officer",
    SnoozeReason.WAITING_FOR_OTHER_BODY: "Another body",
    SnoozeReason.CALL_BACK_ARRANGED: "A call back that we arranged",
}
_CLOSE = {
    CloseReason.ANSWERED: "Answered, nothing more to do",
    CloseReason.CRIME_RECORDED: "Crime recorded and passed to investigation",
    CloseReason.INCIDENT_PASSED: "Incident passed to command and control",
    CloseReason.PASSED_ON: "Another body has accepted it",
    CloseReason.DUPLICATE: "The same matter as another contact",
    CloseReason.NO_POLICE_ACTION: "No police action",
}


def on_the_railway(view: ContactView) -> bool:
    """Whether it seems to be British Transport Police's ground, and they do not have it yet (practice 3)."""
    known = {entry.force_id for entry in view.entries} | {each.to_force_id for each in view.transfers}
    if RAILWAY in known:
        return False
    said = any(reason.get("code") == "on_public_transport" for each in view.proposals for reason in each.reasons)
    words = [sent.own_words for sent in view.sent] + [line.body for line in view.thread if line.kind == "inbound"]
    return said or any(railway_in_words(each) for each in words)


def choices(view: ContactView) -> dict[str, Any]:
    """Every list of the page by its field's name."""
    stand = view.contact
    present = {entry.force_id for entry in view.entries if entry.state != "closed"}
    present |= {each.to_force_id for each in view.offered_to}
    forces = [(force_id, name) for force_id, name in view.force_names.items() if force_id not in present]
    return {
        "category": sorted(((one.value, one.label) for one in Category), key=lambda pair: pair[1]),
        "grade": [(one.value, one.label) for one in Grade],
        "response": [("", "Not decided yet"), *((one.value, one.label) for one in Response)],
        "warnings": [(one.value, one.label) for one in Flag if one.kind is FlagKind.WARNING],
        "vulnerabilities": [(one.value, one.label) for one in Flag if one.kind is FlagKind.VULNERABILITY],
        "chosen": {
            "category": stand.category,
            "grade": stand.grade,
            "flags": list(stand.flags),
            "response": (view.decision.response if view.decision else None) or "",
        },
        "to_force": sorted(forces, key=lambda pair: (pair[0] != RAILWAY, pair[1])),
        "why": [(one.value, one.label) for one in transfers.Why],
        "release_reason": [(one.value, words) for one, words in _RELEASE.items()],
        "snooze_reason": [(one.value, words) for one, words in _SNOOZE.items()],
        "close_reason": [(one.value, words) for one, words in _CLOSE.items()],
        "not_recorded": [(one.value, one.label) for one in NotRecorded],
        "restrict_reason": [(one.value, one.label) for one in restriction.Why],
    }


def people_to_name(view: ContactView) -> list[tuple[str, str]]:
    """(id, name) of colleagues of the contact's forces who may be named on a restricted contact; not those on it."""
    named = {agent_id for agent_id, _name in view.named}
    rows = agents.list_of_forces(database.session()(), force_ids=[entry.force_id for entry in view.entries])
    reading = {Role.CALL_HANDLER, Role.SUPERVISOR}
    return [
        (str(row.id), row.name)
        for row in rows
        if row.id not in named and row.disabled_at is None and any(held & reading for held in row.force_roles.values())
    ]


def justifications() -> list[tuple[str, str]]:
    """Why an agent opens what no work of theirs leads to."""
    return [(one.value, one.label) for one in Justification]

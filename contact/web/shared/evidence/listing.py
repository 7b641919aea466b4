"""The files of a contact in words for its handler: what each is, how it stands, and whether anybody has opened it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from flask import url_for

from contact.domain.events import Event
from contact.domain.evidence import Family, Kind, Original, Refusal, Scan, State
from contact.domain.taxonomy import Channel
from contact.services import evidence, evidence_viewing
from contact.services.contact_view import Happened
from contact.services.evidence_viewing import EvidenceView
from contact.store.contacts import Contact
from contact.web.shared import database
from contact.web.shared.filters import time_short

FAMILY = {Family.PICTURE: "Picture", Family.VIDEO: "Video", Family.SOUND: "Sound", Family.DOCUMENT: "Document"}
SCAN = {
    Scan.PENDING: ("", "Being scanned"),
    Scan.CLEAN: ("good", "No malware found"),
    Scan.INFECTED: ("bad", "Malware found"),
    Scan.NOT_SCANNED: ("warn", "Not scanned"),
    Scan.FAILED: ("warn", "Not scanned yet: the scanner does not answer"),
}
REFUSAL = {
    Refusal.TOO_BIG: "bigger than 100 MB",
    Refusal.WRONG_TYPE: "not a kind of file we take",
    Refusal.INFECTED: "malware was found in it",
    Refusal.DAMAGED: "damaged",
    Refusal.EMPTY: "empty",
}
_BY_OFFICER = {evidence.VISIT: ", taken on a visit", evidence.PAPER: ", on paper"}
_ASK = {
    "email": "Put the link into your reply. The mail that follows says only that an answer is there.",
    "phone": "The person asked to be phoned: read the link out, or put it into your reply.",
    "text": "Put the link into your reply. It is not texted.",
    "post": "The person asked to be written to: put the link into your reply, or into the letter.",
    "online": "Put the link into your reply: the person asked that nothing is sent to them.",
    "none": "The person asked not to be contacted. Put the link into your reply, and nowhere else.",
}
_ASK_IN_TALK = {
    (Channel.CHAT, "online"): "Put the link into your reply: it appears in the chat.",
    (Channel.SMS, "text"): "Put the link into your reply: it leaves with it, as a text.",
}
"""Where the reply itself goes to the person by the channel they wrote in, nobody asked them for another way yet."""


def listed(contact_id: UUID, history: Iterable[Happened]) -> dict[str, Any]:
    """What templates/controlroom/evidence/_list.html draws, with links into the room that asks."""
    found = evidence_viewing.list_for_contact(database.session()(), contact_id=contact_id)
    opened = {each.data.get("evidence_id") for each in history if each.name == Event.EVIDENCE_OPENED}
    rows = [_row(each, opened) for each in found]
    fresh = sum(row["is_new"] for row in rows)
    return {"files": rows, "files_new": f"{fresh} not opened yet" if fresh else ""}


def _row(file: EvidenceView, opened: Collection[object]) -> dict[str, Any]:
    fresh = file.state in (State.RECEIVED, State.EXAMINING, State.READY) and str(file.id) not in opened
    return {
        "id": file.id,
        "url": url(file),
        "title": file.name,
        "about": about(file),
        "marks": marks(file),
        "is_new": fresh,
        "look": "bad" if file.state is State.REFUSED or file.sealed else "new" if fresh else "",
        "when": when(file),
        "short_digest": file.sha256[:12] if file.sha256 else "",
    }


def url(file: EvidenceView) -> str:
    """Its page."""
    return url_for(".evidence", contact_id=file.contact_id, evidence_id=file.id)


def about(file: EvidenceView) -> str:
    """`Picture, JPEG, 2.3 MB`."""
    words = [FAMILY[file.kind.family], kind_in_words(file.kind)] if file.kind else ["Kind not known"]
    return ", ".join([*words, size_in_words(file.size)])


def kind_in_words(kind: Kind) -> str:
    """`JPEG`, `MP4`."""
    return kind.value.upper()


def size_in_words(size: int) -> str:
    """In the units that people use."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1_000))} KB"


def when(file: EvidenceView) -> str:
    """When and how it came."""
    if file.received_at is None:
        return "Still arriving" if file.state is State.RECEIVING else "Not received"
    later = ", by a link" if file.by_link else _BY_OFFICER.get(file.question_id, "") if file.added_by else ""
    return f"Received {time_short(file.received_at)}{later}"


def marks(file: EvidenceView) -> list[tuple[str, str]]:
    """(look, words): what must be known before it is opened; `not scanned` is said plainly."""
    if file.state is State.REFUSED:
        return [("bad", f"Not taken: {REFUSAL[file.refused] if file.refused else 'damaged'}")]
    found = [("", "Still arriving")] if file.state is State.RECEIVING else [SCAN[file.scan]]
    if file.sealed:
        found.append(("bad", "Sealed"))
    if file.unmarked:
        found.append(("warn", "Nobody has marked it safe yet"))
    if file.also:
        found.append(("warn", "May not be what it seems"))
    if file.original in (Original.NOT_STRIPPABLE, Original.TO_STRIP):
        found.append(("warn", "Sent anonymously: hidden details may be in it"))
    return found


def how_to_ask(contact: Contact) -> str:
    """How a link may reach the person: only in a way they called safe, a sensitive one in the thread alone."""
    if contact.sensitive:
        return "Sensitive: give the link only in your reply, where the person reads it with their own words."
    how = str(contact.safe_contact.get("how", "online"))
    return _ASK_IN_TALK.get((Channel(contact.channel), how)) or _ASK.get(how, _ASK["online"])


def link_text(address: str) -> str:
    """What is put into the reply box with a link."""
    return f"You can send us photos or files here. The link works once, for 7 days: {address}"

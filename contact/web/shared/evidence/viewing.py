"""What the page of one file shows, in words: the stage, what is known of it, who has had it, and what may be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for

from contact.domain.events import Event
from contact.domain.evidence import Family, Kind, Original, Scan, Sealing, State, WhyOpened, neutral_name
from contact.services import evidence, evidence_viewing
from contact.services.evidence_viewing import CustodyLine, EvidenceView
from contact.web.shared import database
from contact.web.shared.evidence.listing import REFUSAL, SCAN, about, kind_in_words, marks, size_in_words, url
from contact.web.shared.filters import when_in_words

REASONS = [
    (WhyOpened.WORKING_ON_CONTACT.value, "I work on this contact"),
    (WhyOpened.DISCLOSURE.value, "Disclosure or handing it to an investigation"),
]
SEALINGS = [
    (Sealing.INDECENT_CHILD.value, "Indecent, of somebody under 18 or who may be"),
    (Sealing.INDECENT_ADULT.value, "Indecent, of an adult"),
    (Sealing.INTIMATE.value, "Intimate: somebody's private picture"),
]
DONE = {
    "safe": "Marked as safe. A preview is being made.",
    "sealed": "Sealed. From now on only professional standards can open it.",
}
_NOT_SHOWN = frozenset({Kind.THREE_GP, Kind.AMR})
_NOT_SHOWN_UNMADE = frozenset({Kind.HEIC})
"""Browsers cannot draw it before a picture has been made from it."""
_ORIGINAL = {
    Original.KEPT: "Kept as it was sent, sealed",
    Original.TO_STRIP: "Sent anonymously: hidden details are being taken out",
    Original.STRIPPED: "Sent anonymously: only the picture without hidden details was kept",
    Original.NOT_STRIPPABLE: "Sent anonymously: hidden details could not be taken out",
}
_COVERED = {
    Family.PICTURE: "This picture is covered until you open it.",
    Family.VIDEO: "This video is covered until you open it. It starts still and muted.",
    Family.SOUND: "This recording starts only when you play it, and muted.",
}


def stage(file: EvidenceView, *, sees_sealed: bool, is_open: bool) -> dict[str, Any]:
    """How it stands before the agent: closed with a reason, covered, or open. No byte leaves before it is open."""
    closed = _closed_because(file, sees_sealed)
    view_url = url_for(".evidence_view", contact_id=file.contact_id, evidence_id=file.id)
    covered = _COVERED.get(file.family, "") if file.family else ""
    if file.unmarked:
        covered = "It came with a sensitive report and may be intimate. Look only if you have to decide about it."
    if file.sealed:
        covered = "Sealed. Look only if your review needs it."
    return {
        "closed_because": closed,
        "is_open": is_open and not closed,
        "family": file.family.value if file.family else "",
        "covered_words": covered,
        "view_url": view_url,
        "open_url": f"{url(file)}?open=1",
        "cover_url": url(file),
    }


def _closed_because(file: EvidenceView, sees_sealed: bool) -> str:
    if file.state is State.REFUSED:
        return f"This file was not taken: {REFUSAL[file.refused] if file.refused else 'damaged'}."
    if file.state is State.RECEIVING:
        return "It is still arriving."
    if file.sealed and not sees_sealed:
        return "Sealed as intimate or indecent. Only professional standards can open it."
    if file.state is not State.READY and file.scan is not Scan.FAILED:
        return "It is being checked. Load the page again in a moment."
    if file.original is Original.TO_STRIP and not file.unmarked:
        return "It was sent anonymously, and hidden details are being taken out. Load the page again in a moment."
    return _not_drawable(file)


def _not_drawable(file: EvidenceView) -> str:
    if file.kind is None or file.family is Family.DOCUMENT:
        return "Documents are not shown here. Download it to read it."
    if file.kind in _NOT_SHOWN:
        return f"A browser cannot play {kind_in_words(file.kind)}. Download it to play it."
    if file.family is Family.PICTURE and not file.preview:
        if file.kind in _NOT_SHOWN_UNMADE:
            return "A browser cannot show this kind of picture before a preview is made. Download it to look at it."
        if not file.unmarked and not file.sealed:
            return "No preview could be made of it. Download it to look at it."
    return ""


def facts(file: EvidenceView) -> dict[str, Any]:
    """What is known of it."""
    rows = [
        ("Kind", f"{kind_in_words(file.kind)} ({file.kind.media_type})" if file.kind else "Not known"),
        ("Size", f"{size_in_words(file.size)} ({file.size:,} bytes)"),
        ("Received", when_in_words(file.received_at) if file.received_at else "Not yet"),
        ("Came", _came(file.question_id, by_link=file.by_link)),
        ("Scan", _scan(file.scan)),
        ("Original", _ORIGINAL[file.original]),
    ]
    if file.also:
        rows.append(("Care", f"It can also be read as {file.also.upper()}: it may not be what it seems"))
    return {"title": file.name, "about": about(file), "marks": marks(file), "facts": rows, "digest": file.sha256}


def _came(question_id: str, *, by_link: bool) -> str:
    if by_link and question_id == evidence.LATER:
        return "By a link, after the report"
    came = {
        evidence.LATER: "From the progress page, after the report",
        evidence.PRACTICE: "By a link, from the practice",
        evidence.VISIT: "Taken by an officer on a visit. The applicant does not see it",
        evidence.PAPER: "On paper, scanned by an officer. The applicant does not see it",
    }
    return came.get(question_id, "With the report")


def _scan(scan: Scan) -> str:
    return "Not scanned: no malware scanner is set up here" if scan is Scan.NOT_SCANNED else SCAN[scan][1]


def download(file: EvidenceView, *, supervises: bool) -> dict[str, Any]:
    """The reasons to take it along; none where it cannot be."""
    gone = file.state in (State.REFUSED, State.RECEIVING) or file.sealed is not None
    waits = file.state is not State.READY and file.scan is not Scan.FAILED
    reasons = [] if gone or waits else list(REASONS)
    if reasons and supervises:
        reasons.insert(1, (WhyOpened.SUPERVISING.value, "I supervise this work"))
    warning = ""
    if file.also:
        warning = f"It can also be read as {file.also.upper()}. Open it only where that can do no harm."
    elif file.scan in (Scan.NOT_SCANNED, Scan.FAILED):
        warning = "It was not scanned for malware. Open it only where that can do no harm."
    address = url_for(".evidence_download", contact_id=file.contact_id, evidence_id=file.id)
    name = neutral_name(file.position, file.kind) if file.kind else ""
    return {"reasons": reasons, "warning": warning, "url": address, "name": name}


def marking(file: EvidenceView, *, works: bool) -> dict[str, Any]:
    """Who may mark it, and as what (practice 6)."""
    here = works and file.sealed is None and file.state not in (State.REFUSED, State.RECEIVING)
    return {
        "can_mark_safe": here and file.unmarked,
        "can_seal": here and file.family in (Family.PICTURE, Family.VIDEO),
        "safe_url": url_for(".evidence_safe", contact_id=file.contact_id, evidence_id=file.id),
        "seal_url": url_for(".evidence_seal", contact_id=file.contact_id, evidence_id=file.id),
        "reasons": SEALINGS,
    }


def custody(file: EvidenceView) -> list[dict[str, Any]]:
    """Everybody who has had it, newest first."""
    lines = evidence_viewing.custody(database.session()(), evidence_id=file.id)
    told = [{"at": each.at, "words": _WORDS[each.name](each)} for each in lines if each.name in _WORDS]
    return told[::-1]


def _who(line: CustodyLine) -> str:
    return line.agent or "The system"


def _opened(line: CustodyLine) -> str:
    if line.data.get("copied"):
        return f"{_who(line)} downloaded it ({_why(line)})"
    what = "the preview" if line.data.get("what") == "preview" else "it as it was sent"
    return f"{_who(line)} opened {what} ({_why(line)})"


def _why(line: CustodyLine) -> str:
    return str(line.data.get("justification") or "").replace("_", " ")


def _marked(line: CustodyLine) -> str:
    if line.data.get("mark") == "safe":
        return f"{_who(line)} marked it as safe"
    return f"{_who(line)} sealed it: {dict(SEALINGS).get(str(line.data.get('reason')), 'indecent').lower()}"


def _examined(line: CustodyLine) -> str:
    scan = str(line.data.get("scan") or "")
    return f"Checked: {SCAN[Scan(scan)][1].lower()}" if scan in {each.value for each in Scan} else "Checked"


_WORDS: Mapping[str, Callable[[CustodyLine], str]] = {
    Event.EVIDENCE_ATTACHED: lambda line: "Came with the contact",
    Event.EVIDENCE_RECEIVED: lambda line: "Received",
    Event.EVIDENCE_EXAMINED: _examined,
    Event.EVIDENCE_STRIPPED: lambda line: "Hidden details taken out, the original removed",
    Event.EVIDENCE_OPENED: _opened,
    Event.EVIDENCE_MARKED: _marked,
}

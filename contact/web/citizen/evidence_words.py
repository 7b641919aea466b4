"""How a file of the citizen's stands, in plain words: kinds, sizes, states, why one was not taken."""

from __future__ import annotations

import json

from contact.domain.evidence import MAX_BYTES, MAX_FILES, Family, Kind, Refusal, Scan, State
from contact.web.shared.language import gettext

ARRIVING, CHECKING, READY, REFUSED = "arriving", "checking", "ready", "refused"
"""What a list shows; the page's script knows these four."""


def shown_state(state: State) -> str:
    """The state as the page marks it."""
    if state is State.RECEIVING:
        return ARRIVING
    if state is State.REFUSED:
        return REFUSED
    return READY if state is State.READY else CHECKING


def state_in_words(state: State, *, scan: Scan, refused: Refusal | None, part: float) -> str:
    """One sentence on how it stands; `part` of it, from 0 to 1, is here."""
    if state is State.REFUSED:
        return refusal_in_words(refused)
    if state is State.RECEIVING:
        here = gettext("Only %(percent)s%% of it is here. Choose the same file again to go on.")
        return here % {"percent": int(part * 100)}
    if state is State.READY:
        return gettext("Received.") if scan is Scan.NOT_SCANNED else gettext("Received and checked.")
    return gettext("Received. We are checking it. You can carry on.")


def refusal_in_words(refused: Refusal | None) -> str:
    """Why it was not taken, and what to do about it."""
    return {
        Refusal.TOO_BIG: gettext("Not taken: it is bigger than 100 MB."),
        Refusal.WRONG_TYPE: gettext(
            "Not taken: we cannot open this kind of file. Send a photo, video, sound recording, PDF or text document."
        ),
        Refusal.INFECTED: gettext("Not taken: harmful software was found in it. It may be on your device too."),
        Refusal.DAMAGED: gettext("Not taken: it is damaged and cannot be opened. Try to send it again."),
        Refusal.EMPTY: gettext("Not taken: there is nothing in it."),
    }.get(refused or Refusal.DAMAGED, gettext("Not taken: it is damaged and cannot be opened. Try to send it again."))


def upload_fault(reason: str, most: int = MAX_FILES) -> str:
    """What stands beside the box when a file could not be begun or added, by the reason's code."""
    return {
        "too_big": gettext("This file is too big. One file can be up to 100 MB"),
        "too_many": gettext("You can send up to %(most)s files. Remove one to add another") % {"most": most},
        "too_many_pieces": gettext("This file came in too many pieces. Choose it again"),
        "empty": gettext("There is nothing in this file. Choose another"),
        "wrong_type": gettext("We cannot open this kind of file. Choose a photo, video, sound recording or document"),
        "none": gettext("Choose a file"),
        "broken": gettext("The file did not arrive whole. Choose it again"),
        "not_receiving": gettext("This file cannot be sent any more. Choose it again"),
        "infected": gettext("Harmful software was found in this file, so it was not taken"),
        "damaged": gettext("This file is damaged and cannot be opened. Choose it again"),
        "closed": gettext("No more files can be added here"),
    }.get(reason, gettext("The file could not be taken. Try again"))


def size_in_words(size: int) -> str:
    """`2.3 MB`, `640 KB`: as phones say it."""
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{max(1, round(size / 1_000))} KB"


def about(size: int, kind: Kind | None) -> str:
    """Kind and size behind a name."""
    if kind is None:
        return size_in_words(size)
    return f"{_family(kind.family)}, {size_in_words(size)}"


def _family(family: Family) -> str:
    return {
        Family.PICTURE: gettext("Photo or picture"),
        Family.VIDEO: gettext("Video"),
        Family.SOUND: gettext("Sound recording"),
        Family.DOCUMENT: gettext("Document"),
    }[family]


def script_words(most: int) -> str:
    """What the script says, in the page's language, as JSON; it puts values in the place of {name} and {percent}."""
    return json.dumps(
        {
            "choose": gettext("Choose files"),
            "started": gettext("Sending {name}."),
            "sending": gettext("Sending: {percent}% done"),
            "sendingNamed": gettext("{name}: {percent}% sent"),
            "cut": gettext("The connection is lost. It goes on by itself when you are back online."),
            "cutNamed": gettext("{name}: the connection is lost. It goes on by itself when you are back online."),
            "received": gettext("{name} is received."),
            "failed": gettext("{name} was not received. Choose it again."),
            "removed": gettext("{name} is removed."),
            "notRemoved": gettext("{name} could not be removed. Try again."),
            "tooBig": gettext("{name} is too big. One file can be up to 100 MB."),
            "empty": gettext("{name} is empty."),
            "tooMany": upload_fault("too_many", most),
            "stillSending": gettext(
                "Your files are still being sent. Wait for them, or press Continue again to go on without them."
            ),
        },
        ensure_ascii=False,
    )


LARGEST_MB = MAX_BYTES // 1_000_000

"""Files people send with a report: what is allowed, how they move, and how they are named (engineering 14, 19)."""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from contact.domain.taxonomy import Category, Flag

MAX_BYTES = 100_000_000
"""The most one file may hold."""
MAX_FILES = 20
"""The most files one report may have, refused ones not counted."""
MAX_STRETCHES = 1_000
"""The most pieces one file may arrive in; a browser that resumes sends a few megabytes at a time."""
NAME_LENGTH = 120
_OF_PICTURES = frozenset({Category.SEXUAL_OFFENCE, Category.CHILD_PROTECTION})
_OF_PICTURES_BY_FLAG = frozenset({Flag.SEXUAL, Flag.CHILD})


def speaks_of_pictures(category: Category, flags: Iterable[Flag]) -> bool:
    """Whether the matter is one in which people may send intimate pictures: then the page says all of practice 6."""
    return category in _OF_PICTURES or not _OF_PICTURES_BY_FLAG.isdisjoint(flags)


class State(StrEnum):
    """Where a file stands. It only moves forward."""

    RECEIVING = "receiving"
    RECEIVED = "received"
    EXAMINING = "examining"
    READY = "ready"
    REFUSED = "refused"


MOVES: dict[State, frozenset[State]] = {
    State.RECEIVING: frozenset({State.RECEIVED, State.REFUSED}),
    State.RECEIVED: frozenset({State.EXAMINING, State.REFUSED}),
    State.EXAMINING: frozenset({State.READY, State.REFUSED}),
    State.READY: frozenset(),
    State.REFUSED: frozenset(),
}

ARRIVED = frozenset({State.RECEIVED, State.EXAMINING, State.READY})
"""Files that are wholly here: only they go along with a report (scenario 19)."""


class Scan(StrEnum):
    """What the malware scanner said. `not_scanned`: there is none here; `failed`: it did not answer, asked again."""

    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"
    FAILED = "failed"


class Refusal(StrEnum):
    """Why a file was not taken; worded at the edge."""

    TOO_BIG = "too_big"
    WRONG_TYPE = "wrong_type"
    INFECTED = "infected"
    DAMAGED = "damaged"
    EMPTY = "empty"


class Original(StrEnum):
    """What became of the file as it was sent (engineering 27)."""

    KEPT = "kept"
    TO_STRIP = "to_strip"  # sent anonymously: the worker is about to take its hidden details out
    STRIPPED = "stripped"  # only the picture made anew is kept
    NOT_STRIPPABLE = "not_strippable"  # sent anonymously, and no picture: hidden details may be in it


class Family(StrEnum):
    """What a viewer does with a file."""

    PICTURE = "picture"
    VIDEO = "video"
    SOUND = "sound"
    DOCUMENT = "document"


class Kind(StrEnum):
    """The allow-list. What a file is called or says of itself counts for nothing: its first bytes do."""

    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    HEIC = "heic"
    MP4 = "mp4"
    MOV = "mov"
    WEBM = "webm"
    THREE_GP = "3gp"
    MP3 = "mp3"
    M4A = "m4a"
    WAV = "wav"
    OGG = "ogg"
    AMR = "amr"
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    TXT = "txt"

    @property
    def family(self) -> Family:
        """Picture, video, sound or document."""
        return _KINDS[self][0]

    @property
    def media_type(self) -> str:
        """The type it is served with."""
        return _KINDS[self][1]


_KINDS: dict[Kind, tuple[Family, str]] = {
    Kind.JPEG: (Family.PICTURE, "image/jpeg"),
    Kind.PNG: (Family.PICTURE, "image/png"),
    Kind.GIF: (Family.PICTURE, "image/gif"),
    Kind.WEBP: (Family.PICTURE, "image/webp"),
    Kind.HEIC: (Family.PICTURE, "image/heic"),
    Kind.MP4: (Family.VIDEO, "video/mp4"),
    Kind.MOV: (Family.VIDEO, "video/quicktime"),
    Kind.WEBM: (Family.VIDEO, "video/webm"),
    Kind.THREE_GP: (Family.VIDEO, "video/3gpp"),
    Kind.MP3: (Family.SOUND, "audio/mpeg"),
    Kind.M4A: (Family.SOUND, "audio/mp4"),
    Kind.WAV: (Family.SOUND, "audio/wav"),
    Kind.OGG: (Family.SOUND, "audio/ogg"),
    Kind.AMR: (Family.SOUND, "audio/amr"),
    Kind.PDF: (Family.DOCUMENT, "application/pdf"),
    Kind.DOCX: (Family.DOCUMENT, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    Kind.ODT: (Family.DOCUMENT, "application/vnd.oasis.opendocument.text"),
    Kind.TXT: (Family.DOCUMENT, "text/plain; charset=utf-8"),
}


class Sealing(StrEnum):
    """Why a file is kept to evidence reviewers alone (practice 6)."""

    INDECENT_CHILD = "indecent_child"
    INDECENT_ADULT = "indecent_adult"
    INTIMATE = "intimate"


class WhyOpened(StrEnum):
    """Why somebody opened a file: codes, since the log holds no words (practice 16)."""

    WORKING_ON_CONTACT = "working_on_contact"
    SUPERVISING = "supervising"
    EVIDENCE_REVIEW = "evidence_review"
    DISCLOSURE = "disclosure"


def may_move(state: State, to: State) -> bool:
    """Whether the table has that move."""
    return to in MOVES[state]


def clean_name(raw: str) -> str:
    """A file's name without folders, control, bidirectional and other invisible characters, at most 120 long.

    Only ever shown: nothing is stored or opened under it. "file" where nothing readable is left.
    """
    last = raw.replace("\\", "/").rpartition("/")[2]
    seen = "".join(each for each in unicodedata.normalize("NFC", last) if unicodedata.category(each)[0] != "C")
    seen = " ".join(seen.split()).strip(" .")
    if len(seen) > NAME_LENGTH:
        stem, dot, ending = seen.rpartition(".")
        seen = f"{stem[: NAME_LENGTH - 1 - len(ending)]}.{ending}" if dot and len(ending) <= 5 else seen[:NAME_LENGTH]
    return seen or "file"


def neutral_name(position: int, kind: Kind) -> str:
    """The name a file leaves under: it betrays neither person nor matter, and ends in what it really is."""
    ending = "jpg" if kind is Kind.JPEG else kind.value
    return f"file-{position}.{ending}"

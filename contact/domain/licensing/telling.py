"""How an applicant was told who can be told nothing online: by a person, who says which way."""

from __future__ import annotations

from enum import StrEnum


class ToldBy(StrEnum):
    """The way that somebody who stopped online access was told; saying that none is safe is an answer (practice 13)."""

    TELEPHONE = "telephone"
    LETTER = "letter"
    IN_PERSON = "in_person"
    NOBODY = "nobody"

    @property
    def label(self) -> str:
        """What officers see, in English."""
        return _LABELS[self]


_LABELS = {
    ToldBy.TELEPHONE: "By telephone",
    ToldBy.LETTER: "By a letter",
    ToldBy.IN_PERSON: "In person",
    ToldBy.NOBODY: "Not told: no way is known to be safe",
}

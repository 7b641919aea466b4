"""What the law may put in the way, read from the answers: flags for an officer, never a refusal (1968 Act, s21)."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from contact.domain.licensing.eligibility import Flag, sentences_told, statutory_bars
from contact.domain.licensing.kinds import Licence
from contact.services.licensing.file import File


def of_file(file: File, *, today: dt.date) -> list[Flag]:
    """The bars that the last answers show, the longest first; an answer that cannot be read shows none."""
    answers = file.answers
    born: dt.date | None = None
    with suppress(ValueError, TypeError):
        born = dt.date.fromisoformat(str(answers.get("dateOfBirth") or ""))
    sentences = []
    with suppress(ValueError, TypeError):
        sentences = sentences_told(answers.get("longestSentence"), answers.get("sentenceEnded"))
    return statutory_bars(licence=Licence(file.application.licence), born=born, sentences=sentences, today=today)

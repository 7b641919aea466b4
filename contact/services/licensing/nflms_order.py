"""An application's answers in the order in which an officer enters them into NFLMS, the master register (practice 27).

The order is ours: NFLMS's own screens are not public. It has an owner and is unreviewed until a force has looked at it.
"""

from __future__ import annotations

from dataclasses import dataclass

from contact.services.licensing.file import File

OWNER = "firearms licensing lead"
REVIEWED_BY: str | None = None

_ORDER: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Person",
        (
            "personTitle",
            "reporterName",
            "otherNames",
            "dateOfBirth",
            "placeOfBirth",
            "gender",
            "height",
            "nationality",
            "occupation",
            "homeAddress",
            "livedHereSince",
            "addressHistory",
            "phone",
            "otherPhone",
            "email",
            "workAddress",
            "workPhone",
            "workEmail",
            "timeAbroad",
        ),
    ),
    (
        "Certificate",
        (
            "licences",
            "firearmKind",
            "firearmCertificateNumber",
            "firearmExpiry",
            "shotgunKind",
            "shotgunCertificateNumber",
            "shotgunExpiry",
            "certificateType",
            "certificateNumber",
            "certificateExpiry",
        ),
    ),
    ("Health", ("healthConditions", "healthDetails", "gpPractice", "gpPracticesBefore", "gpElsewhereDetails")),
    ("Convictions", ("convictions", "convictionList", "longestSentence", "sentenceEnded", "refusedDetails")),
    (
        "Guns and ammunition",
        (
            "gunsHeld",
            "gunsHeldUse",
            "gunsWanted",
            "gunsOut",
            "gunsTransferred",
            "gunsGivenUp",
            "shotgunsHeld",
            "ammunition",
            "landAndClubs",
            "shotgunReasons",
            "shotgunReasonDetails",
        ),
    ),
    ("Storage", ("storagePlace", "storageAddress", "storageKind", "storageDetails")),
    ("Referees", ("referees",)),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: the form's own question, and the answer as it is copied."""

    label: str
    value: str


def sections(file: File) -> list[tuple[str, list[Field]]]:
    """The answered fields by section; what the order does not know comes last, so that nothing is left out."""
    answered = {
        row.question_id: Field(row.label, row.value)
        for sent in file.sent[-1:]
        for section in sent.sections
        for row in section.rows
        if row.answered and row.value
    }
    found = [(name, [answered.pop(each) for each in ids if each in answered]) for name, ids in _ORDER]
    found.append(("Everything else", list(answered.values())))
    return [(name, fields) for name, fields in found if fields]

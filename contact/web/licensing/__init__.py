"""The licensing desk: caseload, the file of one application, checks, visits, decisions, for licensing officers alone;
and what was paid, for finance officers, who see no answer. One module a page; `room` is the blueprint.
"""

from contact.web.licensing import (
    application,
    application_reviews,
    caseload,
    casework,
    certificate,
    certificate_entries,
    certificate_letters,
    certificate_opening,
    certificates,
    deciding,
    evidence,
    exports,
    joining,
    money,
    money_csv,
    money_deeds,
    outsiders,
    paper,
    visit_photos,
    visiting,
)
from contact.web.licensing.blueprint import room

__all__ = [
    "application",
    "application_reviews",
    "caseload",
    "casework",
    "certificate",
    "certificate_entries",
    "certificate_letters",
    "certificate_opening",
    "certificates",
    "deciding",
    "evidence",
    "exports",
    "joining",
    "money",
    "money_csv",
    "money_deeds",
    "outsiders",
    "paper",
    "room",
    "visit_photos",
    "visiting",
]

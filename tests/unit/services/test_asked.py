"""What each form of firearms licensing asks for, and whether a renewal was declared in time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from contact.domain.licensing.kinds import Kind, Licence
from contact.services.licensing.applications import in_time
from contact.services.licensing.asked import Asked, asked


@pytest.mark.parametrize(
    ("form_id", "answers", "expected"),
    [
        (
            "firearms-certificate",
            {"licences": "firearm", "firearmKind": "grant"},
            Asked(Kind.GRANT, Licence.FIREARM),
        ),
        (
            "firearms-certificate",
            {
                "licences": "coterminous",
                "firearmKind": "renewal",
                "shotgunKind": "grant",
                "firearmCertificateNumber": "FC 12",
                "firearmExpiry": "2027-02-03",
            },
            Asked(Kind.RENEWAL, Licence.COTERMINOUS, Kind.GRANT, "FC 12", dt.date(2027, 2, 3)),
        ),
        (
            "firearms-certificate",
            {
                "licences": "coterminous",
                "firearmKind": "renewal",
                "shotgunKind": "renewal",
                "firearmCertificateNumber": "FC 12",
                "firearmExpiry": "2027-02-03",
                "shotgunCertificateNumber": "SG 9",
                "shotgunExpiry": "2027-01-09",
            },
            Asked(Kind.RENEWAL, Licence.COTERMINOUS, Kind.RENEWAL, "FC 12", dt.date(2027, 1, 9)),
        ),
        (
            "firearms-variation",
            {"certificateNumber": " FC 12 ", "certificateExpiry": "2027-02-03", "variationKind": "one_for_one"},
            Asked(
                Kind.VARIATION,
                Licence.FIREARM,
                certificate_number="FC 12",
                expires=dt.date(2027, 2, 3),
                number_rises=False,
            ),
        ),
        (
            "firearms-variation",
            {"certificateNumber": "FC 12", "variationKind": "more"},
            Asked(Kind.VARIATION, Licence.FIREARM, certificate_number="FC 12", number_rises=True),
        ),
        (
            "firearms-replacement",
            {"certificateType": "shotgun", "certificateNumber": "SG 9"},
            Asked(Kind.REPLACEMENT, Licence.SHOTGUN, certificate_number="SG 9"),
        ),
        ("firearms-change", {"certificateType": "coterminous"}, Asked(Kind.CHANGE, Licence.COTERMINOUS)),
        (
            "firearms-visitor",
            {"visitorLicence": "visitor_shotgun", "groupSize": 7},
            Asked(Kind.VISITOR_PERMIT, Licence.VISITOR_SHOTGUN, group_size=7),
        ),
        (
            "firearms-visitor",
            {"visitorLicence": "both"},
            Asked(Kind.VISITOR_PERMIT, Licence.VISITOR_BOTH, group_size=1),
        ),
        ("firearms-transfer", {"certificateNumber": ""}, Asked(Kind.TRANSFER_NOTICE, Licence.NONE)),
        ("firearms-surrender", {}, Asked(Kind.SURRENDER, Licence.NONE)),
        (
            "firearms-dealer",
            {"dealerNumber": "RFD 7", "dealerExpiry": "2027-06-01"},
            Asked(Kind.DEALER, Licence.DEALER, certificate_number="RFD 7", expires=dt.date(2027, 6, 1)),
        ),
    ],
)
def test_what_a_form_asks_for(form_id: str, answers: dict[str, Any], expected: Asked) -> None:
    assert asked(form_id, answers) == expected


@pytest.mark.parametrize(
    ("declared", "expires", "expected"),
    [
        ("2026-11-02T12:00Z", "2026-12-28", True),  # eight weeks to the day
        ("2026-11-03T12:00Z", "2026-12-28", False),
        ("2026-11-02T23:59Z", "2026-12-28", True),
        ("2026-07-05T22:59Z", "2026-08-30", True),  # still the fifth in London's summer
        ("2026-07-05T23:01Z", "2026-08-30", False),  # already the sixth there
        ("2026-11-02T12:00Z", "2020-01-01", False),
    ],
)
def test_in_time_is_counted_by_londons_days(declared: str, expires: str, expected: bool) -> None:
    at = dt.datetime.fromisoformat(declared.replace("Z", "+00:00"))
    assert in_time(dt.date.fromisoformat(expires), declared_at=at) is expected


def test_nothing_expires_nothing_is_late() -> None:
    assert in_time(None, declared_at=dt.datetime(2026, 11, 2, tzinfo=dt.UTC)) is None

"""Emergencies first; leases by grade and page; urgent contacts are not let go untold."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from contact.domain import queueing
from contact.domain.errors import EmergencyNeedsLivePage
from contact.domain.queueing import Band, IncidentLog, LeaseKind
from contact.domain.taxonomy import Grade

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
CONTACT = UUID(int=1)
LOG = IncidentLog("K-0412-18112026", NOW, "Inspector of the duty desk")


def test_emergencies_alone_stand_in_the_first_band() -> None:
    assert [queueing.band(grade) for grade in Grade] == [Band.EMERGENCY, Band.OTHER, Band.OTHER, Band.OTHER]


def test_due_is_look_by_until_someone_has_looked() -> None:
    look_by, answer_by = NOW + timedelta(hours=1), NOW + timedelta(hours=24)
    assert queueing.due_at(look_by=look_by, answer_by=answer_by, looked_at=None) == look_by
    assert queueing.due_at(look_by=look_by, answer_by=answer_by, looked_at=NOW) == answer_by


@pytest.mark.parametrize(
    ("grade", "kind", "seconds", "beat"),
    [
        (Grade.EMERGENCY, LeaseKind.LIVE, 20, 5),
        (Grade.PRIORITY, LeaseKind.LIVE, 90, 20),
        (Grade.STANDARD, LeaseKind.LIVE, 90, 20),
        (Grade.ENQUIRY, LeaseKind.LIVE, 90, 20),
        (Grade.PRIORITY, LeaseKind.PAGE, 900, 20),
        (Grade.STANDARD, LeaseKind.PAGE, 900, 20),
        (Grade.ENQUIRY, LeaseKind.PAGE, 900, 20),
    ],
)
def test_lease_lengths(grade: Grade, kind: LeaseKind, seconds: int, beat: int) -> None:
    assert queueing.lease(grade, kind, contact_id=CONTACT).total_seconds() == seconds
    assert queueing.heartbeat(grade).total_seconds() == beat


def test_a_page_without_javascript_cannot_hold_an_emergency() -> None:
    with pytest.raises(EmergencyNeedsLivePage):
        queueing.lease(Grade.EMERGENCY, LeaseKind.PAGE, contact_id=CONTACT)


@pytest.mark.parametrize(
    ("grade", "logs", "allowed"),
    [
        (Grade.EMERGENCY, [], False),
        (Grade.PRIORITY, [], False),
        (Grade.STANDARD, [], True),
        (Grade.ENQUIRY, [], True),
        (Grade.EMERGENCY, [LOG], True),
        (Grade.PRIORITY, [LOG], True),
        (Grade.EMERGENCY, [IncidentLog(" ", NOW, "Somebody")], False),
        (Grade.EMERGENCY, [IncidentLog("K-1", NOW, "")], False),
        (Grade.EMERGENCY, [IncidentLog("", NOW, ""), LOG], True),
    ],
)
def test_letting_go_needs_a_log_number_and_who_was_told(grade: Grade, logs: list[IncidentLog], allowed: bool) -> None:
    assert queueing.may_let_go(grade, logs) is allowed


def test_an_old_log_number_does_not_cover_a_new_danger() -> None:
    assert queueing.may_let_go(Grade.EMERGENCY, [LOG], since=NOW)
    assert not queueing.may_let_go(Grade.EMERGENCY, [LOG], since=NOW + timedelta(seconds=1))


def test_a_message_reopens_within_28_days() -> None:
    assert queueing.reopens(closed_at=NOW, message_at=NOW + timedelta(days=28))
    assert not queueing.reopens(closed_at=NOW, message_at=NOW + timedelta(days=28, seconds=1))

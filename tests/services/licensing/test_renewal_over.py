"""An extension runs until the renewal is decided at most: refused or withdrawn it ends that day (1968 Act s28B)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from contact.domain.access import Role
from contact.domain.licensing.application_states import ApplicationEvent
from contact.domain.licensing.certificate_states import CertificateState
from contact.domain.licensing.decisions import Nflms, Outcome
from contact.domain.licensing.renewal_clock import Action
from contact.services.licensing import applications, casework, decisions, linking, renewals
from contact.store import certificate_clock, models
from tests.support.cases import Cases, Person
from tests.support.licensing import Applied, apply
from tests.support.register import Held, certificate, holder, letters, rows

DECLARED = dt.datetime(2027, 1, 4, 22, tzinfo=dt.UTC)
THE_DAY_AFTER = dt.datetime(2027, 3, 2, 4, 10, tzinfo=dt.UTC)
IN_THE_EXTENSION = dt.datetime(2027, 4, 14, 12, tzinfo=dt.UTC)


def extended(cases: Cases) -> tuple[Held, Applied]:
    """A certificate that its renewal extended, with the alarm for a section 7 permit rung."""
    held, sent = holder(cases), apply(cases, now=DECLARED)
    with cases.system.begin() as session:
        renewals.join(session, contact_id=sent.contact_id, now=THE_DAY_AFTER)
        assert renewals.strike(session, certificate_id=held.id, now=THE_DAY_AFTER) == [Action.EXTEND]
    with cases.system.begin() as session:
        assert renewals.strike(session, certificate_id=held.id, now=IN_THE_EXTENSION) == [Action.PERMIT_ALARM]
    return held, sent


def withdraw(cases: Cases, officer: Person, sent: Applied) -> None:
    with cases.acting(officer.actor) as session:
        casework.withdraw(
            session, contact_id=sent.contact_id, actor=officer.actor, words="As you asked", now=IN_THE_EXTENSION
        )


def refuse(cases: Cases, officer: Person, sent: Applied) -> None:
    other, now, contact_id = cases.agent(Role.LICENSING_OFFICER), IN_THE_EXTENSION, sent.contact_id
    with cases.acting(other.actor) as session:
        for event in (ApplicationEvent.VALIDATE, ApplicationEvent.BEGIN_CHECKS):
            applications.move(session, contact_id=contact_id, event=event, now=now)
        decisions.recommend(
            session, contact_id=contact_id, agent_id=other.id, outcome=Outcome.REFUSE, reasons="Not safe", now=now
        )
    with cases.acting(officer.actor) as session:
        decisions.decide(
            session, contact_id=contact_id, actor=officer.actor, outcome=Outcome.REFUSE, reasons="Not safe",
            nflms=Nflms("P100", (), now.date()), now=now,
        )  # fmt: skip


@pytest.mark.parametrize("end", [withdraw, refuse])
def test_the_extension_ends_with_the_application(cases: Cases, end: Callable[[Cases, Person, Applied], None]) -> None:
    officer = cases.agent(Role.LICENSING_OFFICER)
    held, sent = extended(cases)
    end(cases, officer, sent)
    assert certificate(cases, held.id).state == CertificateState.EXPIRED
    told = [each for each in rows(cases, models.CertificateHistory, held.id) if each.event == "expire"]
    assert [(each.agent_id, sent.reference in each.reason) for each in told] == [(officer.id, True)]
    assert letters(cases, held.id) == ["extension", "practice_clear_marker"]
    with cases.acting(officer.actor) as session:
        assert certificate_clock.list_alarms(session, force_ids=[cases.north], kind="permit_alarm") == []


def test_another_renewal_that_nobody_has_decided_keeps_the_extension(cases: Cases) -> None:
    held, sent = extended(cases)
    second = apply(cases, now=DECLARED + dt.timedelta(minutes=5))
    with cases.system.begin() as session:
        renewals.join(session, contact_id=second.contact_id, now=IN_THE_EXTENSION)
    withdraw(cases, cases.agent(Role.LICENSING_OFFICER), sent)
    assert certificate(cases, held.id).state == CertificateState.EXTENDED_S28B
    withdraw(cases, cases.agent(Role.LICENSING_OFFICER), second)
    assert certificate(cases, held.id).state == CertificateState.EXPIRED


def test_a_certificate_that_has_not_ended_yet_runs_to_its_own_last_day(cases: Cases) -> None:
    held, sent = holder(cases), apply(cases, now=DECLARED)
    with cases.system.begin() as session:
        renewals.join(session, contact_id=sent.contact_id, now=DECLARED)
    refuse(cases, cases.agent(Role.LICENSING_OFFICER), sent)
    assert certificate(cases, held.id).state == CertificateState.LIVE


def test_a_certificate_taken_off_its_renewal_is_extended_no_longer(cases: Cases) -> None:
    held, sent = extended(cases)
    officer = cases.agent(Role.LICENSING_OFFICER)
    with cases.acting(officer.actor) as session:
        linking.unlink(
            session, contact_id=sent.contact_id, certificate_id=held.id, actor=officer.actor, reason="Not meant",
            now=IN_THE_EXTENSION,
        )  # fmt: skip
    with cases.system.begin() as session:
        assert renewals.strike(session, certificate_id=held.id, now=IN_THE_EXTENSION) == [Action.EXPIRE]
    assert certificate(cases, held.id).state == CertificateState.EXPIRED

"""The renewal clock as a job: run twice felt once, killed half way it goes on, and the extension goes on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from contact.domain.access import Role
from contact.domain.licensing.certificate_states import CertificateState
from contact.jobs.match_certificates import match_certificates
from contact.jobs.registry import Tools, equip
from contact.jobs.run_renewal_clock import run_renewal_clock
from contact.services.licensing import linking, renewals
from contact.services.licensing.guns import Gun
from contact.store import models
from tests.jobs.test_deliver_mail import Post
from tests.support.cases import NOW, Cases
from tests.support.clients import make_settings
from tests.support.database import MigratedDatabase
from tests.support.licensing import apply
from tests.support.register import certificate, holder, letters, rows

EXPIRES = dt.date(2027, 3, 1)


class Morning:
    """Lets the clock strike at ten past four on a day."""

    def __init__(self, cases: Cases, database: MigratedDatabase, home: Path) -> None:
        self._cases, self._settings = cases, make_settings(database, home)

    def strike(self, day: str) -> None:
        """Run the job on that day."""
        at = dt.datetime.fromisoformat(day).replace(hour=4, minute=10, tzinfo=dt.UTC)
        equip(Tools(settings=self._settings, sessions=self._cases.system, mail=Post(), worker="test", clock=lambda: at))
        run_renewal_clock()


@pytest.fixture
def cases(fresh_database: MigratedDatabase) -> Iterator[Cases]:
    """A database of its own: the clock looks at every certificate."""
    made = Cases(fresh_database)
    yield made
    made.dispose()


@pytest.fixture
def morning(cases: Cases, fresh_database: MigratedDatabase, tmp_path: Path) -> Morning:
    return Morning(cases, fresh_database, tmp_path)


def test_each_notice_goes_once_however_often_the_clock_strikes(cases: Cases, morning: Morning) -> None:
    held, silent = holder(cases), holder(cases, number="SG-2", reach="none")
    gone = holder(cases, number="SG-3", state=CertificateState.SURRENDERED)
    morning.strike("2026-11-08")
    assert letters(cases, held.id) == []
    for day in ("2026-11-09", "2026-11-09", "2026-11-10", "2026-12-07", "2026-12-21", "2026-12-28", "2027-01-04"):
        morning.strike(day)
    notices = rows(cases, models.CertificateNotice, held.id)
    assert sorted(each.kind for each in notices) == ["weeks_10", "weeks_12", "weeks_16", "weeks_9"]
    assert {each.last_safe_day for each in notices} == {dt.date(2027, 1, 4)}
    assert letters(cases, held.id) == ["renewal_notice"] * 4
    assert {each.facts["last_safe_day"] for each in rows(cases, models.LicensingLetter, held.id)} == {"2027-01-04"}
    assert len(rows(cases, models.CertificateNotice, silent.id)) == 4
    assert letters(cases, silent.id) == letters(cases, gone.id) == []


def test_naming_somebody_elses_certificate_neither_extends_it_nor_ends_its_notices(
    cases: Cases, morning: Morning
) -> None:
    held = holder(cases, surname="Penhale", born=dt.date(1960, 1, 1))
    nameless = holder(cases, number="SG-3", surname="Penhale", born=None)
    apply(cases)
    apply(cases, {"shotgunCertificateNumber": "SG-3"})
    for day in ("2026-12-28", "2027-03-02"):
        morning.strike(day)
    for each in (held, nameless):
        assert certificate(cases, each.id).state == "expired"
        assert "renewal_notice" in letters(cases, each.id)


def test_declared_in_time_it_is_extended_with_its_letter_on_the_day(cases: Cases, morning: Morning) -> None:
    held = holder(cases)
    apply(cases, now=dt.datetime(2027, 1, 4, 22, tzinfo=dt.UTC))
    morning.strike("2027-03-01")
    assert certificate(cases, held.id).state == "live"
    for _ in range(2):
        morning.strike("2027-03-02")
    row = certificate(cases, held.id)
    assert (row.state, row.extended_until) == ("extended_s28B", dt.date(2027, 4, 26))
    assert letters(cases, held.id) == ["extension"]
    for _ in range(2):
        morning.strike("2027-04-13")
    assert [each.kind for each in rows(cases, models.CertificateNotice, held.id)].count("permit_alarm") == 1
    assert certificate(cases, held.id).state == "extended_s28B"
    morning.strike("2027-04-27")
    assert certificate(cases, held.id).state == "expired"


def test_declared_in_time_and_entered_or_joined_after_it_ran_out_it_is_extended_all_the_same(
    cases: Cases, morning: Morning
) -> None:
    """The post lay unopened, or the number was typed wrong: our own faults never move the clock (practice 28)."""
    late, joined, too_late = holder(cases), holder(cases, number="SG-2"), holder(cases, number="SG-3")
    mistyped = apply(cases, {"shotgunCertificateNumber": "SG-22"}, now=dt.datetime(2027, 1, 4, 22, tzinfo=dt.UTC))
    morning.strike("2027-03-02")
    assert {certificate(cases, each.id).state for each in (late, joined, too_late)} == {"expired"}
    apply(cases, now=dt.datetime(2027, 1, 4, 22, tzinfo=dt.UTC))  # entered on 3 March, as of the day it came
    apply(cases, {"shotgunCertificateNumber": "SG-3"}, now=dt.datetime(2027, 1, 5, 9, tzinfo=dt.UTC))
    officer = cases.agent(Role.LICENSING_OFFICER)
    with cases.acting(officer.actor) as session:
        linking.link(
            session, contact_id=mistyped.contact_id, number="SG-2", kind="shotgun", actor=officer.actor,
            reason="A slip of the pen", now=dt.datetime(2027, 3, 3, 9, tzinfo=dt.UTC),
        )  # fmt: skip
    for _ in range(2):
        morning.strike("2027-03-04")
    for each in (late, joined):
        row = certificate(cases, each.id)
        assert (row.state, row.extended_until, row.clock_runs) == ("extended_s28B", dt.date(2027, 4, 26), True)
        assert letters(cases, each.id).count("extension") == 1
    assert certificate(cases, too_late.id).state == "expired"
    morning.strike("2027-04-27")
    assert certificate(cases, late.id).state == "expired"
    morning.strike("2027-04-28")
    assert certificate(cases, late.id).state == "expired"


def test_in_northern_ireland_nothing_of_great_britains_clock_runs(cases: Cases, morning: Morning) -> None:
    with cases.system.begin() as session:
        force = session.get(models.Force, cases.north)
        assert force is not None
        force.nation = "northern-ireland"
    held = holder(cases)
    apply(cases, now=dt.datetime(2026, 12, 1, 22, tzinfo=dt.UTC))
    for day in ("2026-11-09", "2027-02-16", "2027-03-01"):
        morning.strike(day)
    assert certificate(cases, held.id).state == "live"
    morning.strike("2027-03-02")
    assert certificate(cases, held.id).state == "expired"
    assert letters(cases, held.id) == []
    assert rows(cases, models.CertificateNotice, held.id) == []


def test_declared_late_it_expires_after_its_alarm(cases: Cases, morning: Morning) -> None:
    held = holder(cases)
    apply(cases, now=dt.datetime(2027, 1, 5, 9, tzinfo=dt.UTC))
    morning.strike("2027-02-16")
    alarm = next(each for each in rows(cases, models.CertificateNotice, held.id) if each.kind == "permit_alarm")
    assert alarm.for_day == dt.date(2027, 3, 2)
    morning.strike("2027-03-02")
    assert certificate(cases, held.id).state == "expired"
    assert letters(cases, held.id) == []


def test_killed_half_way_it_goes_on_and_doubles_nothing(
    cases: Cases, morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = [holder(cases, Gun("shotgun", "", "12", "", ""), number=f"SG-{number}") for number in range(6)]
    whole, struck = renewals.strike, []

    def until_killed(*given: object, **more: object) -> object:
        struck.append(more["certificate_id"])
        found = whole(*given, **more)  # type: ignore[arg-type]
        if len(struck) == 4:
            raise KeyboardInterrupt  # after its work and before its commit
        return found

    monkeypatch.setattr(renewals, "strike", until_killed)
    with pytest.raises(KeyboardInterrupt):
        morning.strike("2026-11-09")
    monkeypatch.undo()
    assert sum(len(letters(cases, each.id)) for each in held) == 3
    morning.strike("2026-11-09")
    assert [letters(cases, each.id) for each in held] == [["renewal_notice"]] * 6


def test_licensing_is_told_of_a_match_by_the_worker(cases: Cases, morning: Morning) -> None:
    held = holder(cases)
    report = cases.report({}, now=NOW)
    with cases.system.begin() as session:
        row = session.get(models.Reporter, report.contact_id)
        assert row is not None
        row.email = "rowan.tregear@mail.example"
    morning.strike("2026-11-08")  # the job's tools
    for _ in range(2):
        match_certificates(str(report.contact_id))
    assert [each.contact_id for each in rows(cases, models.LicensingReview, held.id)] == [report.contact_id]


def test_the_list_of_what_expires_follows_the_register(cases: Cases, morning: Morning) -> None:
    """Once an officer has looked: before, the applicant's page would tell whether a certificate exists."""
    holder(cases, expires=dt.date(2027, 1, 20))
    sent = apply(cases, now=NOW)  # the applicant typed 1 March
    for state, due in (("submitted", dt.date(2027, 3, 1)), ("checks", dt.date(2027, 1, 20))):
        with cases.system.begin() as session:
            row = session.get(models.Application, sent.contact_id)
            assert row is not None
            row.state = state
        morning.strike("2026-11-22")
        with cases.system() as session:
            row = session.get(models.Application, sent.contact_id)
            assert row is not None
            assert row.next_due == due
    morning.strike("2027-01-21")
    with cases.system() as session:
        row = session.get(models.Application, sent.contact_id)
        assert row is not None
        assert (row.in_time, row.next_due) == (True, dt.date(2027, 3, 17))


def test_a_dealer_and_a_visitor_have_no_notices_and_no_extension(cases: Cases, morning: Morning) -> None:
    held = [holder(cases, kind=kind, number=kind) for kind in ("dealer", "visitor_shotgun", "air_weapon")]
    for day in ("2026-11-09", "2027-03-02"):
        morning.strike(day)
    for each in held:
        assert certificate(cases, each.id).state == "expired"
        assert rows(cases, models.CertificateNotice, each.id) == []


def test_an_application_that_cannot_be_read_stops_no_clock(cases: Cases, morning: Morning) -> None:
    held = holder(cases)
    broken = apply(cases, {"shotgunExpiry": "2027-03-01"}, now=NOW)
    with cases.system.begin() as session:
        sent = session.query(models.Submission).filter_by(contact_id=broken.contact_id).one()
        sent.answers = {**sent.answers, "shotgunExpiry": "soon", "shotgunCertificateNumber": "SG-9"}
        row = session.get(models.Application, broken.contact_id)
        assert row is not None
        row.state = "checks"
    morning.strike("2026-11-09")
    assert letters(cases, held.id) == ["renewal_notice"]


def test_a_certificate_of_an_impossible_day_stops_no_clock(cases: Cases, morning: Morning) -> None:
    broken = holder(cases, number="SG-1")
    with cases.system.begin() as session:
        row = session.get(models.Certificate, broken.id)
        assert row is not None
        row.expires = dt.date(1, 1, 2)  # before the calendar has eight weeks
    held = holder(cases)
    morning.strike("2026-11-09")
    assert letters(cases, held.id) == ["renewal_notice"]

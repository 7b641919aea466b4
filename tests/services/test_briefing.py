"""The block for whoever deploys says every part of practice 3, and says so where nothing was said."""

from __future__ import annotations

from contact.services import briefing, contact_view
from contact.services.contact_view import ContactView
from contact.services.intake import Receipt
from tests.support.cases import NOW, Cases


def _view(cases: Cases, report: Receipt) -> ContactView:
    agent = cases.agent()
    with cases.acting(agent.actor) as session:
        return contact_view.load(session, contact_id=report.contact_id, agent_id=agent.id, now=NOW)


def test_a_report_in_one_block(cases: Cases) -> None:
    report = cases.report()
    said = dict(briefing.lines(_view(cases, report)))
    assert said["Reference"].startswith(report.reference)
    assert "ME14 1XX" in said["Where"]
    assert said["What"] == "My bike was taken from outside the library."
    assert said["Weapons"] == "none said"
    assert "No certificate found" in said["Guns held"]


def test_the_emergency_page_in_one_block(cases: Cases) -> None:
    view = _view(cases, cases.emergency())
    said = dict(briefing.lines(view))
    assert said["Where"] == "12 Mill Lane"
    assert said["What"].startswith("He has a knife and he is here")
    assert said["Weapons"] == "YES"
    assert briefing.as_text(view).splitlines()[0].startswith("REFERENCE: ")


def test_do_not_contact_is_shouted(cases: Cases) -> None:
    report = cases.report()
    cases.change(report.contact_id, safe_contact={"how": "none"})
    assert briefing.safe_contact(_view(cases, report)) == "DO NOT CONTACT"


def test_that_no_way_is_safe_is_shouted_wherever_it_was_said(cases: Cases) -> None:
    report = cases.report()
    cases.change(report.contact_id, safe_contact={"how": "online"}, flags=["no_safe_contact"])
    assert briefing.safe_contact(_view(cases, report)) == "DO NOT CONTACT"

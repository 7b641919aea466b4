"""More files after the report: from its progress page, or by a link that works once; each comes before people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from contact.domain.access import Role
from contact.services import evidence_links
from contact.store import models
from tests.support.cases import Cases
from tests.support.clients import Clock, StrictClient
from tests.support.html_checks import text_of
from tests.web.citizen.journeys import keys_of, send_report
from tests.web.evidence.conftest import Desk, Files, picture

MakeDesk = Callable[..., Desk]


@pytest.fixture
def report(client: StrictClient) -> Files:
    """A report that was sent; the place for more is its progress page's."""
    reference, _words = keys_of(client, send_report(client))
    return Files(client, f"/progress/{reference}/files", f"/progress/{reference}/files/sent")


def _contact(cases: Cases, files: Files) -> models.Contact:
    with cases.system() as session:
        reference = files.page.split("/")[2]
        return session.query(models.Contact).filter_by(reference=reference).one()


def test_progress_page_leads_there(report: Files) -> None:
    html = report.client.get(report.page.removesuffix("/files")).get_data(as_text=True)
    assert report.page in html


def test_a_file_goes_before_people_once(report: Files, cases: Cases) -> None:
    contact = _contact(cases, report)
    for name in ("one.jpg", "two.jpg"):
        assert report.whole(picture(), name).get_json()["done"]
    assert "two.jpg" in report.html()
    assert "/remove" not in report.html()
    messages = cases.rows(models.Message, contact.id)
    assert [each.kind for each in messages] == ["inbound"]
    assert len(cases.rows(models.Evidence, contact.id)) == 2


def test_what_is_here_cannot_be_taken_back(report: Files) -> None:
    url = report.whole(picture()).get_json()["url"]
    assert report.client.post(f"{url}/remove", headers=report.headers()).status_code == 404
    half = report.begin("half.jpg", 9000).get_json()["url"]
    assert report.client.post(f"{half}/remove", headers=report.headers()).status_code == 200


def test_plain_form_works_there_too(report: Files) -> None:
    assert report.plain(picture(), "plain.jpg").headers["Location"].startswith(report.page)
    assert "plain.jpg" in report.html()


def test_another_browser_sees_nothing(report: Files, stranger: StrictClient) -> None:
    assert stranger.get(report.page).status_code == 403
    assert stranger.post(f"{report.base}/begin", json={"name": "a", "size": 9}).status_code == 403


def test_closed_too_long_takes_no_more(report: Files, cases: Cases, clock: Clock) -> None:
    contact = _contact(cases, report)
    cases.change(contact.id, state="closed", closed_at=clock.now - dt.timedelta(days=40), closed_reason="answered")
    html = report.html()
    assert "closed more than 28 days ago" in html
    assert 'type="file"' not in html
    assert report.begin().get_json()["error"] == "closed"


def _link(cases: Cases, clock: Clock, contact_id: object = None) -> tuple[str, object]:
    report_sent = cases.report(now=clock.now)
    agent = cases.agent()
    with cases.acting(agent.actor) as session:
        token = evidence_links.make_upload_link(
            session, contact_id=report_sent.contact_id, actor=agent.actor, now=clock.now
        )
    return f"/files/{token}", report_sent


def test_link_opens_once_and_shows_nothing_of_the_report(
    client: StrictClient, stranger: StrictClient, cases: Cases, clock: Clock
) -> None:
    address, sent = _link(cases, clock)
    for _look in range(2):
        html = client.get(address).get_data(as_text=True)
        assert "Add photos or files" in html
    opened = client.send(address)
    assert opened.status_code == 303
    place = Files(client, opened.headers["Location"], opened.headers["Location"] + "/sent")
    assert place.whole(picture(), "by-link.jpg").get_json()["done"]
    html = place.html()
    assert "by-link.jpg" in html
    assert sent.reference not in html  # type: ignore[attr-defined]
    assert stranger.get(place.page).status_code == 403
    again = stranger.send(address)
    assert again.status_code == 410
    assert "This link has been used, or is too old" in again.get_data(as_text=True)
    clock.advance(evidence_links.OPENED_LASTS + dt.timedelta(minutes=1))
    assert client.get(place.page).status_code in (403, 410)


def test_link_that_never_was_answers_alike(client: StrictClient) -> None:
    assert client.get("/files/never").status_code == 200
    assert client.send("/files/never").status_code == 410


def test_agent_makes_a_link_shown_once(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, sent = desk(), cases.report(now=clock.now)
    page = f"/control-room/contacts/{sent.contact_id}"
    answer = at.client.send(f"{page}/ask-for-files", page=page)
    assert answer.status_code == 200
    assert "/files/" in answer.get_data(as_text=True)
    assert "upload-link" not in at.client.get(page).get_data(as_text=True)
    assert "upload_link_made" in cases.events(sent.contact_id)


def test_sensitive_report_says_to_give_it_in_the_thread_only(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, sent = desk(Role.SUPERVISOR), cases.report(now=clock.now)
    cases.change(sent.contact_id, sensitive=True)
    assert "only in your reply" in text_of(at.client.tree(f"/control-room/contacts/{sent.contact_id}"))


def test_stranger_agent_makes_no_link(cases: Cases, desk: MakeDesk, clock: Clock) -> None:
    at, sent = desk(force=cases.south), cases.report(now=clock.now)
    answer = at.client.send(f"/control-room/contacts/{sent.contact_id}/ask-for-files", page="/control-room/")
    assert answer.status_code == 404

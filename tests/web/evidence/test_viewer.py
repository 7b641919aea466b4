"""An agent and one file: covered first, each opening a line, nothing runs, sealed to those named (practice 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

from contact.domain.access import Role
from tests.support.cases import Cases
from tests.support.evidence import SENSITIVE_FORM, document, film, picture
from tests.support.evidence import Files as Sender
from tests.support.html_checks import text_of
from tests.web.evidence.conftest import Desk

MakeDesk = Callable[..., Desk]


@dataclass(frozen=True)
class Case:
    """A report with one file."""

    contact_id: UUID
    data: bytes
    page: str


def _case(sender: Sender, data: bytes | None = None, form_id: str = "burglary", *, examined: bool = True) -> Case:
    draft_id, data = sender.draft(form_id), data or picture()
    upload = sender.send(draft_id, data, name="gate.jpg")
    contact_id = sender.submit(draft_id).contact_id
    if examined:
        sender.examine(upload.id)
    return Case(contact_id, data, f"/control-room/contacts/{contact_id}/files/{upload.id}")


def _opened(cases: Cases, case: Case) -> list[str]:
    return [name for name in cases.events(case.contact_id) if name == "evidence_opened"]


def test_contact_page_lists_it(sender: Sender, desk: MakeDesk) -> None:
    case, at = _case(sender), desk()
    words = text_of(at.client.tree(f"/control-room/contacts/{case.contact_id}"))
    assert "gate.jpg" in words
    assert "Picture, JPEG" in words
    assert "Not scanned" in words
    assert "1 not opened yet" in words
    assert "SHA-256" in words


def test_page_is_covered_until_it_is_opened(sender: Sender, desk: MakeDesk, cases: Cases) -> None:
    case, at = _case(sender), desk()
    html = at.client.get(case.page).get_data(as_text=True)
    assert "covered until you open it" in html
    assert "/view" not in html
    assert _opened(cases, case) == []
    html = at.client.get(f"{case.page}?open=1").get_data(as_text=True)
    assert f'{case.page}/view"' in html
    answer = at.client.get(f"{case.page}/view")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert len(_opened(cases, case)) == 1
    after = text_of(at.client.tree(case.page))
    assert "Ana Ruiz opened the preview (working on contact)" in after
    assert "not opened yet" not in text_of(at.client.tree(f"/control-room/contacts/{case.contact_id}"))


def test_nothing_in_it_can_run(sender: Sender, desk: MakeDesk) -> None:
    case, at = _case(sender), desk()
    for path in ("/view", "/download?why=disclosure"):
        headers = at.client.get(case.page + path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
    assert at.client.get(f"{case.page}/view").headers["Content-Disposition"].startswith("inline")


def test_download_is_the_file_as_sent_under_a_neutral_name(sender: Sender, desk: MakeDesk, cases: Cases) -> None:
    case, at = _case(sender), desk()
    answer = at.client.get(f"{case.page}/download?why=disclosure")
    assert answer.get_data() == case.data
    assert answer.headers["Content-Disposition"] == 'attachment; filename="file-1.jpg"'
    assert cases.event(case.contact_id, "evidence_opened")["copied"] is True
    assert "downloaded it (disclosure)" in text_of(at.client.tree(case.page))
    assert at.client.get(f"{case.page}/download").status_code == 400


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("bytes=0-99", 206, "bytes 0-99/300000"),
        ("bytes=299990-", 206, "bytes 299990-299999/300000"),
        ("bytes=-10", 206, "bytes 299990-299999/300000"),
        ("bytes=400000-", 416, "bytes */300000"),
        ("bytes=0-1,5-9", 416, "bytes */300000"),
    ],
)
def test_film_is_sent_by_ranges_under_one_line(
    sender: Sender, desk: MakeDesk, cases: Cases, asked: str, status: int, told: str
) -> None:
    case, at = _case(sender, film(300_000)), desk()
    page = at.client.get(f"{case.page}?open=1")
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    assert "muted" in page.get_data(as_text=True)
    answer = at.client.get(f"{case.page}/view", headers={"Range": asked})
    assert (answer.status_code, answer.headers["Content-Range"]) == (status, told)
    if status == 206:
        start, stop = (int(each) for each in told.removeprefix("bytes ").split("/")[0].split("-"))
        assert answer.get_data() == case.data[start : stop + 1]
    at.client.get(f"{case.page}/view", headers={"Range": "bytes=10-20"})
    assert len(_opened(cases, case)) == 1


def test_document_is_never_shown(sender: Sender, desk: MakeDesk) -> None:
    case, at = _case(sender, document()), desk()
    assert "Documents are not shown here" in at.client.get(f"{case.page}?open=1").get_data(as_text=True)
    assert at.client.get(f"{case.page}/view").status_code == 409


def test_refused_opening_is_written_down(sender: Sender, desk: MakeDesk, cases: Cases) -> None:
    case = _case(sender)
    stranger = desk(force=cases.south)
    for path in ("", "?open=1", "/view", "/download?why=disclosure"):
        answer = stranger.client.get(case.page + path)
        assert answer.status_code == 404
        assert "gate.jpg" not in answer.get_data(as_text=True)
    assert _opened(cases, case) == []
    with cases.system() as session:
        from contact.store.models import Event as Row

        asked = session.query(Row).filter_by(name="opening_refused", agent_id=stranger.person.id).all()
    assert len(asked) == 4


def test_file_of_another_contact_is_not_found_here(sender: Sender, desk: MakeDesk) -> None:
    one, other, at = _case(sender), _case(sender), desk()
    mixed = one.page.replace(str(one.contact_id), str(other.contact_id))
    assert at.client.get(mixed).status_code == 404
    assert at.client.get(f"{mixed}/view").status_code == 404


def test_unchecked_file_waits(sender: Sender, desk: MakeDesk) -> None:
    case, at = _case(sender, examined=False), desk()
    assert "being checked" in at.client.get(f"{case.page}?open=1").get_data(as_text=True)
    assert at.client.get(f"{case.page}/view").status_code == 409


def test_sensitive_file_has_no_preview_until_marked_safe(sender: Sender, desk: MakeDesk, cases: Cases) -> None:
    case, at = _case(sender, form_id=SENSITIVE_FORM), desk()
    html = at.client.get(case.page).get_data(as_text=True)
    assert "Nobody has marked it safe yet" in html
    assert "Look only if you have to decide" in html
    answer = at.client.send(f"{case.page}/safe", page=case.page)
    assert answer.status_code == 303
    assert "Nobody has marked it safe" not in at.client.get(case.page).get_data(as_text=True)
    assert cases.event(case.contact_id, "evidence_marked")["mark"] == "safe"


def test_indecent_is_sealed_to_a_named_role_and_never_copied(sender: Sender, desk: MakeDesk, cases: Cases) -> None:
    case, at = _case(sender), desk()
    assert "Choose what it is" in at.client.send(f"{case.page}/seal", page=case.page).get_data(as_text=True)
    assert at.client.send(f"{case.page}/seal", {"reason": "indecent_child"}, page=case.page).status_code == 303
    assert "Only professional standards can open it" in at.client.get(f"{case.page}?open=1").get_data(as_text=True)
    assert at.client.get(f"{case.page}/view").status_code == 403
    assert at.client.get(f"{case.page}/download?why=disclosure").status_code in (403, 409)
    reviewer = desk(Role.PROFESSIONAL_STANDARDS, name="Dev Shah")
    assert reviewer.client.get(f"{case.page}/view").get_data() == case.data
    assert reviewer.client.get(f"{case.page}/download?why=disclosure").status_code == 409
    assert "Dev Shah opened it as it was sent (evidence review)" in text_of(reviewer.client.tree(case.page))
    assert "sealed it: indecent, of somebody under 18" in text_of(at.client.tree(case.page))

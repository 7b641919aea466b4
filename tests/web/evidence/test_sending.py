"""Check-your-answers claims no file that is not here, and what is sent belongs to that report alone (scenario 19)."""

from __future__ import annotations

import forms
from contact.store import models
from tests.support.cases import Cases
from tests.support.clients import StrictClient
from tests.web.citizen.journeys import fill, keys_of
from tests.web.evidence.conftest import FORM, Files, open_files, picture


def _checked(files: Files) -> str:
    """Answer the rest and open check-your-answers; answers its address."""
    draft = files.base.rsplit("/files/", 1)[0]
    return fill(files.client, draft, FORM)


def _send(client: StrictClient, check: str, go: str = "send") -> str:
    answer = client.send(check, {"go": go, "force": "northshire"})
    return answer.headers.get("Location", "") or answer.get_data(as_text=True)


def test_each_file_is_shown_with_its_state(files: Files) -> None:
    files.whole(picture(), "gate.jpg")
    html = files.client.get(_checked(files)).get_data(as_text=True)
    assert "gate.jpg" in html
    assert "We are checking it" in html
    assert "would not be sent" not in html


def test_no_files_is_said_so(files: Files) -> None:
    assert "No files added" in files.client.get(_checked(files)).get_data(as_text=True)


def test_files_that_are_not_here_are_named_before_sending(files: Files, cases: Cases) -> None:
    files.whole(picture(), "gate.jpg")
    files.begin("slow.mp4", 90_000)
    files.whole(b"MZ" + bytes(9000), "setup.exe")
    check = _checked(files)
    html = files.client.get(check).get_data(as_text=True)
    assert "These files would not be sent" in html
    again = _send(files.client, check)
    assert "Some of your files are not with us" in again
    assert "slow.mp4" in again
    assert "setup.exe" in again
    sent = _send(files.client, check, "without_files")
    assert sent.endswith("/sent")
    reference, _words = keys_of(files.client, sent)
    with cases.system() as session:
        contact = session.query(models.Contact).filter_by(reference=reference).one()
        kept = session.query(models.Evidence).filter_by(contact_id=contact.id).all()
    assert [each.name for each in kept] == ["gate.jpg"]


def test_sent_files_do_not_join_the_next_report(files: Files) -> None:
    url = files.whole(picture(), "gate.jpg").get_json()["url"]
    token = files.token
    assert _send(files.client, _checked(files)).endswith("/sent")
    headers = {"Accept": "application/json", "X-CSRFToken": token}
    assert files.client.get(url, headers=headers).status_code == 404
    assert files.client.post(f"{url}/remove", headers=headers).status_code == 404
    assert files.client.post(f"{files.base}/begin", json={"name": "a", "size": 4}, headers=headers).status_code == 404
    after = open_files(files.client)
    assert "gate.jpg" not in after.html()
    assert "gate.jpg" not in files.client.get(_checked(after)).get_data(as_text=True)


def test_welsh_page_of_files(client: StrictClient) -> None:
    files = open_files(client)
    html = client.get(f"{files.page}?lang=cy").get_data(as_text=True)
    assert "Your files" not in html
    client.get(f"{files.page}?lang=en")


def test_question_is_on_a_page_of_its_own() -> None:
    """A file is added by a form of its own, which would lose what was typed beside it."""
    for form in forms.load_all().values():
        for page in form.pages:
            kinds = [each.type for each in page.questions]
            assert "files" not in kinds or len(kinds) == 1, f"{form.id}: {page.id}"

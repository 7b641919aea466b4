"""People who mean harm with files: skipped tokens, bodies that break parsers, links pressed twice, prying by keys."""

from __future__ import annotations

from contact.services import evidence_links
from tests.support.cases import Cases
from tests.support.clients import Clock, StrictClient
from tests.web.citizen.journeys import fill, keys_of
from tests.web.evidence.conftest import FORM, Files, picture


def test_a_piece_that_calls_itself_a_form_needs_its_token_too(files: Files) -> None:
    url = files.begin("gate.jpg", len(picture())).get_json()["url"]
    headers = {"Upload-Offset": "0", "Content-Type": "multipart/form-data; boundary=xyz"}
    assert files.client.patch(url, data=picture(), headers=headers).status_code == 400
    assert files.client.head(url).headers["Upload-Offset"] == "0"


def test_json_nested_without_end_is_refused_as_broken(files: Files) -> None:
    deep = b"[" * 200_000
    answer = files.client.post(
        f"{files.base}/begin", data=deep, headers=files.headers(**{"Content-Type": "application/json"})
    )
    assert answer.status_code == 400
    assert answer.get_json()["error"] == "broken"


def test_names_of_files_sent_with_the_report_are_not_told_to_whoever_has_its_keys(
    files: Files, stranger: StrictClient
) -> None:
    url = files.whole(picture(), "what-he-did.jpg").get_json()["url"]
    sent = files.client.send(
        fill(files.client, files.base.rsplit("/files/", 1)[0], FORM), {"go": "send", "force": "northshire"}
    )
    reference, words = keys_of(files.client, sent.headers["Location"])
    stranger.send("/progress", {"reference": reference, "words": words})
    place = Files(stranger, f"/progress/{reference}/files", f"/progress/{reference}/files/sent")
    assert "what-he-did" not in place.html()
    one = f"{place.base}/{url.rsplit('/', 1)[1]}"
    assert stranger.get(one, headers={"Accept": "application/json"}).status_code == 404
    place.whole(picture(), "more.jpg")
    assert "more.jpg" in place.html()


def test_link_pressed_twice_opens_for_the_browser_that_opened_it(
    client: StrictClient, stranger: StrictClient, cases: Cases, clock: Clock
) -> None:
    sent, agent = cases.report(now=clock.now), cases.agent()
    with cases.acting(agent.actor) as session:
        token = evidence_links.make_upload_link(session, contact_id=sent.contact_id, actor=agent.actor, now=clock.now)
    first, second = (client.send(f"/files/{token}") for _press in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert stranger.send(f"/files/{token}").status_code == 410

"""Files of a draft: by a plain form and by the page's script; wrong, too big, too many, another's, twice."""

from __future__ import annotations

import pytest

from contact.domain.evidence import MAX_BYTES
from tests.support.clients import StrictClient
from tests.web.evidence.conftest import FORM, GENTLE, Files, form_body, open_files, picture

FIRST = 10_000
"""A first piece long enough to see from it what the file is."""


def test_page_says_what_may_be_sent_and_that_it_can_be_left_out(files: Files) -> None:
    html = files.html()
    assert "photos, video, sound recordings and documents" in html
    assert "up to 100 MB" in html
    assert "You do not have to" in html
    assert "intimate" not in html


def test_sensitive_form_says_what_not_to_send(client: StrictClient) -> None:
    html = open_files(client, GENTLE).html()
    assert "Do not send us intimate pictures. Keep the device, delete nothing." in html
    assert "Report Remove" in html
    assert "Revenge Porn Helpline" in html


def test_plain_form_takes_a_file_and_lists_it(files: Files) -> None:
    answer = files.plain(picture())
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(files.page)
    html = files.html()
    assert "gate.jpg" in html
    assert "We are checking it" in html


def test_plain_form_says_what_is_wrong(files: Files) -> None:
    assert "fault=none" in files.plain(b"", name="").headers["Location"]
    answer = files.plain(b"MZ" + bytes(9000), name="setup.exe")
    assert "fault=wrong_type" in answer.headers["Location"]
    html = files.client.get(answer.headers["Location"]).get_data(as_text=True)
    assert html.count("We cannot open this kind of file") == 2  # in the summary too
    assert "<title>Error:" in html
    assert "Not taken: we cannot open this kind of file" in html


def test_plain_form_needs_its_token_before_the_file(files: Files) -> None:
    assert files.plain(picture(), token="wrong").status_code == 400
    late = form_body([("file", "gate.jpg", picture()), ("csrf_token", None, files.token.encode())])
    answer = files.client.post(files.base, data=late, content_type="multipart/form-data; boundary=xyz")
    assert answer.status_code == 400
    assert "gate.jpg" not in files.html()


def test_form_that_breaks_off_leaves_nothing(files: Files) -> None:
    body = form_body([("csrf_token", None, files.token.encode()), ("file", "gate.jpg", picture() * 40)])
    answer = files.client.post(files.base, data=body[:-2000], content_type="multipart/form-data; boundary=xyz")
    assert "fault=broken" in answer.headers["Location"]
    assert "gate.jpg" not in files.html()


def test_too_much_is_told_on_our_own_page_with_999_and_what_is_there(files: Files) -> None:
    files.plain(picture(), name="first.jpg")
    answer = files.client.post(
        files.base,
        data=b"",
        content_type="multipart/form-data; boundary=xyz",
        environ_overrides={"CONTENT_LENGTH": str(MAX_BYTES * 2)},
    )
    assert answer.status_code == 413
    html = answer.get_data(as_text=True)
    assert "That file is too big" in html
    assert "999" in html
    assert "first.jpg" in html


def test_script_sends_in_pieces_and_goes_on_where_it_was(files: Files) -> None:
    data = picture() + bytes(30_000)
    begun = files.begin("gate.jpg", len(data))
    assert begun.status_code == 201
    url = begun.get_json()["url"]
    first = files.piece(url, data[:FIRST])
    assert first.get_json()["offset"] == FIRST
    assert not first.get_json()["done"]
    asked = files.client.head(url)
    assert asked.headers["Upload-Offset"] == str(FIRST)
    assert asked.headers["Upload-Complete"] == "?0"
    done = files.piece(url, data[FIRST:], FIRST).get_json()
    assert done["done"]
    assert done["state"] == "checking"
    assert "gate.jpg" in done["row"]
    assert files.client.head(url).headers["Upload-Complete"] == "?1"


@pytest.mark.parametrize("offset", [0, FIRST - 1, FIRST + 1])
def test_wrong_offset_is_answered_with_the_right_one(files: Files, offset: int) -> None:
    data = picture() + bytes(30_000)
    url = files.begin("gate.jpg", len(data)).get_json()["url"]
    files.piece(url, data[:FIRST])
    answer = files.piece(url, data[offset:], offset)
    assert answer.status_code == 409
    assert answer.get_json()["offset"] == FIRST


@pytest.mark.parametrize("offset", ["", "-1", "1e3", "one", "٣", "9" * 20])
def test_offset_that_is_none_is_refused(files: Files, offset: str) -> None:
    url = files.begin().get_json()["url"]
    headers = files.headers(**{"Upload-Offset": offset}) if offset.isascii() else files.headers()
    assert files.client.patch(url, data=b"x", headers=headers).status_code == 400


def test_same_piece_twice_is_kept_once(files: Files) -> None:
    data = picture()
    url = files.begin("gate.jpg", len(data)).get_json()["url"]
    assert files.piece(url, data).get_json()["done"]
    again = files.piece(url, data)
    assert again.status_code == 409
    assert files.html().count('data-name="gate.jpg"') == 1


def test_script_is_told_why_a_file_is_not_taken(files: Files) -> None:
    assert files.begin(size=MAX_BYTES + 1).status_code == 413
    told = files.begin(size=MAX_BYTES + 1).get_json()
    assert "100 MB" in told["words"]
    assert "999" in told["emergency"]
    assert files.begin(size=0).get_json()["error"] == "empty"
    wrong = files.whole(b"MZ" + bytes(9000), "setup.exe")
    assert wrong.status_code == 422
    assert "We cannot open this kind" in files.html() or "we cannot open this kind" in files.html()


def test_more_than_was_said_is_refused(files: Files) -> None:
    url = files.begin("gate.jpg", 500).get_json()["url"]
    answer = files.piece(url, picture((900, 900), "PNG") + bytes(5000))
    assert answer.status_code == 413


@pytest.mark.parametrize("said", [None, [], {"name": "x"}, {"name": 3, "size": 3}, {"name": "x", "size": True}])
def test_begin_wants_a_name_and_a_size(files: Files, said: object) -> None:
    answer = files.client.post(f"{files.base}/begin", json=said, headers=files.headers())
    assert answer.status_code == 400


def test_twenty_files_and_no_more(files: Files) -> None:
    for number in range(20):
        assert files.begin(f"{number}.jpg").status_code == 201
    answer = files.begin("21.jpg")
    assert answer.status_code == 409
    assert answer.get_json()["error"] == "too_many"
    assert "fault=too_many" in files.plain(picture(), "21.jpg").headers["Location"]


def test_remove_makes_room_again(files: Files) -> None:
    url = files.whole(picture()).get_json()["url"]
    answer = files.client.post(f"{url}/remove", headers=files.headers())
    assert answer.get_json() == {"removed": True}
    assert "gate.jpg" not in files.html()
    files.plain(picture(), "again.jpg")
    answer = files.client.send(f"{files.client.get(files.page) and url}/remove", page=files.page)
    assert answer.status_code == 404


def test_requests_without_a_token_are_refused(files: Files) -> None:
    url = files.begin().get_json()["url"]
    headers = {"Accept": "application/json"}
    assert files.client.post(f"{files.base}/begin", json={"name": "a", "size": 1}, headers=headers).status_code == 400
    assert files.client.patch(url, data=b"x", headers={**headers, "Upload-Offset": "0"}).status_code == 400
    assert files.client.post(f"{url}/remove", headers=headers).status_code == 400


def test_another_browser_finds_nothing(files: Files, stranger: StrictClient) -> None:
    url = files.whole(picture()).get_json()["url"]
    theirs = open_files(stranger)
    assert stranger.get(url).status_code == 403
    foreign = f"{theirs.base}/{url.rsplit('/', 1)[1]}"
    assert stranger.get(foreign, headers={"Accept": "application/json"}).status_code == 404
    assert theirs.piece(foreign, b"x").status_code == 404
    assert stranger.post(f"{foreign}/remove", headers=theirs.headers()).status_code == 404
    assert "gate.jpg" in files.html()


def test_question_that_is_none_takes_nothing(files: Files) -> None:
    base = files.base.replace("evidenceFiles", "incidentDescription")
    answer = files.client.post(f"{base}/begin", json={"name": "a.jpg", "size": 9}, headers=files.headers())
    assert answer.status_code == 404
    other = files.base.replace(f"/{FORM}/", "/robbery/")
    assert (
        files.client.post(f"{other}/begin", json={"name": "a", "size": 9}, headers=files.headers()).status_code == 404
    )

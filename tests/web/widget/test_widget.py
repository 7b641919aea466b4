"""The frame in a force's site: shown by the named sites alone, with a session of its own, left over the whole tab."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.store import contacts
from tests.support.clients import Clock, StrictClient, make_app, make_settings
from tests.support.database import MigratedDatabase
from tests.support.form_offers import answers_begun, offer_form

SITE, OTHER = "http://localhost:9001", "http://localhost:9002"


@pytest.fixture(scope="module")
def framed(database: MigratedDatabase, tmp_path_factory: pytest.TempPathFactory, two_forces: tuple[str, str]) -> Flask:
    """The application where Northshire has named two sites and Southshire none."""
    home = tmp_path_factory.mktemp("home")
    origins = f"northshire={SITE} northshire={OTHER}"
    return make_app(make_settings(database, home, WIDGET_ORIGINS=origins), Clock())


@pytest.fixture
def frame(framed: Flask) -> StrictClient:
    """A browser that shows the frame; it keeps Secure cookies, as browsers do for this machine."""
    made = framed.test_client()
    assert isinstance(made, StrictClient)
    made.environ_base["wsgi.url_scheme"] = "https"
    return made


def begin(frame: StrictClient, body: str = "My gate was broken") -> str:
    boxes = frame.tree("/widget/northshire").iter("input")
    ticket = next(each.get("value") for each in boxes if each.get("name") == "ticket")
    answer = frame.send("/widget/northshire", {"body": body, "ticket": ticket})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def test_only_the_named_sites_may_frame_it(frame: StrictClient) -> None:
    answer = frame.get("/widget/northshire")
    assert f"frame-ancestors {SITE} {OTHER}" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    for path in ("/widget/southshire", "/chat", "/"):
        answer = frame.get(path)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
    assert frame.get("/widget/nowhere").status_code == 404


def test_its_session_is_its_own(frame: StrictClient, system: sessionmaker[Session]) -> None:
    answer = frame.get("/widget/northshire")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("contact_widget=")
    for word in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/widget"):
        assert word in cookie
    page = begin(frame)
    assert "My gate was broken" in frame.get(page).get_data(as_text=True)
    reference = re.search(r"/chat/([^/?]+)", page)
    assert reference is not None
    assert frame.get(f"/chat/{reference[1]}").status_code == 403, "the citizen's own session knows nothing of it"
    assert frame.get(f"/progress/{reference[1]}").status_code == 403
    with system() as session:
        proof = contacts.find_proof(session, reference=reference[1])
        assert proof is not None
        assert contacts.get(session, contact_id=proof.contact_id).force_id == "northshire"


def test_it_goes_on_where_it_was_and_says_things_once(frame: StrictClient) -> None:
    page = begin(frame)
    assert frame.get("/widget/northshire").headers["Location"] == page
    for _ in range(2):
        assert frame.send(page, {"body": "And the fence", "key": "k"}).status_code == 303
    assert frame.get(page).get_data(as_text=True).count("And the fence") == 1
    stream = frame.get(page.partition("?")[0] + "/events?after=0&once=1").get_data(as_text=True)
    assert stream.count('"body":"And the fence"') == 1


def test_the_way_out_takes_the_whole_tab_and_ends_the_frame(frame: StrictClient, framed: Flask) -> None:
    page = begin(frame)
    html = frame.get(page).get_data(as_text=True)
    link = re.search(r'<a href="(/exit\?frame=[0-9a-f]{64})" target="_top"', html)
    assert link is not None
    top = framed.test_client()  # the tab itself does not send the frame's cookie
    assert top.get(link[1]).status_code == 303
    closed = frame.get(page)
    assert closed.status_code == 403
    assert "My gate was broken" not in closed.get_data(as_text=True)
    assert "frame-ancestors http://localhost" in closed.headers["Content-Security-Policy"]


def test_without_a_cookie_what_was_typed_is_shown_with_the_way_to_the_page(framed: Flask, frame: StrictClient) -> None:
    bare = framed.test_client(use_cookies=False)
    assert isinstance(bare, StrictClient)
    tree = bare.tree("/widget/northshire")
    token = next(each.get("value") for each in tree.iter("input") if each.get("name") == "csrf_token")
    answer = bare.post("/widget/northshire", data={"body": "Typed with care", "csrf_token": token})
    assert answer.status_code == 400
    assert "Typed with care" in answer.get_data(as_text=True)
    assert "does not let this window keep your chat" in answer.get_data(as_text=True)


def test_any_site_may_load_the_script(frame: StrictClient) -> None:
    answer = frame.get("/widget.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers
    text = answer.get_data(as_text=True)
    assert text == (Path(__file__).resolve().parents[3] / "contact/static/widget.js").read_text()
    assert "Storage" not in text


def test_files_a_copy_and_a_mail_stay_in_the_frame(frame: StrictClient, system: sessionmaker[Session]) -> None:
    """Each is a page of the frame, for the same sites alone; nothing of it opens outside."""
    talk = begin(frame, "My shed was opened").partition("?")[0]
    beside = {"files": "Add photos or files", "copy": "Keep a copy of this chat", "mail": "Get this chat by email"}
    page = frame.tree(f"{talk}?lang=en")
    links = {each.get("href") or "": each.get("target") for each in page.iter("a")}
    for name, heading in beside.items():
        assert links[f"{talk}/{name}?lang=en"] is None, "it opens here"
        answer = frame.get(f"{talk}/{name}?lang=en")
        assert answer.status_code == 200
        assert heading in answer.get_data(as_text=True)
        assert f"frame-ancestors {SITE} {OTHER}" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        for link in frame.tree(f"{talk}/{name}?lang=en").find(".//main").iter("a"):  # type: ignore[union-attr]
            assert (link.get("href") or "").startswith("/widget/northshire/"), link.get("href")
    paper = frame.get(f"{talk}/copy/en/copy.pdf")
    assert paper.mimetype == "application/pdf"
    assert f"frame-ancestors {SITE} {OTHER}" in paper.headers["Content-Security-Policy"]


def test_a_mail_is_asked_for_in_the_frame(frame: StrictClient, system: sessionmaker[Session]) -> None:
    talk = begin(frame, "My wall was painted on").partition("?")[0]
    form = {"what": "copy", "email": "ann.fox@example.org"}
    wrong = frame.send(f"{talk}/mail?lang=en", form)
    assert "Tell us that nobody else reads this email" in wrong.get_data(as_text=True)
    sent = frame.send(f"{talk}/mail?lang=en", {**form, "alone": "yes"}).get_data(as_text=True)
    assert "We are sending you the email" in sent
    assert f'href="{talk}?lang=en"' in sent
    reference = talk.rpartition("/")[2]
    with system() as session:
        proof = contacts.find_proof(session, reference=reference)
        assert proof is not None
        mails = session.execute(
            sa.text("SELECT recipient FROM mails WHERE contact_id = :id"), {"id": proof.contact_id}
        ).all()
    assert [each.recipient for each in mails] == ["ann.fox@example.org"]


def test_a_file_is_added_in_the_frame_and_another_frame_adds_none(
    framed: Flask, frame: StrictClient, system: sessionmaker[Session]
) -> None:
    talk = begin(frame, "My door was kicked in").partition("?")[0]
    page = f"{talk}/files?lang=cy"
    form = next(each for each in frame.tree(page).iter("form") if (each.get("id") or "").startswith("files-"))
    address = form.get("action") or ""
    assert address == f"{talk}/files/sent?lang=cy"
    token = frame.token(page)
    picture = io.BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    answer = frame.post(address, data={"csrf_token": token, "file": (picture, "door.pdf")})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(page)
    assert "door.pdf" in frame.get(page).get_data(as_text=True)
    stranger = framed.test_client()
    assert isinstance(stranger, StrictClient)
    stranger.environ_base["wsgi.url_scheme"] = "https"
    for name in ("files", "copy", "mail", "copy/en/copy.pdf"):
        assert stranger.get(f"{talk}/{name}").status_code == 403


def test_the_offered_form_opens_in_a_tab_of_its_own_with_what_was_said(
    frame: StrictClient, framed: Flask, system: sessionmaker[Session]
) -> None:
    """The new tab holds nothing of the frame's session: the way there is a link to the draft alone."""
    talk = begin(frame, "My bicycle was taken from the violet shed").partition("?")[0]
    reference = talk.rsplit("/", 1)[1]
    assert frame.send(f"{talk}/form", {}, page=talk).status_code == 404, "none is offered yet"
    offer_form(system, reference, "theft")
    (button,) = (
        each.find("button")
        for each in frame.tree(talk).iter("form")
        if (each.get("action") or "").startswith(f"{talk}/form")
    )
    assert button is not None
    page = frame.send(f"{talk}/form", {}, page=talk).get_data(as_text=True)
    assert "What you wrote here is already filled in" in page
    (address,) = re.findall(r'href="(/return/[^"]+)" target="_blank"', page)
    tab = framed.test_client()
    assert isinstance(tab, StrictClient)
    before = tab.get(address).get_data(as_text=True)
    assert "What you wrote in the chat is shown on the next page" in before
    assert "What you saved" not in before, "they saved nothing"
    opened = tab.send(address, {}, page=address)
    assert opened.status_code == 303
    assert "violet shed" in answers_begun(system, opened.headers["Location"], "theft")
    again = tab.send(address, {}, page=address)
    assert again.headers["Location"] == opened.headers["Location"], "pressed twice"
    next_user = framed.test_client()
    assert isinstance(next_user, StrictClient)
    late = next_user.send(address, {}, page=address)
    assert "Location" not in late.headers, "the link stays in the browser's history, and opens no more"
    assert "violet shed" not in late.get_data(as_text=True)
    stranger = framed.test_client()
    assert isinstance(stranger, StrictClient)
    stranger.environ_base["wsgi.url_scheme"] = "https"
    assert stranger.send(f"{talk}/form", {}, page="/widget/northshire").status_code == 403


def test_an_application_for_a_licence_is_said_to_carry_nothing(
    frame: StrictClient, system: sessionmaker[Session]
) -> None:
    """Before it stands a page that says how to apply, and it begins empty (practice 24)."""
    talk = begin(frame, "I want to renew my shotgun certificate").partition("?")[0]
    for form, carries in (("theft", True), ("firearms-certificate", False)):
        offer_form(system, talk.rsplit("/", 1)[1], form)
        (told,) = (each for each in frame.tree(talk).iter("span") if each.get("data-chat-carries") is not None)
        assert "with what you wrote here" in (told.text or "")
        assert (told.get("hidden") is None) is carries
    page = frame.send(f"{talk}/form", {}, page=talk).get_data(as_text=True)
    assert "The page tells you first how to apply." in page


def test_what_leaves_the_frame_says_that_it_opens_in_a_new_tab(frame: StrictClient) -> None:
    for tree in (frame.tree("/widget/northshire"), frame.tree(begin(frame))):
        away = [each for each in tree.iter("a") if "/progress" in (each.get("href") or "")]
        assert away
        for link in away:
            assert link.get("target") == "_blank"
            assert "(opens in a new tab)" in (link.tail or "")

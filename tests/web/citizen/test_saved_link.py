"""A link to a saved report: opens on a press, ends with newer words, and by mail carries no secret in our tables."""

from __future__ import annotations

import re
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.jobs.deliver_mail import deliver_mail
from contact.jobs.registry import Tools, equip
from tests.support.clients import StrictClient, make_settings
from tests.support.database import MigratedDatabase
from tests.web.citizen.journeys import begin, fill

LINK = re.compile(r"https?://[^\s\"<]+(/return/[\w-]+)")


class Post:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        self.sent.append(message)


def save(client: StrictClient) -> tuple[str, str]:
    """Fill a report, save it, and answer (address of check-answers, path of the link)."""
    check = fill(client, begin(client, query="?force=northshire"))
    html = client.send(check, {"go": "save"}).get_data(as_text=True)
    found = LINK.search(html)
    assert found
    return check, found[1]


def stranger(app: Flask) -> StrictClient:
    """Somebody else's browser."""
    other = app.test_client()
    assert isinstance(other, StrictClient)
    return other


def test_the_link_opens_on_a_press_and_not_on_a_look(client: StrictClient, app: Flask) -> None:
    check, link = save(client)
    other = stranger(app)
    assert "Open my saved report" in other.get(link).get_data(as_text=True)
    assert other.get(check).status_code == 403, "looking proves nothing"
    assert urlsplit(other.send(link).headers["Location"]).path == check
    assert "Check your answers" in other.get(check).get_data(as_text=True)


def test_a_cookie_copied_before_the_link_was_opened_opens_nothing(client: StrictClient, app: Flask) -> None:
    """Whoever shares the device may have copied it; the report is opened under a new one."""
    check, link = save(client)
    shared, copied = stranger(app), stranger(app)
    shared.get(link)
    cookie = shared.get_cookie("contact_citizen")
    assert cookie
    copied.set_cookie("contact_citizen", cookie.value)
    shared.send(link)
    assert shared.get(check).status_code == 200
    assert copied.get(check).status_code == 403


def test_newer_words_end_the_link(client: StrictClient, app: Flask) -> None:
    check, link = save(client)
    client.send(check, {"go": "save"})
    answer = stranger(app).send(link)
    assert "does not open a saved report any more" in answer.get_data(as_text=True)
    assert stranger(app).get(check).status_code == 403


@pytest.mark.parametrize("change", [lambda link: link[:-2] + "AA", lambda _: "/return/AAAA", lambda _: "/return/é"])
def test_a_forged_link_opens_nothing(client: StrictClient, app: Flask, change: object) -> None:
    _, link = save(client)
    assert callable(change)
    assert "does not open a saved report any more" in stranger(app).send(change(link)).get_data(as_text=True)


def test_a_sent_report_is_not_opened_by_its_old_link(client: StrictClient, app: Flask) -> None:
    check, link = save(client)
    client.send(check, {"go": "send", "force": "northshire"})
    assert "does not open a saved report any more" in stranger(app).send(link).get_data(as_text=True)


def test_who_found_the_draft_before_it_was_sent_holds_no_key_to_the_report(client: StrictClient, app: Flask) -> None:
    """Practice 4: the saved words are not the access words; a receipt shows those to the sender's browser alone."""
    check, link = save(client)
    other = stranger(app)
    other.send(link)
    assert "Check your answers" in other.get(check).get_data(as_text=True)
    sent = client.send(check, {"go": "send", "force": "northshire"}).headers["Location"]
    assert client.get(sent).status_code == 200
    assert other.get(sent).status_code == 403
    assert other.get(sent.replace("/sent", "/copy/en/copy.pdf")).status_code == 403
    pressed = other.post(check, data={"go": "send", "csrf_token": other.token("/progress")})
    assert other.get(pressed.headers["Location"]).status_code == 403


def test_the_link_goes_by_mail_and_the_address_is_forgotten(
    client: StrictClient, app: Flask, system: sessionmaker[Session], database: MigratedDatabase, tmp_path: Path
) -> None:
    check, link = save(client)
    page = check.replace("/check", "/link")
    assert "Enter an email address that is safe" in client.send(page, {"email": ""}).get_data(as_text=True)
    wrong = client.send(page, {"email": "sam at example"}).get_data(as_text=True)
    assert "with an @ in it" in wrong
    assert 'value="sam at example"' in wrong
    assert "We are sending you the link" in client.send(page, {"email": "sam@example.org"}).get_data(as_text=True)
    newest = sa.text("SELECT id, context::text FROM mails WHERE template = 'come_back' ORDER BY id DESC LIMIT 1")
    with system() as session:
        mail_id, context = session.execute(newest).one()
    assert link.rsplit("/", 1)[1] not in context
    post = Post()
    equip(Tools(settings=make_settings(database, tmp_path), sessions=system, mail=post, worker="test"))
    deliver_mail(str(mail_id))
    (message,) = post.sent
    body = message.get_content()
    assert link in body
    assert "police" not in body.replace("nothing you send reaches the police", "")
    assert "theft" not in body.lower()
    with system() as session:
        kept = session.execute(sa.text("SELECT recipient, state FROM mails WHERE id = :id"), {"id": mail_id}).one()
    assert tuple(kept) == ("", "sent")
    assert urlsplit(stranger(app).send(link).headers["Location"]).path == check


def test_no_link_is_mailed_before_anything_was_saved(client: StrictClient, system: sessionmaker[Session]) -> None:
    check = fill(client, begin(client, query="?force=northshire"))
    answer = client.send(check.replace("/check", "/link"), {"email": "kim@example.org"})
    assert urlsplit(answer.headers["Location"]).path == check
    with system() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM mails WHERE recipient = 'kim@example.org'")) == 0

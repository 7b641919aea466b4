"""When something breaks: a page, a way on, and nothing of what was written in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, sessionmaker

from contact.settings import Settings
from contact.web.shared import database
from contact.web.shared.access import public
from tests.support.clients import Clock, StrictClient, make_app

WORDS = "Margery saw him by the canal"
room = Blueprint("breaking", __name__, url_prefix="/breaking")


@room.get("/row")
@public
def row() -> ResponseReturnValue:
    database.session().execute(
        sa.text("INSERT INTO attempts (key, window_start, count) VALUES (:words, now(), NULL)"),
        {"words": WORDS.encode()},
    )
    return "never"


@room.get("/code")
@public
def code() -> ResponseReturnValue:
    raise ValueError(WORDS)


@pytest.fixture(scope="module")
def breaking(settings: Settings, session_clock: Clock, two_forces: tuple[str, str]) -> Flask:
    """The application with pages that break, answering as it does outside tests."""
    app = make_app(settings, session_clock, lambda app: app.register_blueprint(room))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.mark.parametrize("page", ["/breaking/row", "/breaking/code"])
def test_a_fault_of_ours_is_a_page_and_the_log_quotes_nobody(
    breaking: Flask, page: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = breaking.test_client().get(page)
    assert answer.status_code == 500
    html = answer.get_data(as_text=True)
    assert "Sorry, something went wrong" in html
    assert "tel:999" in html
    assert WORDS not in caplog.text
    assert WORDS.encode().hex() not in caplog.text
    assert "in row" in caplog.text or "in code" in caplog.text, "where it happened"


def test_without_the_database_there_is_still_a_page(settings: Settings, session_clock: Clock) -> None:
    away = replace(settings, database_url="postgresql://contact_web@127.0.0.1:1/none")
    client = make_app(away, session_clock).test_client()
    for path in ("/control-room/sign-in", "/report/"):
        answer = client.get(path)
        if answer.status_code == 200:  # a page that needs no database
            continue
        assert answer.status_code == 503
        assert "we cannot reach our records" in answer.get_data(as_text=True)
        assert answer.headers["Retry-After"] == "10"
    assert client.get("/livez").status_code == 200
    assert client.get("/healthz").status_code == 503


def test_a_broken_connection_is_gone_at_the_next_request(
    client: StrictClient, system: sessionmaker[Session], count_marks: Callable[[str], int]
) -> None:
    token = client.token("/trial/form")
    with system() as session:
        session.execute(sa.text("SELECT 1"))
    answer = client.post("/trial/form?mark=cut&how=cut", data={"csrf_token": token})
    assert answer.status_code == 503
    assert count_marks("cut") == 0
    assert client.post("/trial/form?mark=after-cut", data={"csrf_token": token}, lax=True).status_code == 200
    assert count_marks("after-cut") == 1

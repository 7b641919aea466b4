"""Whoever opens the frame after a long silence may be somebody else: nothing grave is shown by itself (practice 4)."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.store import models
from tests.support.clients import Clock, StrictClient, make_app, make_settings
from tests.support.database import MigratedDatabase

FRAME = "/widget/northshire"


@pytest.fixture(scope="module")
def framed(database: MigratedDatabase, tmp_path_factory: pytest.TempPathFactory, two_forces: tuple[str, str]) -> Flask:
    """The application with a clock of its own."""
    home = tmp_path_factory.mktemp("home")
    return make_app(make_settings(database, home, WIDGET_ORIGINS="northshire=http://localhost:9001"), Clock())


@pytest.fixture
def frame(framed: Flask) -> StrictClient:
    """A browser that shows the frame; it keeps Secure cookies, as browsers do for this machine."""
    made = framed.test_client()
    assert isinstance(made, StrictClient)
    made.environ_base["wsgi.url_scheme"] = "https"
    return made


@pytest.mark.parametrize("grave", [{"sensitive": True}, {"grade": "emergency"}, {}])
def test_it_shows_nothing_grave_by_itself_after_a_long_silence(
    framed: Flask, frame: StrictClient, system: sessionmaker[Session], grave: dict[str, object]
) -> None:
    """An ordinary chat goes on."""
    clock = framed.extensions["contact_clock"]
    clock.reset()
    boxes = frame.tree(FRAME).iter("input")
    ticket = next(each.get("value") for each in boxes if each.get("name") == "ticket")
    begun = frame.send(FRAME, {"body": "The frame of my window is loose", "ticket": ticket})
    reference = begun.headers["Location"].split("/chat/")[1].split("?")[0]
    with system.begin() as session:
        contact = session.query(models.Contact).filter_by(reference=reference).one()
        for name, value in grave.items():
            setattr(contact, name, value)
    assert frame.get(FRAME).status_code == 303
    clock.advance(dt.timedelta(minutes=31))
    later = frame.get(FRAME)
    clock.reset()
    if grave:
        assert later.status_code == 200
        assert "window is loose" not in later.get_data(as_text=True)
    else:
        assert later.status_code == 303

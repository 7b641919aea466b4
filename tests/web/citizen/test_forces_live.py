"""In a service where some forces are live, nobody sends to one that is not without being told, least in danger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.services import routing
from contact.settings import ContactMode, Settings
from contact.store import forces, go_live
from tests.support.clients import Clock, StrictClient, make_app
from tests.web.citizen.journeys import begin, fill

BANNER = "nothing you send reaches the police"


@pytest.fixture
def live_north(system: sessionmaker[Session], clock: Clock, two_forces: tuple[str, str]) -> Iterator[None]:
    """Northshire is live, Southshire is not; Dorset stands for the ground of the answers."""
    dorset = {"id": "dorset", "name": "Dorset Police", "name_cy": None, "ons_code": None, "territorial": True}
    rest = {"welsh": False, "hours": {}, "nation": "england-and-wales"}
    with system.begin() as session:
        forces.load_reference(session, forces=[{**dorset, **rest}])
        go_live.set_live(session, force_id="northshire", since=clock.now)
    yield
    with system.begin() as session:
        go_live.set_live(session, force_id="northshire", since=None)
        go_live.set_live(session, force_id="dorset", since=None)


@pytest.fixture
def service(settings: Settings, session_clock: Clock, live_north: None) -> Flask:
    """A service of Northshire's."""
    changed = replace(settings, mode=ContactMode.SERVICE, force_id="northshire", emergency_force_id="northshire")
    return make_app(changed, session_clock)


@pytest.fixture
def client(service: Flask, clock: Clock) -> StrictClient:
    made = service.test_client()
    assert isinstance(made, StrictClient)
    return made


def test_the_check_page_warns_where_the_ground_is_not_live(
    client: StrictClient, system: sessionmaker[Session], clock: Clock
) -> None:
    assert BANNER not in client.get("/").get_data(as_text=True)
    check = fill(client, begin(client))
    page = client.get(check).get_data(as_text=True)
    assert "Dorset Police" in page
    assert BANNER in page
    with system.begin() as session:
        go_live.set_live(session, force_id="dorset", since=clock.now)
    assert BANNER not in client.get(check).get_data(as_text=True)


def test_an_emergency_goes_to_a_force_that_is_live(system: sessionmaker[Session], live_north: None) -> None:
    with system() as session:
        asked = ("southshire", "nowhere", None, "northshire")
        assert routing.for_emergency(session, force_ids=asked, live_only=True) == "northshire"
        assert routing.for_emergency(session, force_ids=asked, live_only=False) == "southshire"
        assert routing.for_emergency(session, force_ids=("southshire",), live_only=True) == "southshire"
        assert routing.for_emergency(session, force_ids=(None, "nowhere"), live_only=True) is None

"""What changes with the place it runs in: https, proxies in front, one audience alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from contact.app import create_app
from contact.settings import ContactMode, Settings
from contact.web.shared.access import public
from tests.support.clients import Clock, make_app


@pytest.fixture
def service(settings: Settings, session_clock: Clock) -> FlaskClient:
    """A client of the application as a force runs it."""
    changed = replace(
        settings, mode=ContactMode.SERVICE, public_url="https://contact.example", metrics_token="let me in"
    )
    return make_app(changed, session_clock).test_client()


def test_https_makes_cookies_secure_and_says_so(service: FlaskClient) -> None:
    answer = service.get("/control-room/sign-in")
    assert "; Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_no_answer_follows_the_host_that_a_request_names(service: FlaskClient) -> None:
    """A redirect that repeats a forged Host leads away from here, and one that repeats http leads out of https."""
    for path in ("/report", "/force/northshire", "/control-room", "/control-room/sign-in?next=//evil.example"):
        answer = service.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert answer.headers.get("Location", "/").startswith("/"), path
        assert "evil.example" not in str(answer.headers), path


def test_metrics_open_to_the_token(service: FlaskClient) -> None:
    elsewhere = {"REMOTE_ADDR": "198.51.100.9"}
    assert service.get("/metrics", environ_base=elsewhere).status_code == 403
    for token, status in (("Bearer let me in", 200), ("Bearer let me", 403), ("Bearer ", 403)):
        answer = service.get("/metrics", environ_base=elsewhere, headers={"Authorization": token})
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("proxies", "seen"), [(0, "203.0.113.5 http"), (1, "192.0.2.1 https"), (2, "198.51.100.7 https")]
)
def test_only_as_many_proxies_are_believed_as_are_named(
    settings: Settings, session_clock: Clock, proxies: int, seen: str
) -> None:
    def add(app: Flask) -> None:
        app.add_url_rule("/who", view_func=public(lambda: f"{request.remote_addr} {request.scheme}"))

    client = make_app(replace(settings, trusted_proxies=proxies), session_clock, add).test_client()
    headers = {"X-Forwarded-For": "6.6.6.6, 198.51.100.7, 192.0.2.1", "X-Forwarded-Proto": "https, https, https"}
    answer = client.get("/who", headers=headers, environ_base={"REMOTE_ADDR": "203.0.113.5"}, lax=True)
    assert answer.get_data(as_text=True) == seen


@pytest.mark.parametrize(
    ("rooms", "there", "absent"),
    [(("citizen",), "/emergency", "/control-room/sign-in"), (("controlroom",), "/control-room/sign-in", "/emergency")],
)
def test_one_process_may_serve_one_audience(
    settings: Settings, rooms: tuple[str, ...], there: str, absent: str
) -> None:
    client = create_app(settings, rooms).test_client()
    assert client.get(there).status_code == 200
    assert client.get(absent).status_code == 404

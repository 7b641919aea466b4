"""Headers, static files, compression and the health pages."""

from __future__ import annotations

import re

import brotli
import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.store import heartbeats
from tests.support.clients import Clock, StrictClient


def test_every_page_keeps_to_itself(client: StrictClient) -> None:
    for path in ("/trial/form", "/control-room/sign-in", "/nothing", "/livez"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self' 'nonce-")
        assert "unsafe" not in policy
        for part in ("style-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'"):
            assert part in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_nonces_differ(client: StrictClient) -> None:
    policies = {client.get("/trial/form").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_static_files_are_kept_for_good_and_come_compressed(client: StrictClient) -> None:
    page = client.get("/control-room/sign-in").get_data(as_text=True)
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page)
    assert addresses
    for address in addresses:
        assert re.match(r"/static/[0-9a-f]{12}/", address)
        answer = client.get(address, headers={"Accept-Encoding": "br"})
        assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "br")
        assert "immutable" in answer.headers["Cache-Control"]
        assert brotli.decompress(answer.get_data()) == client.get(address).get_data()


def test_another_version_s_address_answers_with_this_one_s_file(client: StrictClient, trial_app: Flask) -> None:
    """While a new version rolls out; nothing keeps that answer."""
    ours = client.get(f"{trial_app.static_url_path}/css/citizen.css")
    other = client.get("/static/0123456789ab/css/citizen.css")
    assert (other.status_code, other.headers["Cache-Control"]) == (200, "no-cache")
    assert other.get_data() == ours.get_data()
    assert client.get("/static/0123456789ab/../settings.py").status_code == 404


def test_a_missing_static_file_is_not_found(client: StrictClient, trial_app: Flask) -> None:
    assert client.get(f"{trial_app.static_url_path}/nothing.css").status_code == 404
    assert client.get(f"{trial_app.static_url_path}/../settings.py").status_code == 404


def test_pages_come_compressed_where_that_is_understood(client: StrictClient) -> None:
    plain = client.get("/control-room/sign-in")
    assert "Content-Encoding" not in plain.headers
    small = client.get("/control-room/sign-in", headers={"Accept-Encoding": "br, gzip"}, lax=True)
    assert small.headers["Content-Encoding"] == "br"
    assert len(small.get_data()) < len(plain.get_data()) / 2


def test_signs_of_life(client: StrictClient, system: sessionmaker[Session], clock: Clock) -> None:
    assert client.get("/livez").get_data(as_text=True) == "ok\n"
    with system.begin() as session:
        heartbeats.beat(session, process="worker-1", kind="worker", now=clock.now)
    health = client.get("/healthz")
    assert health.status_code == 200
    assert health.json == {"database": "ok", "worker": "ok", "watch": "silent", "chatbot": "off"}
    assert "contact_request_seconds" in client.get("/metrics").get_data(as_text=True)
    assert 'contact_heartbeat_age_seconds{kind="worker"}' in client.get("/metrics").get_data(as_text=True)


@pytest.mark.parametrize(
    ("peer", "headers"), [("198.51.100.9", {}), ("127.0.0.1", {"X-Forwarded-For": "198.51.100.9"})]
)
def test_details_are_for_this_machine_alone(client: StrictClient, peer: str, headers: dict[str, str]) -> None:
    base = {"REMOTE_ADDR": peer}
    assert client.get("/metrics", environ_base=base, headers=headers).status_code == 403
    assert client.get("/healthz", environ_base=base, headers=headers).json == {"database": "ok"}

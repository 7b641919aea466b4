"""Every endpoint's access stands in a committed table, both ways: a new route is read by a person before it ships."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from contact.app import create_app
from contact.settings import Settings
from contact.web.shared.access import AccessKind, access_of, table

TABLE = Path(__file__).with_name("routes.txt")
_ENVIRON = {
    "DATABASE_URL": "postgresql://contact_web@127.0.0.1:1/none",
    "DATABASE_WORKER_URL": "postgresql://contact_worker@127.0.0.1:1/none",
    "DATABASE_OWNER_URL": "postgresql://contact_owner@127.0.0.1:1/none",
    "PUBLIC_URL": "https://contact.example",
    "SECRET_KEY": "only-for-tests-" * 4,
    "AUDIT_KEY": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
    "EVIDENCE_KEY": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
    "SMTP_URL": "smtps://mail.example:465",
    "EMERGENCY_FORCE": "kent",
    "MAIL_FROM": "contact@police.example",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "not a real one",
    "TWILIO_FROM": "+441632960000",
}


def build(mode: str, home: Path) -> Flask:
    """The application in a mode; nothing is connected to."""
    more = {"CONTACT_MODE": mode, "CONTACT_HOME": str(home)}
    if mode == "demo":
        more["TWILIO_API_URL"] = "http://127.0.0.1:1"
    return create_app(Settings.from_env({**_ENVIRON, **more}))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application as a force runs it."""
    return build("service", tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application as `make run` starts it."""
    return build("demo", tmp_path_factory.mktemp("home"))


def lines(app: Flask) -> list[str]:
    """The routes as they stand in the table; the static files' address changes and is left out."""
    return [f"{methods}  {rule}  {access}" for methods, rule, access in table(app) if not rule.startswith("/static/")]


def test_routes_are_those_of_the_committed_table(service: Flask, demo: Flask) -> None:
    found = lines(service) + [f"demo only: {line}" for line in lines(demo) if line not in lines(service)]
    assert found == TABLE.read_text(encoding="utf-8").splitlines(), (
        "the routes changed: read who may use them, then write the list above to tests/architecture/routes.txt"
    )


def test_service_has_no_demonstration(service: Flask, demo: Flask) -> None:
    assert not [rule.rule for rule in service.url_map.iter_rules() if rule.rule.startswith("/demo")]
    only = {line.split("  ")[1] for line in set(lines(demo)) - set(lines(service))}
    assert all(rule.startswith("/demo/") for rule in only)


def test_staff_pages_are_never_public_but_for_the_door(service: Flask) -> None:
    doors = {"auth.sign_in", "auth.try_sign_in", "auth.sign_out", "auth.invitation", "auth.use_invitation"}
    for rule in service.url_map.iter_rules():
        access = access_of(service, rule.endpoint)
        assert access is not None
        if rule.rule.startswith("/control-room"):
            assert access.kind is AccessKind.REQUIRES or rule.endpoint in doors, rule.rule
        else:
            assert access.kind is not AccessKind.REQUIRES, rule.rule


def test_a_view_takes_either_get_or_post(service: Flask) -> None:
    for rule in service.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert len(methods) == 1, f"{rule.rule} takes {methods}: two endpoints are clearer"

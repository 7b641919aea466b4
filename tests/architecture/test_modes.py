"""`service` and `demo` are worlds apart: the one refuses what is pretended, the other what is real (engineering 17)."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

import contact
from contact.app import create_app
from contact.domain.errors import DomainError
from contact.settings import Settings, SettingsError
from contact.web.shared.errors import TABLE
from tests.architecture.test_routes_declare_access import _ENVIRON as SERVICE
from tests.architecture.test_routes_declare_access import build


def problems(**more: str) -> list[str]:
    """The variables that a start with these settings is told to mend; an empty value leaves the variable out."""
    environ = {name: value for name, value in (SERVICE | more).items() if value}
    try:
        Settings.from_env(environ)
    except SettingsError as error:
        return [line.split(":")[0] for line in error.problems]
    return []


def test_service_is_the_default_and_these_settings_are_enough() -> None:
    assert problems() == []
    assert not Settings.from_env(SERVICE).demo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_API_URL", "http://127.0.0.1:9"),
        ("PUBLIC_URL", "http://contact.example"),
        ("SECRET_KEY", "short"),
        ("AUDIT_KEY", "bm90IDMyIGJ5dGVz"),
        ("DATABASE_URL", "mysql://elsewhere/none"),
        ("CONTACT_MODE", "test"),
    ],
)
def test_service_refuses_what_is_pretended_or_weak(name: str, value: str) -> None:
    assert name in problems(**{name: value})


@pytest.mark.parametrize("name", sorted(set(SERVICE) - {"CONTACT_MODE"}))
def test_service_names_each_setting_that_is_missing(name: str) -> None:
    assert problems(**{name: ""}) == [name]


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env({})
    named = {line.split(":")[0] for line in raised.value.problems}
    assert set(SERVICE) - {"CONTACT_MODE"} <= named


def test_a_demonstration_refuses_what_is_real() -> None:
    far = "postgresql://contact_web@db.police.example/contact"
    assert "DATABASE_URL" in problems(CONTACT_MODE="demo", DATABASE_URL=far, TWILIO_API_URL="http://127.0.0.1:9")
    live = "AC" + "0123456789abcdef" * 2
    assert "TWILIO_ACCOUNT_SID" in problems(CONTACT_MODE="demo", TWILIO_ACCOUNT_SID=live)


def test_service_does_not_even_load_the_demonstration(tmp_path: Path) -> None:
    app = build("service", tmp_path)
    assert [rule.rule for rule in app.url_map.iter_rules() if "demo" in rule.rule or "demo" in rule.endpoint] == []
    client = app.test_client()
    for path in ("/demo/outbox", "/demo/phone"):
        assert client.get(path).status_code == 404
    assert create_app is not None


def test_every_error_of_the_domain_has_a_row() -> None:
    """Wherever in the code it is declared."""
    for module in pkgutil.walk_packages(contact.__path__, "contact."):
        if not module.name.startswith(
            ("contact.cli", "contact.run", "contact.bench", "contact.wsgi", "contact.store.migrations")
        ):
            importlib.import_module(module.name)
    waiting, missing = list(DomainError.__subclasses__()), []
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        if not any(kind in TABLE for kind in error.__mro__):
            missing.append(f"{error.__module__}.{error.__name__}")
    assert missing == []

"""Settings come from the environment only, and everything wrong with them is told at once (engineering 17)."""

from __future__ import annotations

import base64

import pytest

from contact.settings import ContactMode, Settings, SettingsError

KEY = base64.b64encode(b"k" * 32).decode()
SERVICE = {
    "DATABASE_URL": "postgresql://contact_web@db.example/contact",
    "DATABASE_WORKER_URL": "postgresql://contact_worker@db.example/contact",
    "DATABASE_OWNER_URL": "postgresql://contact_owner@db.example/contact",
    "PUBLIC_URL": "https://contact.police.example/",
    "SECRET_KEY": "s" * 32,
    "AUDIT_KEY": KEY,
    "EVIDENCE_KEY": KEY,
    "EMERGENCY_FORCE": "kent",
    "SMTP_URL": "smtps://mail.example",
    "MAIL_FROM": "contact@police.example",
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "t",
    "TWILIO_FROM": "+441632960000",
}
S3_ACCOUNT = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}
DEMO = SERVICE | {
    "CONTACT_MODE": "demo",
    "DATABASE_URL": "postgresql://contact_web@/contact?host=/run/socket",
    "DATABASE_WORKER_URL": "postgresql://contact_worker@127.0.0.1:5432/contact",
    "DATABASE_OWNER_URL": "postgresql://contact_owner@[::1]/contact?host=%2Frun%2Fsocket",
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "TWILIO_API_URL": "http://127.0.0.1:9000",
}


def test_a_service_that_is_set_up_starts() -> None:
    """The default mode is service; addresses lose their last slash; keys are bytes."""
    found = Settings.from_env(SERVICE)
    assert (found.mode, found.demo, found.secure_cookies) == (ContactMode.SERVICE, False, True)
    assert found.public_url == "https://contact.police.example"
    assert found.audit_key == b"k" * 32
    assert found.port == 8000


def test_an_empty_environment_names_everything_at_once() -> None:
    """One message with every variable that must be set."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({})
    for name in SERVICE:
        assert f"{name}:" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONTACT_MODE", "production"),
        ("PORT", "http"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("TRUSTED_PROXIES", "all"),
        ("SECRET_KEY", "short"),
        ("AUDIT_KEY", "not base64"),
        ("EVIDENCE_KEY", base64.b64encode(b"short").decode()),
        ("DATABASE_URL", "sqlite:///contact.db"),
        ("PUBLIC_URL", "contact.police.example"),
        ("PUBLIC_URL", "http://contact.police.example"),
        ("TWILIO_API_URL", "http://127.0.0.1:9000"),
        ("STRIPE_API_URL", "http://127.0.0.1:9000"),
        ("EMERGENCY_FORCE", ""),
        ("LOG_LEVEL", "LOUD"),
        ("CHATBOT", "maybe"),
        ("SMTP_URL", "mail.example"),
        ("MAIL_FROM", "contact"),
        ("MAIL_FROM", "contact@police.example\nBcc: all@police.example"),
        ("EXIT_URL", "javascript:alert(1)"),
        ("WIDGET_ORIGINS", "kent=http://www.kent.example"),
        ("WIDGET_ORIGINS", "kent=https://www.kent.example/ *"),
        ("WIDGET_ORIGINS", "https://www.kent.example"),
        ("MAP_TILES_URL", "http://tiles.example/{z}/{x}/{y}.png"),
        ("MAP_TILES_URL", "https://{s}.tiles.example/{z}/{x}/{y}.png"),
        ("MAP_TILES_URL", "https://tiles.example 'unsafe-inline'/{z}/{x}/{y}.png"),
        ("MAP_TILES_URL", "https://tiles.example/map.png"),
        ("CLAMD_ADDRESS", "somewhere"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    """Only the wrong one is named."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(SERVICE | {name: value})
    assert [line.split(":")[0] for line in refused.value.problems] == [name]


@pytest.mark.parametrize(
    "change",
    [
        {"DATABASE_URL": "postgresql://contact_web@db.example/contact"},
        {"DATABASE_WORKER_URL": "postgresql://contact_worker@db.example/contact"},
        {"DATABASE_OWNER_URL": "postgresql://contact_owner@db.example:5432/contact"},
        {"DATABASE_URL": "postgresql:///contact?host=db.example"},
        {"DATABASE_URL": "postgresql://127.0.0.1,db.example/contact"},
        {"DATABASE_URL": "postgresql://127.0.0.1/contact?hostaddr=198.51.100.7"},
        {"DATABASE_URL": "postgresql://[bad/contact"},
        {"TWILIO_API_URL": ""},
        {**S3_ACCOUNT, "EVIDENCE_STORE": "s3://evidence?endpoint=https://s3.example"},
    ],
)
def test_a_demonstration_refuses_anything_real(change: dict[str, str]) -> None:
    """A database of another host, a live account."""
    assert Settings.from_env(DEMO).demo
    with pytest.raises(SettingsError):
        Settings.from_env(DEMO | change)


PAYMENTS = {"STRIPE_SECRET_KEY": "sk_live_made0up", "STRIPE_WEBHOOK_SECRET": "whsec_made0up"}
PRETENDED = {**PAYMENTS, "STRIPE_SECRET_KEY": "sk_test_made0up"}


def test_payments_are_taken_where_both_secrets_are_set() -> None:
    """Without them the service starts, and shows the force's other way to pay."""
    assert not Settings.from_env(SERVICE).takes_payments
    assert Settings.from_env(SERVICE | PAYMENTS).takes_payments
    assert Settings.from_env(SERVICE | PAYMENTS).checkout_origin == "https://checkout.stripe.com"
    demo = Settings.from_env(DEMO | PRETENDED | {"STRIPE_API_URL": "http://127.0.0.1:9001/"})
    assert (demo.takes_payments, demo.checkout_origin) == (True, "http://127.0.0.1:9001")


@pytest.mark.parametrize(
    ("base", "change", "name"),
    [
        (SERVICE, PRETENDED, "STRIPE_SECRET_KEY"),  # practice 10: nothing pretended in service
        (SERVICE, {**PAYMENTS, "STRIPE_SECRET_KEY": "rk_test_made0up"}, "STRIPE_SECRET_KEY"),
        (DEMO, PAYMENTS, "STRIPE_SECRET_KEY"),  # nobody pays in a demonstration
        (DEMO, {**PAYMENTS, "STRIPE_SECRET_KEY": "rk_live_made0up"}, "STRIPE_SECRET_KEY"),
        (SERVICE, {"STRIPE_SECRET_KEY": "sk_live_made0up"}, "STRIPE_WEBHOOK_SECRET"),
        (SERVICE, {"STRIPE_WEBHOOK_SECRET": "whsec_made0up"}, "STRIPE_SECRET_KEY"),
        (SERVICE, {**PAYMENTS, "STRIPE_WEBHOOK_SECRET": "secret"}, "STRIPE_WEBHOOK_SECRET"),
    ],
)
def test_keys_of_payments_fit_the_mode(base: dict[str, str], change: dict[str, str], name: str) -> None:
    """A key without its signing secret would take money and never hear of it."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(base | change)
    assert [line.split(":")[0] for line in refused.value.problems] == [name]


def test_evidence_lies_in_the_home_in_a_folder_or_in_a_service() -> None:
    """A service needs its account; the scanner is a socket or an address."""
    found = Settings.from_env(SERVICE | {"CONTACT_HOME": "/data/contact"})
    assert (str(found.evidence_folder), found.clamd_address) == ("/data/contact/evidence", None)
    found = Settings.from_env(SERVICE | {"EVIDENCE_STORE": "/files/evidence", "CLAMD_ADDRESS": "/run/clamd.sock"})
    assert (found.evidence_store, found.clamd_address) == ("/files/evidence", "/run/clamd.sock")
    there = {"EVIDENCE_STORE": "s3://evidence/contact?endpoint=https://s3.example&region=eu-west-2"}
    assert not Settings.from_env(SERVICE | S3_ACCOUNT | there).evidence_in_folder
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(SERVICE | {"EVIDENCE_STORE": "s3://evidence"})
    named = {line.split(":")[0] for line in refused.value.problems}
    assert named == {"EVIDENCE_STORE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def test_a_map_server_is_one_origin_and_says_whose_map_it_is() -> None:
    """Without one the map is drawn from our own data."""
    assert Settings.from_env(SERVICE).map_tiles_url is None
    there = {"MAP_TILES_URL": "https://tiles.example:8443/v1/{z}/{x}/{y}.png"}
    found = Settings.from_env(SERVICE | there | {"MAP_TILES_ATTRIBUTION": "© Somebody"})
    assert (found.map_tiles_url, found.map_tiles_attribution) == (there["MAP_TILES_URL"], "© Somebody")
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(SERVICE | there)
    assert [line.split(":")[0] for line in refused.value.problems] == ["MAP_TILES_ATTRIBUTION"]


def test_no_message_shows_a_secret() -> None:
    """What is wrong is told by name, never by value."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(SERVICE | {"AUDIT_KEY": "hunter2hunter2", "SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(refused.value)


def test_the_sites_of_a_force_s_chat_are_a_list_for_each() -> None:
    given = "kent=https://www.kent.example kent=https://kent.example:8443 dorset=https://dorset.example"
    assert Settings.from_env(SERVICE | {"WIDGET_ORIGINS": given}).widget_origins == {
        "kent": ("https://www.kent.example", "https://kent.example:8443"),
        "dorset": ("https://dorset.example",),
    }
    assert Settings.from_env(SERVICE).widget_origins == {}

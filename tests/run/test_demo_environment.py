"""The demonstration's keys stay the same between starts and are for their owner alone."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from contact.run.demo_environment import StandInPorts, environment, free_port, is_free, keys_of
from contact.run.private_database import DatabaseUrls
from contact.settings import ContactMode, Settings

URLS = DatabaseUrls("postgresql://contact_web@/contact", "postgresql://w@/contact", "postgresql://o@/contact")


def test_it_is_all_that_the_settings_need(tmp_path: Path) -> None:
    made = environment({}, home=tmp_path, port=8765, urls=URLS, ports=StandInPorts(2525, 4242, 4343))
    settings = Settings.from_env(made)
    assert settings.mode is ContactMode.DEMO
    assert settings.home == tmp_path
    assert settings.public_url == "http://127.0.0.1:8765"


def test_keys_stay_and_are_private(tmp_path: Path) -> None:
    first = keys_of(tmp_path)
    assert keys_of(tmp_path) == first
    assert len(base64.b64decode(first["AUDIT_KEY"])) == 32
    assert first["AUDIT_KEY"] != first["EVIDENCE_KEY"]
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_two_starts_at_once_agree_on_the_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: dict(keys_of(tmp_path)), range(8)))
    assert all(keys == made[0] for keys in made)


def test_a_brought_database_is_kept(tmp_path: Path) -> None:
    brought = {"DATABASE_URL": "postgresql://me@localhost/mine"}
    made = environment(brought, home=tmp_path, port=8765, urls=None, ports=StandInPorts(2525, 4242, 4343))
    assert made["DATABASE_URL"] == brought["DATABASE_URL"]


def test_payments_go_to_the_stand_in_unless_a_test_account_was_brought(tmp_path: Path) -> None:
    ports = StandInPorts(2525, 4242, 4343)
    made = environment({}, home=tmp_path, port=8765, urls=URLS, ports=ports)
    assert made["STRIPE_API_URL"] == "http://127.0.0.1:4343"
    assert Settings.from_env(made).takes_payments
    assert environment({}, home=tmp_path, port=8765, urls=URLS, ports=ports) == made  # the same at the next start
    brought = {"STRIPE_SECRET_KEY": "sk_test_mine", "STRIPE_WEBHOOK_SECRET": "whsec_mine"}
    mine = Settings.from_env(environment(brought, home=tmp_path, port=8765, urls=URLS, ports=ports))
    assert (mine.stripe_secret_key, mine.stripe_api_url) == ("sk_test_mine", None)


def test_a_free_port_is_free() -> None:
    assert is_free(free_port())

"""Where the chatbot is: in a demonstration unless it is off, in a service when it is asked for; never with our keys."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from contact.run import chatbot_place
from contact.run.chatbot import Address, address_of_running, children
from contact.run.chatbot_preparation import Made, home_for, passed_on
from contact.run.database_roles import CHATBOT
from contact.run.demo_environment import StandInPorts, environment
from contact.run.private_database import DEFAULT_DATABASE, DatabaseUrls
from contact.settings import Settings
from tests.support.database import Cluster

MEMORY = "postgresql://contact_chatbot@/contact_chatbot?host=/run/postgresql"
URLS = DatabaseUrls("postgresql://contact_web@/contact", "postgresql://w@/contact", "postgresql://o@/contact")


def test_the_demonstration_has_one_with_a_memory_of_its_own() -> None:
    place = chatbot_place.decide({"CHATBOT_DATABASE_URL": MEMORY}, demo=True, database=None)
    assert place.ours
    assert place.environment["CHATBOT"] == "on"
    assert place.environment["CHATBOT_DATABASE_URL"] == MEMORY
    assert place.environment["RASA_URL"].startswith("http://127.0.0.1:")
    assert place.environment["RASA_ACTIONS_URL"].startswith("http://127.0.0.1:")
    assert "getting ready" in place.standing()


@pytest.mark.parametrize("demo", [True, False])
def test_off_is_off(demo: bool) -> None:
    place = chatbot_place.decide({"CHATBOT": "off", "CHATBOT_DATABASE_URL": MEMORY}, demo=demo, database=None)
    assert not place.ours
    assert place.environment == {"CHATBOT": "off"}
    assert "a person answers" in place.standing()


def test_the_service_has_none_unless_it_is_asked_for() -> None:
    assert chatbot_place.decide({}, demo=False, database=None).environment == {"CHATBOT": "off"}
    asked = chatbot_place.decide({"CHATBOT": "on", "CHATBOT_DATABASE_URL": MEMORY}, demo=False, database=None)
    assert asked.ours
    assert chatbot_place.decide({"CHATBOT": "on"}, demo=False, database=None).problem


@pytest.mark.parametrize("demo", [True, False])
def test_with_an_address_elsewhere_nothing_is_started_here(demo: bool) -> None:
    given = {"CHATBOT": "on", "RASA_URL": "http://10.20.0.5:5005", "CHATBOT_DATABASE_URL": MEMORY}
    place = chatbot_place.decide(given, demo=demo, database=None)
    assert not place.ours
    assert place.environment["RASA_URL"] == "http://10.20.0.5:5005"
    assert "http://10.20.0.5:5005" in place.standing()


def test_a_wrong_word_is_left_for_the_settings_to_name() -> None:
    assert chatbot_place.decide({"CHATBOT": "perhaps"}, demo=True, database=None).environment == {"CHATBOT": "perhaps"}


def test_the_settings_read_what_is_decided(tmp_path: Path) -> None:
    place = chatbot_place.decide({"CHATBOT_DATABASE_URL": MEMORY}, demo=True, database=None)
    made = environment({}, home=tmp_path, port=8765, urls=URLS, ports=StandInPorts(2525, 4242, 4343))
    settings = Settings.from_env(made | dict(place.environment))
    assert settings.chatbot
    assert settings.rasa_url == place.environment["RASA_URL"]
    assert settings.chatbot_database_url == MEMORY


def test_rasa_gets_none_of_our_keys_and_listens_on_this_machine_only(tmp_path: Path) -> None:
    ours = environment({"PATH": "/usr/bin"}, home=tmp_path, port=8765, urls=URLS, ports=StandInPorts(2525, 4242, 4343))
    ours |= {"METRICS_TOKEN": "a-token", "AWS_SECRET_ACCESS_KEY": "secret", "S3_SECRET": "secret"}
    address = Address("http://127.0.0.1:6005", "http://127.0.0.1:6055/webhook", MEMORY)
    rasa, actions = children(Made(Path("python"), Path("m.tar.gz")), address, ours, log=None)
    for child in (rasa, actions):
        secrets = ("KEY", "TOKEN", "SECRET", "SMTP", "TWILIO")
        assert not [name for name in child.environment if any(word in name for word in secrets)]
        assert {name for name in child.environment if "DATABASE" in name} == {"CHATBOT_DATABASE_URL"}
        assert child.environment["SANIC_HOST"] == "127.0.0.1"
        assert child.environment["LOG_LEVEL"] == "WARNING"
    assert list(rasa.command)[rasa.command.index("-i") + 1] == "127.0.0.1"
    assert "--cors" not in rasa.command
    assert MEMORY not in " ".join([*rasa.command, *actions.command])


def test_its_home_may_be_shared(tmp_path: Path) -> None:
    assert home_for({"CONTACT_HOME": str(tmp_path)}) == tmp_path
    assert home_for({"CONTACT_HOME": str(tmp_path), "CHATBOT_HOME": "/elsewhere"}) == Path("/elsewhere")
    assert passed_on({}, Path("/elsewhere"))["CONTACT_HOME"] == "/elsewhere"


def test_an_address_that_nobody_answers_at_is_none(tmp_path: Path) -> None:
    assert address_of_running(tmp_path) is None
    (tmp_path / "chatbot").mkdir()
    (tmp_path / "chatbot" / "address").write_text("http://127.0.0.1:1\n")
    assert address_of_running(tmp_path) is None


def test_its_login_reaches_its_own_database_and_nothing_else(cluster: Cluster) -> None:
    with psycopg.connect(cluster.server.chatbot_url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS made_by_rasa (id int)")
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == (False, False, False, False)
    for database in (DEFAULT_DATABASE, "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(cluster.server.url(CHATBOT, database))
    for login in ("contact_web", "contact_worker", "contact_owner"):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(cluster.server.url(login, CHATBOT))

"""Signing in: all three must be right, nothing tells which was wrong, guessing gets slower, a code works once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Role
from contact.services import accounts, passwords, second_factor
from contact.settings import ContactMode, Settings
from contact.store import agents
from tests.support.clients import KEY, Clock, Staff, StrictClient, TestAgent, make_app

PAGE = "/control-room/sign-in"
PASSWORD = "harbour lantern seven maps"
SECRET = second_factor.new_secret()


@pytest.fixture
def agent(staff: Staff, system: sessionmaker[Session]) -> TestAgent:
    """A call handler who has set up password and authenticator."""
    made = staff.make({"northshire": {Role.CALL_HANDLER}})
    with system.begin() as session:
        row = agents.get(session, agent_id=made.id)
        accounts.equip(session, row, password_hash=passwords.hashed(PASSWORD), secret=SECRET, key=KEY)
    return made


def try_it(client: StrictClient, agent: TestAgent, clock: Clock, **wrong: str) -> int:
    """One try with everything right but `wrong`; answers the status."""
    right = {"email": agent.email, "password": PASSWORD, "code": second_factor.current_code(SECRET, now=clock.now)}
    return client.send(PAGE, {**right, **wrong}).status_code


def events_of(system: sessionmaker[Session], agent: TestAgent) -> list[tuple[str, str | None]]:
    """(name, why) of the events about or by this agent, oldest first."""
    with system() as session:
        rows = session.execute(
            sa.text(
                "SELECT name, data->>'why' FROM events WHERE agent_id = :id OR data->>'subject_agent_id' = :text"
                " OR data->>'locked_agent_id' = :text ORDER BY id"
            ),
            {"id": agent.id, "text": str(agent.id)},
        )
        return [(row[0], row[1]) for row in rows]


def test_password_and_code_open_the_control_room(client: StrictClient, agent: TestAgent, clock: Clock) -> None:
    code = second_factor.current_code(SECRET, now=clock.now)
    answer = client.send(PAGE, {"email": agent.email.upper(), "password": PASSWORD, "code": f"{code[:3]} {code[3:]}"})
    assert (answer.status_code, answer.location) == (302, "/control-room/")
    cookie = client.get_cookie("contact_agent", path="/control-room")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Strict"
    assert agent.name in client.get("/control-room/account").get_data(as_text=True)


def test_goes_on_to_the_page_that_was_asked_for_and_nowhere_else(
    client: StrictClient, agent: TestAgent, clock: Clock
) -> None:
    asked = client.get("/control-room/account")
    assert asked.location == PAGE + "?next=/control-room/account"
    code = second_factor.current_code(SECRET, now=clock.now)
    right = {"email": agent.email, "password": PASSWORD, "code": code}
    assert client.send(asked.location, right).location == "/control-room/account"
    clock.advance(timedelta(minutes=1))
    right["code"] = second_factor.current_code(SECRET, now=clock.now)
    client.send("/control-room/sign-out", page="/control-room/account")
    assert client.send(PAGE + "?next=//elsewhere.example/control-room", right).location == "/control-room/"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [({"password": "harbour lantern seven map"}, "password"), ({"code": "000000"}, "code")],
)
def test_a_wrong_part_is_refused_and_noted(
    client: StrictClient,
    agent: TestAgent,
    clock: Clock,
    system: sessionmaker[Session],
    wrong: dict[str, str],
    why: str,
) -> None:
    assert try_it(client, agent, clock, **wrong) == 401
    assert events_of(system, agent) == [("sign_in_failed", why)]
    assert client.get("/control-room/account").status_code == 302


def test_an_unknown_address_gets_the_same_answer(client: StrictClient, agent: TestAgent, clock: Clock) -> None:
    code = second_factor.current_code(SECRET, now=clock.now)
    pages = []
    for email in (agent.email, "nobody@police.example"):
        answer = client.send(PAGE, {"email": email, "password": "not the password", "code": code})
        assert answer.status_code == 401
        lines = answer.get_data(as_text=True).splitlines()
        pages.append([line for line in lines if "csrf_token" not in line and 'name="email"' not in line])
    assert pages[0] == pages[1]


def test_an_unknown_address_takes_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    spy = SpyingHasher()
    monkeypatch.setattr(passwords, "_HASHER", spy)
    assert not passwords.matches(None, "anything")
    assert len(spy.verified) == 1
    assert spy.verified[0].startswith("$argon2id$")


class SpyingHasher(PasswordHasher):
    """The real one, noting what it was asked to verify."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.verified.append(str(hash))
        return super().verify(hash, password)


def test_a_code_works_once(client: StrictClient, agent: TestAgent, clock: Clock) -> None:
    assert try_it(client, agent, clock) == 302
    client.delete_cookie("contact_agent", path="/control-room")
    assert try_it(client, agent, clock) == 401
    clock.advance(timedelta(seconds=30))
    assert try_it(client, agent, clock) == 302


def test_five_failures_lock_and_the_wait_grows(
    client: StrictClient, agent: TestAgent, clock: Clock, system: sessionmaker[Session]
) -> None:
    for _ in range(5):
        assert try_it(client, agent, clock, password="wrong wrong wrong") == 401
    assert events_of(system, agent)[-1][0] == "account_locked"
    assert try_it(client, agent, clock) == 401, "right, but locked"
    clock.advance(timedelta(minutes=1, seconds=1))
    assert try_it(client, agent, clock, password="wrong wrong wrong") == 401
    clock.advance(timedelta(minutes=1, seconds=1))
    assert try_it(client, agent, clock) == 401, "the second lock is longer"
    clock.advance(timedelta(minutes=1))
    assert try_it(client, agent, clock) == 302


def test_a_recovery_code_works_once(
    client: StrictClient, agent: TestAgent, clock: Clock, system: sessionmaker[Session]
) -> None:
    with system.begin() as session:
        codes = accounts.make_recovery_codes(session, agent_id=agent.id, now=clock.now)
    assert len(codes) == 10
    assert try_it(client, agent, clock, code=codes[0].lower().replace("-", " ")) == 302
    client.delete_cookie("contact_agent", path="/control-room")
    assert try_it(client, agent, clock, code=codes[0]) == 401
    assert ("recovery_code_used", None) in events_of(system, agent)


def test_the_id_changes_at_sign_in(client: StrictClient, agent: TestAgent, clock: Clock) -> None:
    client.get(PAGE)
    before = client.get_cookie("contact_agent", path="/control-room")
    assert try_it(client, agent, clock) == 302
    after = client.get_cookie("contact_agent", path="/control-room")
    assert before is not None
    assert after is not None
    assert before.value.split(".")[0] != after.value.split(".")[0]


def test_many_tries_from_one_place_are_slowed(client: StrictClient, staff: Staff, clock: Clock) -> None:
    token = client.token(PAGE)
    data = {"email": "guess@police.example", "password": "a guess of a password", "code": "123456", "csrf_token": token}
    statuses = [client.post(PAGE, data=data).status_code for _ in range(21)]
    assert statuses[:20] == [401] * 20
    assert statuses[20] == 429


@pytest.mark.parametrize("code", ["٠١٢٣٤٥", "12 34", "1\x0123", "x" * 250])
def test_a_strange_code_is_just_wrong(client: StrictClient, agent: TestAgent, clock: Clock, code: str) -> None:
    assert try_it(client, agent, clock, code=code) == 401


def test_the_demonstration_tells_codes(client: StrictClient, agent: TestAgent) -> None:
    page = client.get(PAGE).get_data(as_text=True)
    assert "Demonstration sign-ins" in page
    assert PASSWORD in page


def test_the_service_does_not(settings: Settings, agent: TestAgent, session_clock: Clock) -> None:
    service = make_app(replace(settings, mode=ContactMode.SERVICE), session_clock)
    page = service.test_client().get(PAGE).get_data(as_text=True)
    assert "Demonstration" not in page
    assert PASSWORD not in page


def test_a_force_administrator_starts_at_the_agents(client: StrictClient, staff: Staff) -> None:
    staff.sign_in(client, staff.make({"northshire": {Role.FORCE_ADMIN}}))
    assert client.get(PAGE).location == "/control-room/admin/agents"


def test_step_up_wants_a_fresh_code(client: StrictClient, agent: TestAgent, staff: Staff, clock: Clock) -> None:
    staff.sign_in(client, agent, stepped_up=False)
    asked = client.get("/control-room/account/recovery-codes")
    assert asked.location.startswith("/control-room/step-up?next=")
    assert client.send(asked.location, {"code": "000000"}).status_code == 401
    code = second_factor.current_code(SECRET, now=clock.now)
    assert client.send(asked.location, {"code": code}).location == "/control-room/account/recovery-codes"
    made = client.send("/control-room/account/recovery-codes")
    assert made.get_data(as_text=True).count("<li>") >= 10
    clock.advance(timedelta(minutes=16))
    assert client.get("/control-room/account/recovery-codes").status_code == 302

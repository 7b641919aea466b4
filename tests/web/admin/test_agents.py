"""Administrators look after agents of their own force, and reach no further."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Role
from contact.services import second_factor
from contact.store import agents
from tests.support.clients import Clock, Staff, StrictClient, TestAgent

LIST = "/control-room/admin/agents"
ADMIN = {"northshire": {Role.FORCE_ADMIN}}


@pytest.fixture
def admin(client: StrictClient, staff: Staff) -> StrictClient:
    """A client signed in as Northshire's administrator."""
    staff.sign_in(client, staff.make(ADMIN, name="Nia Rees"))
    return client


@pytest.fixture
def national(app: Flask, staff: Staff) -> StrictClient:
    """A client signed in as the national administrator."""
    made = app.test_client()
    assert isinstance(made, StrictClient)
    staff.sign_in(made, staff.make({"southshire": {Role.NATIONAL_ADMIN}}, name="Ola Brandt"))
    return made


def page_of(agent: TestAgent) -> str:
    return f"{LIST}/{agent.id}"


def events(system: sessionmaker[Session], agent: TestAgent) -> list[tuple[str, str | None]]:
    """(name, force) of events about an agent."""
    with system() as session:
        rows = session.execute(
            sa.text("SELECT name, force_id FROM events WHERE data::text LIKE :like ORDER BY id"),
            {"like": f"%{agent.id}%"},
        )
        return [(row[0], row[1]) for row in rows]


def roles_of(system: sessionmaker[Session], agent: TestAgent) -> dict[str, frozenset[Role]]:
    with system() as session:
        return agents.roles_of(session, agent_id=agent.id)


def test_lists_agents_of_the_own_force_only(admin: StrictClient, staff: Staff) -> None:
    ours = staff.make({"northshire": {Role.CALL_HANDLER}}, name="Asha Ahmed")
    theirs = staff.make({"southshire": {Role.CALL_HANDLER}}, name="Tom Sollis")
    page = admin.get(LIST).get_data(as_text=True)
    assert ours.email in page
    assert theirs.email not in page
    assert admin.get(page_of(theirs)).status_code == 404


def test_an_invitation_leads_to_a_working_account(
    admin: StrictClient, app: Flask, clock: Clock, system: sessionmaker[Session]
) -> None:
    email = f"new.{clock.now.timestamp()}@police.example"
    data = {"name": "Bea Lowe", "email": email, "force": "northshire", "roles": ["call_handler"]}
    answer = admin.send(f"{LIST}/invite", data)
    found = re.search(r"(/control-room/invitation/[\w-]+)", answer.get_data(as_text=True))
    assert found
    link = found[1]
    newcomer = app.test_client()
    assert isinstance(newcomer, StrictClient)
    page = newcomer.get(link).get_data(as_text=True)
    key = re.search(r'id="key">(\w+)<', page)
    assert key
    assert "<svg" in page
    clock.advance(timedelta(days=1))
    passwords = {"password": "granite otter velvet", "again": "granite otter velvet"}
    code = second_factor.current_code(key[1], now=clock.now)
    weak = {"password": "Bea Lowe Bea Lowe", "again": "Bea Lowe Bea Lowe", "code": code}
    assert "must not contain your name" in newcomer.send(link, weak).get_data(as_text=True)
    assert newcomer.send(link, {**passwords, "code": "000000"}).status_code == 400
    done = newcomer.send(link, {**passwords, "code": code})
    assert done.status_code == 200
    assert len(re.findall(r"<li>[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}</li>", done.get_data(as_text=True))) == 10
    assert "Bea Lowe" in newcomer.get("/control-room/account").get_data(as_text=True)
    assert app.test_client().get(link).status_code == 410, "a link works once"
    clock.advance(timedelta(minutes=1))
    second = app.test_client()
    assert isinstance(second, StrictClient)
    code = second_factor.current_code(key[1], now=clock.now)
    signed = second.send("/control-room/sign-in", {"email": email, "password": passwords["password"], "code": code})
    assert signed.location == "/control-room/"
    with system() as session:
        made = agents.find_by_email(session, email=email)
        assert made is not None
    names = {name for name, _ in events(system, TestAgent(made.id, email, ""))}
    assert {"agent_created", "invited", "password_set", "second_factor_set", "recovery_codes_made"} <= names


def test_a_link_grows_too_old(admin: StrictClient, clock: Clock, app: Flask) -> None:
    data = {"name": "Ed Late", "email": f"late.{clock.now.timestamp()}@police.example", "force": "northshire"}
    answer = admin.send(f"{LIST}/invite", {**data, "roles": ["supervisor"]})
    found = re.search(r"(/control-room/invitation/[\w-]+)", answer.get_data(as_text=True))
    assert found
    clock.advance(timedelta(days=7, seconds=1))
    assert app.test_client().get(found[1]).status_code == 410


def test_roles_change_at_once(admin: StrictClient, app: Flask, staff: Staff, system: sessionmaker[Session]) -> None:
    agent = staff.make({"northshire": {Role.FORCE_ADMIN}})
    theirs = app.test_client()
    assert isinstance(theirs, StrictClient)
    staff.sign_in(theirs, agent)
    assert theirs.get(LIST).status_code == 200
    data = {"force": "northshire", "roles": ["call_handler", "supervisor"]}
    assert admin.send(page_of(agent) + "/roles", data, page=page_of(agent)).status_code == 302
    assert roles_of(system, agent) == {"northshire": frozenset({Role.CALL_HANDLER, Role.SUPERVISOR})}
    assert theirs.get(LIST).status_code == 403
    assert ("roles_changed", "northshire") in events(system, agent)


@pytest.mark.parametrize(
    ("force", "role"), [("southshire", "call_handler"), ("northshire", "national_admin"), ("nowhere", "call_handler")]
)
def test_a_force_administrator_gives_no_role_beyond_the_force(
    admin: StrictClient, staff: Staff, system: sessionmaker[Session], force: str, role: str
) -> None:
    agent = staff.make({"northshire": {Role.CALL_HANDLER}})
    answer = admin.send(page_of(agent) + "/roles", {"force": force, "roles": [role]}, page=page_of(agent))
    assert answer.status_code == 403
    assert roles_of(system, agent) == {"northshire": frozenset({Role.CALL_HANDLER})}


@pytest.mark.parametrize("role", [Role.NATIONAL_ADMIN, Role.PROFESSIONAL_STANDARDS])
def test_who_sees_restricted_contacts_is_no_matter_of_the_forces_administrator(
    admin: StrictClient, national: StrictClient, staff: Staff, system: sessionmaker[Session], role: Role
) -> None:
    """Practice 8: the role is given, kept and set up anew by a national administrator alone."""
    agent = staff.make({"northshire": {Role.CALL_HANDLER}})
    data = {"force": "northshire", "roles": [role.value]}
    assert admin.send(page_of(agent) + "/roles", data, page=page_of(agent)).status_code == 403
    assert national.send(page_of(agent) + "/roles", data, page=page_of(agent)).status_code == 302
    for act in ("reset", "account", "unlock"):
        assert admin.send(f"{page_of(agent)}/{act}", {"reason": "left"}, page=page_of(agent)).status_code == 403
    data = {"force": "northshire", "roles": ["supervisor"]}
    assert admin.send(page_of(agent) + "/roles", data, page=page_of(agent)).status_code == 302
    assert roles_of(system, agent) == {"northshire": frozenset({Role.SUPERVISOR, role})}


def test_an_account_lent_to_another_force_is_out_of_reach(
    admin: StrictClient, national: StrictClient, staff: Staff
) -> None:
    """A new password would open the other force's queue to whoever holds the link."""
    helper = staff.make({"northshire": {Role.CALL_HANDLER}})
    data = {"email": helper.email, "force": "southshire", "reason": "Flooding", "hours": "4"}
    assert national.send("/control-room/admin/mutual-aid", data).status_code == 302
    assert admin.send(page_of(helper) + "/reset", page=page_of(helper)).status_code == 403


def test_the_same_invitation_at_the_same_moment(
    admin: StrictClient, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second press finds the agent only when it writes; it is told so, and nothing breaks."""
    there = staff.make({"northshire": {Role.CALL_HANDLER}})
    monkeypatch.setattr("contact.web.admin.invite.agents.find_by_email", lambda *_args, **_more: None)
    data = {"name": "Bea Lowe", "email": there.email, "force": "northshire", "roles": ["call_handler"]}
    answer = admin.send(f"{LIST}/invite", data)
    assert answer.status_code == 400
    assert "Somebody with that address has an account" in answer.get_data(as_text=True)


def test_a_force_that_does_not_exist(national: StrictClient, staff: Staff) -> None:
    agent = staff.make({"northshire": {Role.CALL_HANDLER}})
    for force in ("", "nowhere", "a\x00b"):
        data = {"force": force, "roles": ["call_handler"]}
        assert national.send(page_of(agent) + "/roles", data, page=page_of(agent)).status_code == 404


def test_nobody_changes_their_own_roles(admin: StrictClient, app: Flask, staff: Staff) -> None:
    me = staff.make(ADMIN)
    mine = app.test_client()
    assert isinstance(mine, StrictClient)
    staff.sign_in(mine, me)
    data = {"force": "northshire", "roles": ["supervisor"]}
    assert mine.send(page_of(me) + "/roles", data, page=f"{LIST}/invite").status_code == 403


@pytest.mark.parametrize("act", ["reset", "account", "unlock"])
def test_an_account_that_opens_another_force_is_out_of_reach(
    admin: StrictClient, staff: Staff, act: str, system: sessionmaker[Session]
) -> None:
    both = staff.make({"northshire": {Role.CALL_HANDLER}, "southshire": {Role.CALL_HANDLER}})
    assert admin.send(f"{page_of(both)}/{act}", {"reason": "left"}, page=page_of(both)).status_code == 403
    assert {name for name, _ in events(system, both)} == set()


def test_a_national_administrator_reaches_everybody(
    national: StrictClient, staff: Staff, system: sessionmaker[Session]
) -> None:
    both = staff.make({"northshire": {Role.CALL_HANDLER}, "southshire": {Role.CALL_HANDLER}})
    assert both.email in national.get(LIST).get_data(as_text=True)
    answer = national.send(page_of(both) + "/reset", page=page_of(both))
    assert "/control-room/invitation/" in answer.get_data(as_text=True)
    data = {"force": "southshire", "roles": ["force_admin"]}
    assert national.send(page_of(both) + "/roles", data, page=page_of(both)).status_code == 302
    assert roles_of(system, both)["southshire"] == frozenset({Role.FORCE_ADMIN})


def test_closing_an_account_ends_its_sessions(
    admin: StrictClient, app: Flask, staff: Staff, system: sessionmaker[Session]
) -> None:
    agent = staff.make({"northshire": {Role.CALL_HANDLER}})
    theirs = app.test_client()
    staff.sign_in(theirs, agent)
    assert theirs.get("/control-room/account").status_code == 200
    assert admin.send(page_of(agent) + "/account", {"reason": "left"}, page=page_of(agent)).status_code == 302
    assert theirs.get("/control-room/account").status_code == 302
    assert ("agent_disabled", "northshire") in events(system, agent)


def test_unlocking(admin: StrictClient, staff: Staff, system: sessionmaker[Session], clock: Clock) -> None:
    agent = staff.make({"northshire": {Role.CALL_HANDLER}})
    with system.begin() as session:
        row = agents.get(session, agent_id=agent.id)
        row.failed_attempts, row.locked_until = 7, clock.now + timedelta(hours=1)
    assert admin.send(page_of(agent) + "/unlock", page=page_of(agent)).status_code == 302
    with system() as session:
        row = agents.get(session, agent_id=agent.id)
        assert (row.failed_attempts, row.locked_until) == (0, None)


def test_mutual_aid_opens_a_force_and_ends_by_itself(
    admin: StrictClient, app: Flask, staff: Staff, clock: Clock, system: sessionmaker[Session]
) -> None:
    helper = staff.make({"southshire": {Role.CALL_HANDLER}})
    theirs = app.test_client()
    staff.sign_in(theirs, helper)
    page = "/control-room/admin/mutual-aid"
    data = {"email": helper.email, "force": "northshire", "reason": "Flooding", "hours": "4"}
    assert admin.send(page, data).status_code == 302
    assert "northshire" in theirs.get("/control-room/account").get_data(as_text=True)
    clock.advance(timedelta(hours=4, seconds=1))
    staff.sign_in(theirs, helper)
    assert "northshire" not in theirs.get("/control-room/account").get_data(as_text=True)
    assert ("mutual_aid_granted", "northshire") in events(system, helper)


def test_mutual_aid_is_granted_into_the_own_force_only(admin: StrictClient, staff: Staff) -> None:
    helper = staff.make({"northshire": {Role.CALL_HANDLER}})
    data = {"email": helper.email, "force": "southshire", "reason": "Flooding", "hours": "4"}
    assert admin.send("/control-room/admin/mutual-aid", data).status_code == 400


def test_administration_asks_for_a_fresh_code(app: Flask, staff: Staff, clock: Clock) -> None:
    made = app.test_client()
    staff.sign_in(made, staff.make(ADMIN), stepped_up=False)
    asked = made.get(f"{LIST}/invite")
    assert asked.location == "/control-room/step-up?next=/control-room/admin/agents/invite"


@pytest.mark.parametrize("role", [Role.CALL_HANDLER, Role.SUPERVISOR, Role.LICENSING_OFFICER])
def test_other_roles_stay_outside(app: Flask, staff: Staff, role: Role) -> None:
    made = app.test_client()
    staff.sign_in(made, staff.make({"northshire": {role}}))
    for page in (LIST, f"{LIST}/invite", "/control-room/admin/mutual-aid"):
        assert made.get(page).status_code == 403

"""Holders leave the register by two people's deed alone, and what leaves says who took it and when (practice 27)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import secrets
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from contact.domain.access import Role
from contact.domain.errors import MoveNotAllowed
from contact.services.licensing import exporting
from contact.services.licensing.exporting import Own
from contact.store import models
from contact.store.engine import act_as
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.register import holder
from tests.web.licensing.conftest import Desk

EXPORTS = "/control-room/licensing/certificates/exports"
Officers = Callable[..., Desk]


@pytest.fixture
def asked(officer: Officers, cases: Cases) -> Callable[..., tuple[Desk, UUID]]:
    """Makes an officer who has asked for the holders of the first force, and the request."""

    def make(**more: str) -> tuple[Desk, UUID]:
        desk = officer()
        fields = {"force": cases.north, "what": "holders_and_guns", "reason": "Audit of cabinets", **more}
        assert desk.client.send(EXPORTS, fields, page=EXPORTS).status_code == 303
        with cases.system() as session:
            found = session.scalars(
                select(models.HolderExport.id).where(models.HolderExport.asked_by_id == desk.person.id)
            ).one()
        return desk, found

    return make


def decide(desk: Desk, export_id: UUID, verdict: str = "release") -> int:
    return desk.client.send(f"{EXPORTS}/{export_id}/{verdict}", {}, page=EXPORTS).status_code


def file_of(export_id: UUID) -> str:
    return f"{EXPORTS}/{export_id}/holders.csv"


def events(cases: Cases, export_id: UUID) -> list[str]:
    with cases.system() as session:
        query = select(models.Event.name).where(models.Event.data["export_id"].astext == str(export_id))
        return list(session.scalars(query.order_by(models.Event.id)))


def test_one_asks_another_releases_and_every_line_says_who_took_it(
    officer: Officers, cases: Cases, clock: Clock, asked: Callable[..., tuple[Desk, UUID]]
) -> None:
    number = f"SG-{secrets.randbelow(10**9)}"
    holder(cases, number=number)
    desk, export_id = asked()
    assert desk.client.get(file_of(export_id)).status_code == 409
    assert decide(desk, export_id) == 403
    second = officer(name="Lee Marsh")
    shown = second.client.get(EXPORTS).get_data(as_text=True)
    assert "Audit of cabinets" in shown
    assert decide(second, export_id) == 303
    assert decide(second, export_id, "decline") == 409
    taken = desk.client.get(file_of(export_id))
    assert taken.status_code == 200
    assert taken.headers["Cache-Control"] == "no-store"
    rows = list(csv.reader(io.StringIO(taken.get_data(as_text=True))))
    assert "taken by Jo Carter" in rows[0][0]
    assert "released by Lee Marsh" in rows[0][0]
    assert f"{clock.now:%Y-%m-%dT%H:%M}" in rows[0][0]
    (mine,) = [row for row in rows[2:] if row[0] == number]
    assert "AB1234" in mine
    assert all("taken by Jo Carter" in row[-1] and str(export_id) in row[-1] for row in rows[2:])
    assert second.client.get(file_of(export_id)).status_code == 409
    assert events(cases, export_id) == ["holders_export_asked", "holders_export_decided", "holders_exported"]


def test_without_guns_none_is_in_it_and_ones_own_name_neither(
    officer: Officers, cases: Cases, asked: Callable[..., tuple[Desk, UUID]]
) -> None:
    holder(cases, number=f"SG-{secrets.randbelow(10**9)}", given_name="=Rowan")
    own = holder(cases, number=f"SG-{secrets.randbelow(10**9)}", given_name="Jo", surname="Carter")
    desk, export_id = asked(what="holders")
    assert decide(officer(name="Lee Marsh"), export_id) == 303
    got = desk.client.get(file_of(export_id)).get_data(as_text=True)
    assert "AB1234" not in got
    assert "'=Rowan" in got
    assert own.number not in got
    assert "1 of the name of who took it left out" in got


def test_a_day_after_its_release_it_is_asked_for_again(
    officer: Officers, cases: Cases, clock: Clock, asked: Callable[..., tuple[Desk, UUID]]
) -> None:
    desk, export_id = asked()
    assert decide(officer(name="Lee Marsh"), export_id) == 303
    assert "Take the file" in desk.client.get(EXPORTS).get_data(as_text=True)
    own, late = Own(desk.person.name, "jo@police.example"), clock.now + dt.timedelta(hours=25)
    with cases.acting(desk.person.actor) as session, pytest.raises(MoveNotAllowed):
        exporting.take(session, export_id=export_id, own=own, actor=desk.person.actor, now=late)


@pytest.mark.parametrize("sets", ["reason = 'Another'", "asked_by_id = decided_by_id", "state = 'released'"])
def test_the_database_lets_nobody_release_their_own_nor_change_what_was_asked(
    cases: Cases, asked: Callable[..., tuple[Desk, UUID]], sets: str
) -> None:
    desk, export_id = asked()
    change = f"UPDATE holder_exports SET {sets}, decided_by_id = :me, decided_at = now() WHERE id = :id"
    if "decided_by_id" in sets:
        change = f"UPDATE holder_exports SET {sets} WHERE id = :id"
    with cases.web() as session:
        act_as(session, desk.person.actor)
        with pytest.raises(DBAPIError):
            session.execute(text(change), {"me": desk.person.id, "id": export_id})


def test_a_request_needs_a_reason_and_loses_nothing_typed(officer: Officers, cases: Cases) -> None:
    desk = officer()
    again = desk.client.send(EXPORTS, {"force": cases.north, "what": "", "reason": "For the audit"}, page=EXPORTS)
    assert again.status_code == 400
    assert "For the audit" in again.get_data(as_text=True)
    for fields in ({"reason": " ", "what": "holders"}, {"reason": "x" * 2001, "what": "holders"}):
        assert desk.client.send(EXPORTS, {"force": cases.north, **fields}, page=EXPORTS).status_code == 400
    other = {"force": cases.south, "what": "holders", "reason": "Audit"}
    assert desk.client.send(EXPORTS, other, page=EXPORTS).status_code == 400


def test_a_second_account_of_who_asked_releases_nothing_and_each_try_is_written_down(
    officer: Officers, cases: Cases, asked: Callable[..., tuple[Desk, UUID]]
) -> None:
    desk, export_id = asked()
    again, south = officer(name=desk.person.name.upper()), officer(force=cases.south, name="Ana Silva")
    assert (decide(desk, export_id), decide(again, export_id)) == (403, 403)
    assert (decide(south, export_id), south.client.get(file_of(export_id)).status_code) == (404, 404)
    with cases.system() as session:
        query = select(models.Event.agent_id, models.Event.data["why"].astext).where(
            models.Event.name == "opening_refused", models.Event.data["asked_id"].astext == str(export_id)
        )
        told = [tuple(row) for row in session.execute(query.order_by(models.Event.id))]
    assert told == [
        (desk.person.id, "same_person"),
        (again.person.id, "same_person"),
        (south.person.id, "not_found_or_not_theirs"),
        (south.person.id, "not_found_or_not_theirs"),
    ]


@pytest.mark.parametrize("role", [Role.CALL_HANDLER, Role.SUPERVISOR, Role.FORCE_ADMIN, Role.FINANCE_OFFICER])
def test_shut_to_every_other_role_and_force(
    officer: Officers, cases: Cases, role: Role, asked: Callable[..., tuple[Desk, UUID]]
) -> None:
    _desk, export_id = asked()
    other = officer(role=role)
    assert other.client.get(EXPORTS).status_code in (403, 404)
    assert other.client.get(file_of(export_id)).status_code in (403, 404)
    south = officer(force=cases.south)
    assert "Audit of cabinets" not in south.client.get(EXPORTS).get_data(as_text=True)
    assert south.client.get(file_of(export_id)).status_code == 404
    assert decide(south, export_id) == 404


def test_a_second_factor_stands_before_every_step(clock: Clock, asked: Callable[..., tuple[Desk, UUID]]) -> None:
    desk, export_id = asked()
    clock.advance(dt.timedelta(minutes=16))
    assert "step-up" in desk.client.get(EXPORTS).headers["Location"]
    assert "step-up" in desk.client.get(file_of(export_id)).headers["Location"]

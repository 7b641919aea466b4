"""Drafts for a force's administrators: filled in from settings, marked as drafts, for nobody else (practice 23)."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.cli import main
from contact.domain.access import Role
from contact.services import go_live_papers
from contact.settings import Settings
from contact.store import go_live
from tests.support.clients import Clock, Staff, StrictClient, make_app

FORCE = "/control-room/admin/forces/northshire"
PAGE = f"{FORCE}/drafts"
NAMES = [each.value for each in go_live_papers.DRAFTS]


@pytest.fixture(autouse=True)
def nothing_said(system: sessionmaker[Session], two_forces: tuple[str, str]) -> None:
    """The force has said nothing yet."""
    with system.begin() as session:
        go_live.note(session, force_id="northshire", page_facts={})


def signed_in(app: Flask, staff: Staff, role: Role = Role.FORCE_ADMIN, force: str = "northshire") -> StrictClient:
    client = app.test_client()
    assert isinstance(client, StrictClient)
    staff.sign_in(client, staff.make({force: {role}}))
    return client


def text(client: StrictClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("name", NAMES)
def test_each_draft_says_what_it_is_and_what_it_was_made_from(app: Flask, staff: Staff, name: str) -> None:
    client = signed_in(app, staff)
    for shown in (text(client, f"{PAGE}/{name}"), text(client, f"{PAGE}/{name}.md")):
        assert "Draft, filled in by the program. Not approved by the force." in shown
        assert "nobody yet: unreviewed" in shown
        assert "Northshire Police" in shown
        assert "Version of the words" in shown


def test_the_list_counts_what_is_to_be_filled_in_and_the_force_leads_there(app: Flask, staff: Staff) -> None:
    client = signed_in(app, staff)
    assert f'href="{PAGE}"' in text(client, FORCE)
    shown = text(client, PAGE)
    assert "Still missing before the force can go live" in shown
    for name in NAMES:
        assert f'href="{PAGE}/{name}"' in shown


def test_what_the_force_says_stands_on_its_pages_and_drafts(app: Flask, staff: Staff) -> None:
    client = signed_in(app, staff)
    typed = {"officer": "  The data\n office, 01632 960204 ", "lawful_basis": "x" * 900}
    assert client.send(f"{PAGE}/facts", typed, page=PAGE).status_code == 303
    assert "The data office, 01632 960204" in text(client, PAGE)
    assert "The data office, 01632 960204" in text(client, f"{PAGE}/dpia")
    privacy = app.test_client().get("/privacy?force=northshire").get_data(as_text=True)
    assert "The data office, 01632 960204" in privacy
    assert "x" * 300 in privacy
    assert "x" * 301 not in privacy
    assert client.send(f"{PAGE}/facts", {}, page=PAGE).status_code == 303
    assert "The data office" not in text(client, f"{PAGE}/dpia")


def test_settings_change_the_impact_assessment(settings: Settings, session_clock: Clock, staff: Staff) -> None:
    one = make_app(replace(settings, clamd_address=None, map_tiles_url=None), session_clock)
    other = make_app(
        replace(
            settings,
            evidence_store="s3://northshire-evidence/files?endpoint=http://127.0.0.1:9&region=eu-west-2",
            clamd_address="/run/clamd.sock",
            map_tiles_url="https://tiles.example/{z}/{x}/{y}.png",
            twilio_api_url=None,
            smtp_url="smtps://someone:hidden-word@mail.example:465",
        ),
        session_clock,
    )
    first = text(signed_in(one, staff), f"{PAGE}/dpia")
    for said in ("a folder;", "None is set up", "NOT scanned", "a stand-in, not Twilio", "no map server is asked"):
        assert said in first
    assert "without encryption" in first
    second = text(signed_in(other, staff), f"{PAGE}/dpia")
    for said in ("bucket northshire-evidence", "clamd is set up", "tiles.example", "at mail.example, over TLS"):
        assert said in second
    for kept in ("hidden-word", "someone", "NOT scanned", "stand-in"):
        assert kept not in second


def test_public_pages_are_drafted_in_welsh_too_and_the_others_in_english(app: Flask, staff: Staff) -> None:
    client = signed_in(app, staff)
    assert "Eich preifatrwydd" in text(client, f"{PAGE}/privacy?language=cy")
    assert "Data protection impact assessment" in text(client, f"{PAGE}/dpia?language=cy")


def test_a_file_is_markdown_with_its_own_name(app: Flask, staff: Staff) -> None:
    answer = signed_in(app, staff).get(f"{PAGE}/transparency.md")
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert 'filename="northshire-transparency-en-draft.md"' in answer.headers["Content-Disposition"]
    assert answer.get_data(as_text=True).startswith("# Algorithmic transparency record\n")


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}/dpia", f"{PAGE}/dpia.md"])
def test_nobody_else_reads_them(app: Flask, staff: Staff, address: str) -> None:
    assert signed_in(app, staff, Role.SUPERVISOR).get(address).status_code == 403
    assert signed_in(app, staff, Role.FORCE_ADMIN, "southshire").get(address).status_code == 403
    assert app.test_client().get(address).status_code in {302, 303}


def test_a_paper_that_is_none_is_not_found(app: Flask, staff: Staff) -> None:
    client = signed_in(app, staff)
    assert client.get(f"{PAGE}/nothing").status_code == 404
    assert client.get(f"{PAGE}/nothing.md").status_code == 404


def test_the_command_writes_them_all(
    settings: Settings, two_forces: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = import_module("contact.cli.papers")  # the package holds the command itself under that name
    monkeypatch.setattr(command, "settings", lambda: settings)
    said = CliRunner().invoke(main, ["papers", "northshire", "--to", str(tmp_path / "drafts")])
    assert said.exit_code == 0, said.output
    assert sorted(path.name for path in (tmp_path / "drafts").iterdir()) == sorted(
        f"northshire-{name}-{language}-draft.md"
        for name in NAMES
        for language in (("en", "cy") if name in {"privacy", "cookies", "accessibility"} else ("en",))
    )
    assert "places to fill in" in said.output
    unknown = CliRunner().invoke(main, ["papers", "nowhere", "--to", str(tmp_path)])
    assert unknown.exit_code == 2
    assert "there is no force 'nowhere'" in unknown.output

"""What handlers decide becomes labelled examples: masked, by the system alone, never of restricted contacts."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from contact.cli import triage_export
from contact.domain.errors import Forbidden
from contact.domain.taxonomy import Category, Channel, Flag, Grade
from contact.services import corrections, decisions
from contact.services.decisions import Choice
from contact.store import models
from contact.store.identifiers import new_id
from tests.services.test_chat import SOON, Talk, answer
from tests.support.cases import NOW, Cases

FIRST = "my name is Wren Calloway, 07700 900321, he keyed my car KX19 ABC at 12 Mill Lane ME14 1XX"


def _decided(cases: Cases, first: str = FIRST, *, channel: Channel = Channel.CHAT) -> Talk:
    talk, agent = Talk(cases, first, channel=channel), cases.agent()
    talk.end_turn(talk.begin_turn(), answer(facts=[]))
    cases.claim(agent, talk.id, now=SOON)
    with cases.acting(agent.actor) as session:
        decisions.decide(
            session, contact_id=talk.id, agent_id=agent.id, now=SOON,
            choice=Choice(Category.CRIMINAL_DAMAGE, Grade.ENQUIRY, None, (Flag.REPEAT_VICTIM,), "A car was keyed"),
        )  # fmt: skip
    return talk


def _exported(cases: Cases, since: dt.datetime | None = None) -> list[dict[str, Any]]:
    with cases.system.begin() as session:
        return list(corrections.export(session, now=NOW, since=since))


def test_an_example_carries_the_persons_labels_and_what_was_proposed_and_no_personal_data(cases: Cases) -> None:
    before = len(_exported(cases))
    _decided(cases)
    found = _exported(cases)
    assert len(found) == before + 1
    example = next(each for each in found if "keyed my car" in each["text"])
    assert example["text"] == (
        "my name is [name], [phone], he keyed my car [registration] at [number] Mill Lane [postcode]"
    )
    assert (example["category"], example["grade"], example["flags"]) == (
        "criminal_damage",
        "enquiry",
        ["repeat_victim"],
    )
    assert (example["proposed"]["category"], example["data_version"]) == ("theft", "d-1")
    assert example["advise_999"] is False
    assert str(_decided(cases).id) not in json.dumps(_exported(cases))


def test_what_the_reporters_row_knows_is_masked(cases: Cases) -> None:
    talk = _decided(cases, "its Bram here from Sallow Court about my olive green bike", channel=Channel.SMS)
    with cases.system.begin() as session:
        reporter = session.get(models.Reporter, talk.id)
        if reporter is None:
            reporter = models.Reporter(contact_id=talk.id)
            session.add(reporter)
        reporter.given_name, reporter.surname, reporter.address = "Bram", "Okoro", "3 Sallow Court"
    words = next(each["text"] for each in _exported(cases) if "olive green" in each["text"])
    assert "Bram" not in words
    assert "Sallow" not in words


def test_restricted_contacts_and_sources_apart_are_left_out(cases: Cases) -> None:
    for column in ("restricted", "source_apart"):
        talk = _decided(cases, f"somebody scratched my {column} van")
        cases.change(talk.id, **{column: True})
    assert not any("scratched my" in each["text"] for each in _exported(cases))


def test_without_a_decision_or_before_the_day_there_is_no_example(cases: Cases) -> None:
    Talk(cases, "undecided purple bike")
    _decided(cases, "decided purple bike")
    assert not any("undecided" in each["text"] for each in _exported(cases))
    assert any("decided purple" in each["text"] for each in _exported(cases, since=NOW))
    assert not any("decided purple" in each["text"] for each in _exported(cases, since=NOW + dt.timedelta(days=1)))


def test_nobody_but_the_system_exports(cases: Cases) -> None:
    agent = cases.agent()
    with cases.acting(agent.actor) as session, pytest.raises(Forbidden):
        corrections.export(session, now=NOW)


def test_the_command_writes_a_private_file_and_one_event(
    cases: Cases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _decided(cases, "a silver scooter was taken")
    monkeypatch.setattr(triage_export, "system_session", cases.system.begin)
    target = tmp_path / "corrected.jsonl"
    done = CliRunner().invoke(triage_export.export, [str(target), "--since", "2026-11-01"])
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert any("silver scooter" in line["text"] for line in lines)
    assert target.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir()] == ["corrected.jsonl"]
    with cases.system() as session:
        assert _events(session)[-1]["examples"] == len(lines)


def _events(session: Session) -> list[dict[str, Any]]:
    found = session.query(models.Event).filter_by(name="corrections_exported").order_by(models.Event.id)
    return [each.data for each in found]


def test_the_names_of_others_that_were_heard_are_masked(cases: Cases) -> None:
    talk = _decided(cases, "it was darren plimmer who keyed my teal car")
    with cases.system.begin() as session:
        session.add(
            models.ContactFact(
                id=new_id(), contact_id=talk.id, kind="person", value="darren plimmer", words="darren plimmer",
                starts=7, ends=21, at=NOW,
            )
        )  # fmt: skip
    words = next(each["text"] for each in _exported(cases) if "teal car" in each["text"])
    assert words == "it was [name] who keyed my teal car"

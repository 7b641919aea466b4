"""The optional questions: after the receipt, kept apart, once, and told only in numbers that name nobody."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from contact.services.equality import counts
from contact.store import equality
from forms.equality import load_equality
from tests.support.clients import StrictClient
from tests.web.citizen.journeys import begin, fill, keys_of, send_report

ALL = sa.text("SELECT id::text, force_id, form_id, month, answers FROM equality_answers ORDER BY id")


def test_they_come_after_the_receipt_and_stand_apart_from_the_report(
    client: StrictClient, system: sessionmaker[Session]
) -> None:
    receipt = send_report(client, "theft")
    page = receipt.replace("/sent", "/equality-questions")
    assert page in client.get(receipt).get_data(as_text=True)
    with system() as session:
        before = {row[0] for row in session.execute(ALL)}
    answer = client.send(page, {"ageGroup": "25_to_44", "religion": "none", "sex": "", "disability": "rubbish"})
    assert urlsplit(answer.headers["Location"]).path == receipt
    with system() as session:
        (kept,) = [row for row in session.execute(ALL) if row[0] not in before]
        sent_to = session.scalar(sa.text("SELECT force_id FROM drafts WHERE id = :id"), {"id": receipt.split("/")[3]})
    assert kept[1:4] == (sent_to, "theft", kept[3].replace(day=1))
    assert kept[4] == {"ageGroup": "25_to_44", "religion": "none"}
    assert kept[0][14] == "4", "an id that tells no time"
    assert "kept apart" in client.get(answer.headers["Location"]).get_data(as_text=True)
    again = client.send(page, {"ageGroup": "under_18"}, page="/progress")
    assert urlsplit(again.headers["Location"]).path == receipt
    with system() as session:
        assert len([row for row in session.execute(ALL) if row[0] not in before]) == 1
    assert keys_of(client, receipt)


def test_nothing_answered_keeps_nothing(client: StrictClient, system: sessionmaker[Session]) -> None:
    page = send_report(client, "theft").replace("/sent", "/equality-questions")
    with system() as session:
        before = session.scalar(sa.text("SELECT count(*) FROM equality_answers"))
    client.send(page, {})
    with system() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM equality_answers")) == before


def test_before_sending_they_are_not_asked(client: StrictClient) -> None:
    check = fill(client, begin(client, query="?force=northshire"))
    assert client.get(check.replace("/check", "/equality-questions")).headers["Location"] == check


def test_fewer_than_five_are_not_told(system: sessionmaker[Session]) -> None:
    month = dt.date(2031, 5, 1)
    with system.begin() as session:
        for code in ["18_to_24"] * 5 + ["65_or_over"] * 4:
            equality.add(session, force_id="northshire", form_id="theft", month=month, answers={"ageGroup": code})
    with system() as session:
        assert counts(session, force_id="northshire", since=month) == {"ageGroup": {"18_to_24": 5, "65_or_over": None}}


def test_every_question_may_be_left_out_or_not_said() -> None:
    for question in load_equality().questions:
        assert not question.required
        assert question.option("not_say")
        assert question.label.cy

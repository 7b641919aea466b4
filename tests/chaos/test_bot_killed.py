"""Worker and chatbot killed or hung in the middle of a turn: what was said is answered once, and people are reached."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.support.background import WORKER, running, until
from tests.support.database import MigratedDatabase
from tests.support.rasa_standin import RasaStandIn
from tests.support.rasa_talks import Talks

PATIENCE_S = 120.0
HONEST_WITHIN_MS = 10_000
"""Scenario 13; the client gives up after eight seconds."""


@pytest.fixture
def talks(fresh_database: MigratedDatabase) -> Iterator[Talks]:
    """A force in a database of its own, since the worker looks at all of it."""
    made = Talks(fresh_database)
    yield made
    made.dispose()


@pytest.mark.slow
def test_a_worker_killed_in_mid_turn_leaves_one_answer(
    fresh_database: MigratedDatabase, talks: Talks, rasa: RasaStandIn, tmp_path: Path
) -> None:
    chatbot = {"CHATBOT": "on", "RASA_URL": rasa.address}
    rasa.mood = "hold"
    with running(WORKER, fresh_database, tmp_path, **chatbot) as worker:
        contact_id = talks.begin()
        until(lambda: rasa.asked, PATIENCE_S)
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
    rasa.let_go.set()  # Rasa has made its answer, and nobody hears it
    assert talks.count(contact_id, "bot") == 0
    talks.say(contact_id, "are you there?")
    rasa.mood = "answer"
    with running(WORKER, fresh_database, tmp_path, **chatbot):
        until(lambda: talks.count(contact_id, "bot") > 0, PATIENCE_S)
        until(lambda: talks.jobs_left() == 0, PATIENCE_S)  # the killed one's was rescued, and found nothing to do
    assert talks.count(contact_id, "inbound") == 2
    assert talks.count(contact_id, "bot") == 1, talks.lines(contact_id)
    assert talks.waits_for_a_person(contact_id) or talks.state(contact_id) == "with_bot"
    assert len(talks.entries(contact_id)) == 1


@pytest.mark.slow
def test_scenario_13_a_chatbot_that_hangs_hands_everybody_over_and_is_used_again_when_it_is_well(
    fresh_database: MigratedDatabase, talks: Talks, rasa: RasaStandIn, tmp_path: Path
) -> None:
    rasa.mood = "hang"
    with running(WORKER, fresh_database, tmp_path, CHATBOT="on", RASA_URL=rasa.address):
        crowd = [talks.begin(f"someone took my bike {shade}") for shade in ("red", "blue", "green", "black")]
        until(lambda: all(talks.waits_for_a_person(each) for each in crowd), PATIENCE_S)
        for each in crowd:
            assert [line.kind for line in talks.lines(each)] == ["inbound", "bot"]
            assert "person" in talks.lines(each)[1].body
            assert len(talks.events(each, "handed_over")) == 1
            (event,) = talks.events(each, "bot_turn")
            assert event["outcome"] == "failed"
            assert event["took_ms"] < HONEST_WITHIN_MS
        asked = len(rasa.asked)
        rasa.mood = "answer"
        rasa.over.set()

        def answered_again() -> bool:
            contact_id = talks.begin("my car is gone")
            until(lambda: talks.count(contact_id, "bot") == 1, PATIENCE_S)
            return talks.state(contact_id) == "with_bot"

        until(answered_again, PATIENCE_S)
        assert len(rasa.asked) > asked
        for each in crowd:
            assert talks.waits_for_a_person(each), "who was given to a person stays with people"
            assert talks.count(each, "bot") == 1


@pytest.mark.slow
def test_fifty_messages_in_a_second_are_all_kept_and_each_is_answered_once(
    fresh_database: MigratedDatabase, talks: Talks, rasa: RasaStandIn, tmp_path: Path
) -> None:
    with running(WORKER, fresh_database, tmp_path, CHATBOT="on", RASA_URL=rasa.address):
        contact_id = talks.begin("bike part zero")
        other = talks.begin("my car is gone")
        words = [f"bike part {'abcdefghij'[n // 10]}{'klmnopqrst'[n % 10]}" for n in range(49)]
        lanes = [threading.Thread(target=_say_all, args=(talks, contact_id, words[lane::7])) for lane in range(7)]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join(60)
        until(lambda: talks.jobs_left() == 0, PATIENCE_S)
        until(lambda: talks.count(other, "bot") == 1, PATIENCE_S)
    said = [line.body for line in talks.lines(contact_id) if line.kind == "inbound"]
    assert sorted(said) == sorted(["bike part zero", *words])
    mine = [body["message"] for body in rasa.asked if body["sender"] == str(contact_id)]
    asked = "\n".join(mine).splitlines()
    assert asked == said[: len(asked)], "in order, and none twice"
    if talks.waits_for_a_person(contact_id):  # it may have been too many turns for a bot
        assert talks.count(contact_id, "bot") == len(mine) + 1
    else:
        assert asked == said
        assert talks.count(contact_id, "bot") == len(mine)


def _say_all(talks: Talks, contact_id: UUID, words: list[str]) -> None:
    for each in words:
        talks.say(contact_id, each)

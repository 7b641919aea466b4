"""The job that takes a bot's turn, with the real client, before a Rasa that goes wrong in every way (scenario 13)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from contact.gateways.mail import SmtpMail
from contact.gateways.rasa import RasaClient
from contact.jobs.registry import Tools, equip
from contact.jobs.take_bot_turn import take_bot_turn
from tests.support.background import until
from tests.support.clients import make_settings
from tests.support.database import MigratedDatabase
from tests.support.rasa_standin import RasaStandIn, turn
from tests.support.rasa_talks import Talks

Equip = Callable[..., None]


@pytest.fixture
def talks(database: MigratedDatabase) -> Iterator[Talks]:
    """A force of the test's own."""
    made = Talks(database)
    yield made
    made.dispose()


@pytest.fixture
def equipped(database: MigratedDatabase, talks: Talks, rasa: RasaStandIn, tmp_path: Path) -> Equip:
    """Gives the jobs of this process a new client, whose breaker is closed."""

    def give(limit_s: float = 20.0) -> None:
        settings = make_settings(database, tmp_path)
        client = RasaClient(rasa.address, limit_s=limit_s)
        mail = SmtpMail(settings.smtp_url)
        equip(Tools(settings=settings, sessions=talks.system, mail=mail, worker="test", chatbot=client))

    give()
    return give


def run(contact_id: UUID) -> None:
    """The job as the worker runs it."""
    take_bot_turn(contact_id=str(contact_id))


def test_a_turn_is_said_in_the_thread(talks: Talks, rasa: RasaStandIn, equipped: Equip) -> None:
    contact_id = talks.begin()
    run(contact_id)
    run(contact_id)
    assert [line.kind for line in talks.lines(contact_id)] == ["inbound", "bot"]
    assert talks.state(contact_id) == "with_bot"
    assert len(rasa.asked) == 1
    assert rasa.asked[0]["sender"] == str(contact_id)


def test_a_reply_goes_to_rasa_with_the_persons_own_earlier_words_alone(
    talks: Talks, rasa: RasaStandIn, equipped: Equip, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    contact_id = talks.begin("my bicycle Quillfeather was taken")
    run(contact_id)
    talks.say(contact_id, "king street, by the racks")
    talks.say(contact_id, "about 6")
    run(contact_id)
    talks.say(contact_id, "a red one")
    run(contact_id)
    assert [(body["message"], body["metadata"]["earlier"]) for body in rasa.asked] == [
        ("my bicycle Quillfeather was taken", []),
        ("king street, by the racks\nabout 6", ["my bicycle Quillfeather was taken"]),
        ("a red one", ["my bicycle Quillfeather was taken", "king street, by the racks", "about 6"]),
    ]
    assert {line.kind for line in talks.lines(contact_id)} == {"inbound", "bot"}, "and what the bot said is not told"
    assert "Quillfeather" not in caplog.text


@pytest.mark.parametrize(
    "mood",
    ["500", "rubbish", "empty", "words_only", "other_turn", "half", "slow", "hang", "dropped", "deep", "huge"],
)
def test_scenario_13_whatever_rasa_does_a_person_takes_over_once(
    talks: Talks, rasa: RasaStandIn, equipped: Equip, mood: str
) -> None:
    rasa.mood = mood
    equipped(limit_s=1.0)  # eight seconds in the service; the chaos test waits for those
    contact_id = talks.begin()
    for _ in range(3):  # the job may run again
        run(contact_id)
    lines = talks.lines(contact_id)
    assert [line.kind for line in lines] == ["inbound", "bot"]
    assert "person" in lines[1].body
    assert talks.waits_for_a_person(contact_id)
    assert len(talks.events(contact_id, "handed_over")) == 1
    assert [event["outcome"] for event in talks.events(contact_id, "bot_turn")] == ["failed"]


def test_after_a_failure_nobody_waits_for_it(talks: Talks, rasa: RasaStandIn, equipped: Equip) -> None:
    rasa.mood = "500"
    first, second = talks.begin(), talks.begin("and my car")
    run(first)
    run(second)
    assert len(rasa.asked) == 1, "the second was not kept waiting for a Rasa known to be ill"
    assert talks.waits_for_a_person(second)


def test_a_chatbot_that_nobody_runs_hands_over(talks: Talks, rasa: RasaStandIn, equipped: Equip) -> None:
    contact_id = talks.begin()
    rasa.address = "http://127.0.0.1:1"
    equipped()
    run(contact_id)
    assert talks.waits_for_a_person(contact_id)


def test_what_is_said_after_the_failure_is_kept_for_the_person(
    talks: Talks, rasa: RasaStandIn, equipped: Equip
) -> None:
    rasa.mood = "rubbish"
    contact_id = talks.begin()
    run(contact_id)
    rasa.mood = "answer"
    equipped()
    talks.say(contact_id, "it is a red one")
    run(contact_id)
    assert [line.kind for line in talks.lines(contact_id)] == ["inbound", "bot", "inbound"]
    assert len(rasa.asked) == 1


def test_two_workers_at_once_take_one_turn(talks: Talks, rasa: RasaStandIn, equipped: Equip) -> None:
    rasa.mood = "hold"
    contact_id = talks.begin()
    threads = [threading.Thread(target=run, args=(contact_id,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    until(lambda: len(rasa.asked) == 1 and sum(thread.is_alive() for thread in threads) == 1)
    rasa.let_go.set()
    for thread in threads:
        thread.join(60)
    assert len(rasa.asked) == 1
    assert talks.count(contact_id, "bot") == 1


def test_a_turn_that_was_killed_is_taken_again_under_the_same_message(
    talks: Talks, rasa: RasaStandIn, equipped: Equip
) -> None:
    rasa.mood = "hold"
    contact_id = talks.begin()
    killed = threading.Thread(target=run, args=(contact_id,), daemon=True)
    killed.start()
    until(lambda: len(rasa.asked) == 1)
    with talks.system.begin() as session:  # its lease ends, as if its worker had been gone for that long
        session.connection().exec_driver_sql(
            "UPDATE conversations SET turn_began_at = turn_began_at - interval '16 seconds' WHERE contact_id = %s",
            (contact_id,),
        )
    rasa.mood = "answer"
    run(contact_id)
    assert talks.count(contact_id, "bot") == 1
    rasa.let_go.set()  # and the one thought dead answers after all
    killed.join(60)
    assert rasa.message_ids()[0] == rasa.message_ids()[1]
    assert talks.count(contact_id, "bot") == 1, "answered once"


def test_scenario_12_words_computed_while_an_agent_claimed_are_never_said(
    talks: Talks, rasa: RasaStandIn, equipped: Equip
) -> None:
    rasa.mood, rasa.reply = "hold", turn(say="I am still talking")
    contact_id = talks.begin()
    job = threading.Thread(target=run, args=(contact_id,))
    job.start()
    until(lambda: rasa.asked)
    talks.claim(contact_id)
    rasa.let_go.set()
    job.join(60)
    assert talks.count(contact_id, "bot") == 0
    assert [event["outcome"] for event in talks.events(contact_id, "bot_turn")] == ["dropped"]
    talks.say(contact_id, "hello?")
    run(contact_id)
    assert talks.count(contact_id, "bot") == 0
    assert len(rasa.asked) == 1


def test_fifty_messages_are_kept_in_order_and_answered_in_two_turns_at_most(
    talks: Talks, rasa: RasaStandIn, equipped: Equip
) -> None:
    rasa.mood = "hold"
    contact_id = talks.begin(_part(0))
    job = threading.Thread(target=run, args=(contact_id,))
    job.start()
    until(lambda: rasa.asked)
    for number in range(1, 50):
        talks.say(contact_id, _part(number))
    rasa.let_go.set()
    job.join(60)
    for _ in range(50):  # each message asked for a turn
        run(contact_id)
    said = [line.body for line in talks.lines(contact_id) if line.kind == "inbound"]
    assert said == [_part(number) for number in range(50)]
    asked = "\n".join(body["message"] for body in rasa.asked).splitlines()
    assert asked == said, "each was put to the bot once, in order"
    assert talks.count(contact_id, "bot") == len(rasa.asked) == 2


def test_a_message_sent_ten_times_is_one(talks: Talks, rasa: RasaStandIn, equipped: Equip) -> None:
    contact_id = talks.begin()
    run(contact_id)
    threads = [
        threading.Thread(target=talks.say, args=(contact_id, "it is red"), kwargs={"once_key": "one"})
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for _ in range(10):
        run(contact_id)
    assert [line.kind for line in talks.lines(contact_id)] == ["inbound", "bot", "inbound", "bot"]


def _part(number: int) -> str:
    """Words that differ and raise no alarm (a bare 13 does: it may be an age)."""
    return f"bike part {'abcdefghij'[number // 10]}{'klmnopqrst'[number % 10]}"


@pytest.mark.parametrize("said", ["/restart", " /session_start", "//affirm", "/ he has gone now", "\u00a0/back", "/"])
def test_what_begins_with_a_slash_is_no_command(talks: Talks, rasa: RasaStandIn, equipped: Equip, said: str) -> None:
    """Rasa obeys "/restart": it answers nothing then, and the breaker would keep everybody from it for a while."""
    contact_id = talks.begin(said)
    run(contact_id)
    (asked,) = rasa.asked
    stored = next(line.body for line in talks.lines(contact_id))
    assert not asked["message"].strip().startswith("/")
    assert asked["message"].strip()
    assert len(asked["message"]) == len(stored), "facts are told by where they stand"
    assert asked["message"].strip(" .") == stored.strip("/ \u00a0")

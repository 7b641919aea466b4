"""kill -9 of web and worker while people text: each text is kept once, in order, and answered once (scenario 1).

Every webhook is delivered ten times, as a company does that had no answer; the chatbot is a stand-in at its address.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
import requests

from contact.gateways.twilio import new_sid, sign_as_twilio
from contact.run import demo_environment
from contact.run.demo_environment import ACCOUNT_SID, OUR_NUMBER
from tests.support.rasa_standin import RasaStandIn, rasa_stand_in
from tests.support.stack import Stack, running_stack

PEOPLE, TEXTS_EACH, TIMES = 6, 4, 10
PATIENCE_S = 240.0
WORDS = ("someone took my bike", "it was outside the library", "it is a red one", "what happens next")

THREADS = """
SELECT r.phone_e164, c.id, c.state, t.bot, t.answered_position,
       (SELECT array_agg(m.body ORDER BY m.position) FROM messages m WHERE m.contact_id = c.id AND m.kind = 'inbound'),
       (SELECT max(m.position) FROM messages m WHERE m.contact_id = c.id AND m.kind = 'inbound'),
       (SELECT count(*) FROM queue_entries q WHERE q.contact_id = c.id)
FROM contacts c JOIN reporters r ON r.contact_id = c.id JOIN conversations t ON t.contact_id = c.id
WHERE c.channel = 'sms' ORDER BY r.phone_e164
"""
LEFT = """
SELECT count(*) FROM procrastinate_jobs
WHERE status IN ('todo', 'doing') AND task_name IN ('take_text_in', 'take_bot_turn', 'send_text')
"""
SAID_TWICE = """
SELECT e.contact_id, e.data->>'message_id' FROM events e
WHERE e.name = 'bot_turn' AND e.data->>'outcome' = 'answered' GROUP BY 1, 2 HAVING count(*) > 1
"""
BOT_LINES = """
SELECT c.id, (SELECT count(*) FROM messages m WHERE m.contact_id = c.id AND m.kind = 'bot'),
       (SELECT count(*) FROM events e WHERE e.contact_id = c.id AND e.name = 'bot_turn'
            AND e.data->>'outcome' = 'answered'),
       (SELECT count(*) FROM conversations t WHERE t.contact_id = c.id AND t.handed_over_at IS NOT NULL)
FROM contacts c WHERE c.channel = 'sms'
"""


@pytest.fixture(scope="module")
def rasa() -> Iterator[RasaStandIn]:
    """A chatbot that answers."""
    with rasa_stand_in() as made:
        yield made


@pytest.fixture(scope="module")
def stack(rasa: RasaStandIn) -> Iterator[Stack]:
    """A demonstration to be killed at."""
    with running_stack(CHATBOT="on", RASA_URL=rasa.address, CHATBOT_DATABASE_URL="postgresql://unused@/unused") as made:
        yield made


@dataclass
class Person:
    """Somebody who texts, and whose company delivers each text ten times until one delivery is accepted."""

    stack: Stack
    number: str
    sent: list[str] = field(default_factory=list)

    def text_all(self) -> None:
        """One text after the other, as people do."""
        for words in WORDS[:TEXTS_EACH]:
            self._deliver(words)
            self.sent.append(words)

    def _deliver(self, words: str) -> None:
        sid = new_sid("SM")
        fields = {
            "MessageSid": sid, "SmsMessageSid": sid, "AccountSid": ACCOUNT_SID, "From": self.number, "To": OUR_NUMBER,
            "Body": words, "NumMedia": "0", "NumSegments": "1", "ApiVersion": "2010-04-01",
        }  # fmt: skip
        with ThreadPoolExecutor(TIMES) as company:
            taken = list(company.map(lambda _: self._post(fields), range(TIMES)))
        deadline = time.monotonic() + PATIENCE_S
        while not any(taken):
            assert time.monotonic() < deadline, "the webhook is not taken"
            self.stack.until(lambda: self.stack.run.fetch("/livez")[0] == 200, "the web is away", PATIENCE_S)
            taken = [self._post(fields)]

    def _post(self, fields: dict[str, str]) -> bool:
        address = f"{self.stack.address}/webhooks/twilio/sms"
        token = demo_environment.keys_of(self.stack.run.home)["TWILIO_AUTH_TOKEN"]
        named = {name: [value] for name, value in fields.items()}
        signature = sign_as_twilio(auth_token=token, address=address, fields=named)
        with requests.Session() as web:
            web.trust_env = False
            try:
                answer = web.post(address, data=fields, headers={"X-Twilio-Signature": signature}, timeout=15)
            except requests.RequestException:
                return False
        assert answer.status_code in (200, 500, 502, 503), answer.status_code
        return answer.status_code == 200


def _kill_some(stack: Stack, over: threading.Event, killed: list[str]) -> None:
    """Outright: a web process, then the worker, again and again while people text."""
    dice = random.Random(1)  # noqa: S311 - no secret
    for name in ("gunicorn", "worker", "gunicorn", "worker"):
        pids = stack.run.pids(name)
        if name == "gunicorn":
            pids = sorted(pids)[1:]
        else:
            pids = [pid for pid in pids if pid not in stack.run.pids("gunicorn")]
        if over.is_set() or not pids:
            return
        os.kill(dice.choice(pids), signal.SIGKILL)
        killed.append(name)
        stack.until(stack.run.healthy, f"it did not come back after {name}", PATIENCE_S)


@pytest.mark.slow
def test_scenario_1_every_text_is_kept_once_in_order_and_answered_once(stack: Stack, rasa: RasaStandIn) -> None:
    stack.until(lambda: '"chatbot":"ok"' in stack.run.fetch("/healthz")[1].replace(" ", ""), "no chatbot", PATIENCE_S)
    people = [Person(stack, f"+4477009007{number:02d}") for number in range(PEOPLE)]
    over, killed = threading.Event(), list[str]()
    killer = threading.Thread(target=_kill_some, args=(stack, over, killed))
    with ThreadPoolExecutor(PEOPLE) as crowd:
        texting = [crowd.submit(person.text_all) for person in people]
        killer.start()
        for each in texting:
            each.result()
    over.set()
    killer.join()
    stack.until(stack.run.healthy, "it did not come back whole", PATIENCE_S)
    stack.until(lambda: stack.rows(LEFT)[0][0] == 0, f"work is left after {killed}", PATIENCE_S)

    threads = stack.rows(THREADS)
    assert [row[0] for row in threads] == [person.number for person in people], "one contact for each"
    for number, contact_id, state, bot, answered, said, last, entries in threads:
        assert said == list(WORDS[:TEXTS_EACH]), (number, killed)
        assert entries == 1, (number, killed)
        assert (state == "with_bot" and bot and answered == last) or (state == "waiting" and not bot), (number, killed)
        asked = [body["metadata"]["message_id"] for body in rasa.asked if body["sender"] == str(contact_id)]
        assert asked == sorted(asked), "in order, also when one was asked again"
    assert stack.rows(SAID_TWICE) == [], killed
    for _, lines, answered, handed_over in stack.rows(BOT_LINES):
        assert lines == answered + handed_over, (lines, answered, handed_over, killed)

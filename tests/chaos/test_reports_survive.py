"""kill -9 of web, worker, watch and database while 200 reports are sent: none confirmed is lost, halved or doubled.

Scenario 16. Each citizen does what people do: sends again what had no answer, until there is a receipt.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import psycopg
import pytest
import requests

from contact.run import demo_environment
from contact.run.private_database import DEFAULT_DATABASE
from tests.support.stack import Stack, running_stack
from tests.support.stack_reports import Held, Reporter

REPORTS, CLIENTS = 200, 4
AT_MOST = {"a web process": 20, "the database": 6}
OTHERS_AT_MOST = 4  # a process that dies often is started again with growing pauses
PATIENCE_S = 240.0
ANSWERS = {"contactPreference": {"how": "email", "value": "sam@example.org", "when": "", "safe_word": ""}}

Answer = TypeVar("Answer")

HALF_MADE = """
SELECT reference FROM contacts AS c WHERE NOT (
    (SELECT count(*) FROM submissions s WHERE s.contact_id = c.id) = 1
    AND (SELECT count(*) FROM queue_entries q WHERE q.contact_id = c.id) = (c.desk = 'control_room')::int
    AND (SELECT count(*) FROM applications a WHERE a.contact_id = c.id) = (c.desk = 'licensing')::int
    AND (SELECT count(*) FROM proposals p WHERE p.contact_id = c.id) >= 1
    AND (SELECT count(*) FROM reporters r WHERE r.contact_id = c.id) <= 1
    AND (SELECT count(*) FROM contact_keys k WHERE k.contact_id = c.id) = 1
    AND (SELECT count(*) FROM drafts d WHERE d.contact_id = c.id) = 1
    AND (SELECT count(*) FROM events e WHERE e.contact_id = c.id AND e.name = 'contact_received') = 1
    AND (SELECT count(*) FROM events e WHERE e.contact_id = c.id AND e.name = 'submitted') = 1)
"""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A demonstration to be killed at."""
    with running_stack() as running:
        yield running


@dataclass
class Counter:
    """How many requests were sent; whoever kills waits for a number of them, and so hits any moment of a request."""

    sent: int = 0
    done: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self) -> None:
        """One more is about to be sent."""
        with self.changed:
            self.sent += 1
            self.changed.notify_all()

    def finish(self) -> None:
        """No more come."""
        with self.changed:
            self.done = True
            self.changed.notify_all()

    def wait_for(self, more: int) -> bool:
        """Wait for that many more; False when no more come."""
        with self.changed:
            wanted = self.sent + more
            self.changed.wait_for(lambda: self.sent >= wanted or self.done)
            return not self.done


@dataclass
class Citizens:
    """One thread's citizens, one after the other."""

    stack: Stack
    counter: Counter
    held: list[Held] = field(default_factory=list)
    tries: int = 0
    failure: BaseException | None = None

    def run(self) -> None:
        """Send this thread's share of the reports."""
        try:
            for _ in range(REPORTS // CLIENTS):
                self.held.append(self._report())
        except BaseException as error:
            self.failure = error
            raise

    def _report(self) -> Held:
        reporter = Reporter(self.stack)
        draft = self._insist(lambda: reporter.begin("theft", "kent"))
        self._insist(lambda: reporter.answer_all(draft, "theft", ANSWERS))
        sent = self._insist(lambda: reporter.post(f"{draft}/check", go="send"))
        return self._insist(lambda: reporter.receipt(sent.headers["Location"]))

    def _insist(self, act: Callable[[], Answer]) -> Answer:
        """Do it again until it is answered well."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            self.counter.add()
            self.tries += 1
            try:
                return act()
            except (requests.RequestException, psycopg.OperationalError, OSError):
                if time.monotonic() > deadline:
                    raise
                self.stack.until(lambda: self.stack.run.fetch("/livez")[0] == 200, "the web is away", PATIENCE_S)


def targets(stack: Stack) -> dict[str, Callable[[], list[int]]]:
    """Who may be killed, and their pids now. Gunicorn's master is the one that was not started by gunicorn."""
    run = stack.run

    def web() -> list[int]:
        return run.pids("gunicorn")

    def master() -> list[int]:
        return sorted(web())[:1]

    return {
        "a web process": lambda: sorted(web())[1:],
        "gunicorn": master,
        "the worker": lambda: run.pids("worker"),
        "the watch": lambda: run.pids("watch"),
        "the database": lambda: [run.postmaster()],
    }


def kill(pid: int) -> bool:
    """Kill it with -9; False where it was gone by then."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def kill_at_random(stack: Stack, counter: Counter, dice: random.Random, killed: list[str]) -> None:
    """Kill one of them each time a random number of requests has gone out, until no more come."""
    those = targets(stack)
    left = [name for name in those for _ in range(AT_MOST.get(name, OTHERS_AT_MOST))]
    dice.shuffle(left)
    left += sorted(those)  # so that each is killed early at least once
    while left and counter.wait_for(dice.randint(8, 24)):
        name = left.pop()
        try:
            pids = those[name]()
        except (AssertionError, OSError):
            pids = []
        if not pids or not kill(dice.choice(pids)):
            left.insert(0, name)  # it is down already
            continue
        killed.append(name)


def test_scenario_16_every_receipt_has_a_whole_report_and_no_report_is_doubled(stack: Stack) -> None:
    seed = random.SystemRandom().randrange(10_000)
    before = len(stack.rows("SELECT 1 FROM contacts"))
    counter, killed = Counter(), list[str]()
    clients = [Citizens(stack, counter) for _ in range(CLIENTS)]
    threads = [threading.Thread(target=each.run) for each in clients]
    killer = threading.Thread(target=kill_at_random, args=(stack, counter, random.Random(seed), killed))  # noqa: S311
    for thread in [*threads, killer]:
        thread.start()
    for thread in threads:
        thread.join()
    counter.finish()
    killer.join()
    told = f"seed {seed}, killed {killed}"
    assert [each.failure for each in clients if each.failure] == [], told
    stack.until(stack.run.healthy, f"it did not come back whole: {told}", PATIENCE_S)

    held = [each for client in clients for each in client.held]
    references = [each.reference for each in held]
    assert len(references) == len(set(references)) == REPORTS, told
    assert set(killed) == set(targets(stack)), told
    made = dict(stack.rows("SELECT reference, id FROM contacts"))
    assert set(references) <= set(made), told
    assert len(made) == before + REPORTS, f"a report was doubled: {told}"
    assert stack.rows(HALF_MADE) == [], told
    of_draft = dict(stack.rows("SELECT contact_id, id::text FROM drafts WHERE contact_id IS NOT NULL"))
    assert {each.draft_id for each in held} == {of_draft[made[each]] for each in references}, told
    _mail_leaves_once(stack, told)
    assert verify(stack) == 0, told


def _mail_leaves_once(stack: Stack, told: str) -> None:
    """Every acknowledgement was sent in the end, one to a contact; a job that was in a killed hand is rescued."""
    left = "SELECT state, attempts, error FROM mails WHERE state <> 'sent'"
    jobs = "SELECT status::text, task_name, attempts FROM procrastinate_jobs WHERE task_name LIKE '%mail%'"
    try:
        stack.until(lambda: not stack.rows(left), "mails were left", PATIENCE_S)
    except AssertionError as error:
        raise AssertionError(f"{error}: {stack.rows(left)}, jobs {stack.rows(jobs)}, {told}") from None
    twice = "SELECT contact_id FROM mails WHERE template = 'acknowledgement' GROUP BY contact_id HAVING count(*) > 1"
    assert stack.rows(twice) == [], told


def verify(stack: Stack) -> int:
    """`contact audit verify` in the run's own settings."""
    urls = stack.server.urls(DEFAULT_DATABASE)
    ports = demo_environment.StandInPorts(1, 1, 1)
    environment = demo_environment.environment(
        stack.run.environment, home=stack.run.home, port=stack.run.port, urls=urls, ports=ports
    )
    done = subprocess.run(
        [sys.executable, "-m", "contact.cli", "audit", "verify"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    print(done.stdout, done.stderr)
    return done.returncode

"""Heavy work keeps no page waiting: under gevent it runs in threads, and the loop turns meanwhile (engineering 14)."""

from __future__ import annotations

import subprocess
import sys

from contact.services.apart import apart

UNDER_GEVENT = """
from gevent import monkey
monkey.patch_all()
import threading, gevent
from gevent.monkey import get_original
from contact.services.apart import apart
block, turns = get_original("threading", "Event")(), []

def turning():
    for _ in range(50):
        gevent.sleep(0)
        turns.append(1)
    block.set()

gevent.spawn(turning)
assert apart(lambda: block.wait(30)), "the loop stood still"
assert len(turns) == 50
try:
    apart(lambda: 1 / 0)
except ZeroDivisionError:
    print("well")
"""


def test_the_loop_turns_while_it_works() -> None:
    done = subprocess.run([sys.executable, "-c", UNDER_GEVENT], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.returncode) == ("well", 0), done.stderr


def test_elsewhere_it_works_at_once() -> None:
    assert apart(lambda: 7) == 7

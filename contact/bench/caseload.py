"""The licensing team's caseload: as fast beside a register of 100,000 certificates as beside one of 1,000."""

from __future__ import annotations

import contextlib
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

from contact.bench import agents, fill
from contact.bench.browsers import Browser
from contact.bench.load import Request, Result, send_all
from contact.bench.row import Row
from contact.bench.stack import Stack, running
from contact.domain.access import Role

READERS = 4
READS, ROUNDS, WARM = 15, 6, 15
FEW, MANY = 1_000, 100_000
_OFFICER = frozenset({Role.LICENSING_OFFICER})

# Every certificate is being renewed, so that a page is full either way: the first thousand just came in.
_CERTIFICATES = """
INSERT INTO certificates (id, force_id, kind, number, number_key, given_name, surname, address, postcode, language,
                          reach, issued, expires, state, state_since, clock_runs, conditions, surname_key, copied_at)
SELECT gen_random_uuid(), f, 'shotgun', 'SG-' || n, 'SG' || n, 'Rowan', 'Holder' || n, n || ' Mill Lane', 'CB23 6DW',
       'en', 'post', date '2022-01-01' + (n %% 1800), date '2027-01-01' + (n %% 1800), 'live', now(), true, '{}',
       'holder' || n, now()
  FROM (SELECT n, (%(forces)s::text[])[1 + n %% 40] AS f
          FROM generate_series(%(first)s::int, %(last)s::int) AS n) AS made"""
_CONTACTS = """
INSERT INTO contacts (id, reference, force_id, force_ids, channel, form_id, category, grade, state, desk, flags,
                      sensitive, restricted, anonymous, language, safe_contact, received_at, retention_group,
                      review_due)
SELECT gen_random_uuid(), 'L' || substr(number, 4), force_id, ARRAY[force_id], 'web', 'firearms-certificate',
       'firearms_licensing', 'standard', 'with_licensing', 'licensing', '{}', false, false, false, 'en', '{}',
       now() - (substr(number, 4)::int %% 100000) * interval '1 second', 'group_3', date '2037-01-01'
  FROM certificates
 WHERE number LIKE 'SG-%%' AND substr(number, 4)::int BETWEEN %(first)s AND %(last)s"""
_APPLICATIONS = """
INSERT INTO applications (contact_id, force_id, kind, licence, nation, state, state_since, declared_at, collect_at,
                          payment, unread)
SELECT c.id, c.force_id, 'renewal', 'shotgun', 'england-and-wales',
       (ARRAY['submitted', 'checks', 'visit_booked', 'recommendation'])[1 + (substr(c.reference, 2)::int / 1001) % 4],
       c.received_at, c.received_at, 'decision', 'not_due', false
  FROM contacts c
 WHERE c.reference LIKE 'L%' AND NOT EXISTS (SELECT 1 FROM applications a WHERE a.contact_id = c.id)"""
_REPORTERS = """
INSERT INTO reporters (contact_id, given_name, surname)
SELECT a.contact_id, 'Rowan', 'Holder' FROM applications a
 WHERE NOT EXISTS (SELECT 1 FROM reporters r WHERE r.contact_id = a.contact_id)"""


def rows(stack: Stack) -> list[Row]:
    """Fills the register on the way; leaves it at 100,000 certificates and as many open applications.

    The two registers stand in two databases and are read in turns: whatever else slows the machine slows both alike.
    """
    with running() as small, _Desk.open(small, FEW) as few, _Desk.open(stack, MANY) as many:
        desks = (few, many)
        for _ in range(ROUNDS):
            for desk in desks:
                desk.read()
    return [
        _growth("caseload page, one force, median", few.one, many.one),
        _growth("caseload page, 40 forces, median", few.every, many.every),
    ]


@dataclass
class _Desk:
    """Officers of one force and of every force beside one register, and what their pages took in milliseconds."""

    port: int
    browsers: tuple[list[Browser], list[Browser]]
    one: list[float] = field(default_factory=list)
    every: list[float] = field(default_factory=list)

    @classmethod
    @contextlib.contextmanager
    def open(cls, stack: Stack, certificates: int) -> Iterator[_Desk]:
        """A register of that size with a service before it, warm."""
        forces = fill.bench_forces(stack)
        _fill(stack, forces, certificates)
        one, every = (
            agents.browsers(stack, agents.make(stack, READERS, of, _OFFICER)) for of in ([fill.ONE_FORCE], forces)
        )
        with stack.web(2) as port:
            desk = cls(port, (one, every))
            for browsers in desk.browsers:
                _read(port, browsers, WARM)
            yield desk

    def read(self) -> None:
        """One round of both."""
        for browsers, times in zip(self.browsers, (self.one, self.every), strict=True):
            times += _read(self.port, browsers, READS).times_ms


def _growth(name: str, few: list[float], many: list[float]) -> Row:
    now, before = statistics.median(many), statistics.median(few)
    return Row(name, now, "ms", before, now / before, "<= 1.3 x the page with 1,000", now / before <= 1.3)


def _read(port: int, browsers: list[Browser], times: int) -> Result:
    asked = [{"Cookie": each.cookie, "Accept-Encoding": "br"} for each in browsers]
    return send_all(port, [[Request("GET", "/control-room/licensing/", headers)] * times for headers in asked])


def _fill(stack: Stack, forces: list[str], count: int) -> None:
    """Bring the register to `count` certificates, and let the planner know."""
    with stack.superuser() as connection:
        there = connection.execute("SELECT count(*) FROM certificates").fetchone()
        span = {"forces": forces, "first": (there[0] if there else 0) + 1, "last": count}
        connection.execute(_CERTIFICATES, span)
        connection.execute(_CONTACTS, span)
        connection.execute(_APPLICATIONS)
        connection.execute(_REPORTERS)
        for table in ("certificates", "contacts", "applications", "reporters", "web_sessions"):
            connection.execute(f"VACUUM ANALYZE {table}")
        connection.execute("CHECKPOINT")

"""Anonymous means that no log and no table knows where a report came from (engineering 27)."""

from __future__ import annotations

import logging

import psycopg
import pytest
from flask import Flask
from psycopg import sql

from tests.support.clients import StrictClient
from tests.support.database import MigratedDatabase
from tests.web.citizen.journeys import begin, fill, keys_of

ADDRESS = "203.0.113.177"
BROWSER = "Quincunx/9.1 (a browser nobody else has)"


def tables_with(database: MigratedDatabase, words: tuple[str, ...]) -> set[str]:
    """The tables in which any of the words stands, seen from behind the policies."""
    found = set()
    with psycopg.connect(database.superuser_url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in names:
            rows = connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(name))).fetchall()
            if any(word in row[0] for row in rows for word in words):
                found.add(name)
    return found


@pytest.fixture
def traced(app: Flask, client: StrictClient) -> StrictClient:
    """A client whose address and browser can be told from all others."""
    client.environ_base |= {"REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": BROWSER}
    return client


def test_no_log_and_no_table_keeps_where_a_report_came_from(
    traced: StrictClient, database: MigratedDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    check = fill(traced, begin(traced, query="?force=northshire"), anonymous="yes")
    receipt = traced.send(check, {"go": "send", "force": "northshire"}).headers["Location"]
    reference, words = keys_of(traced, receipt)
    traced.send("/progress", {"reference": reference, "words": "four wrong words here"})
    traced.send("/progress", {"reference": reference, "words": words})
    traced.send(
        f"/progress/{reference}/messages", {"body": "One more thing", "key": "a"}, page=f"/progress/{reference}"
    )
    traced.send("/return", {"words": "none of these words"})
    assert traced.get("/nothing/here").status_code == 404
    assert traced.post("/progress", data={"reference": "x"}).status_code == 400
    assert caplog.text, "something was logged, or this proves nothing"
    for trace in (ADDRESS, BROWSER):
        assert trace not in caplog.text
    assert tables_with(database, (ADDRESS, BROWSER)) == set()
    assert tables_with(database, (reference,)) >= {"contacts", "queue_entries"}, "the search finds what is there"


def test_an_anonymous_report_names_nobody(traced: StrictClient, database: MigratedDatabase) -> None:
    check = fill(traced, begin(traced, query="?force=northshire"), anonymous="yes")
    receipt = traced.send(check, {"go": "send", "force": "northshire"}).headers["Location"]
    reference, _words = keys_of(traced, receipt)
    with psycopg.connect(database.superuser_url) as connection:
        row = connection.execute(
            "SELECT c.anonymous, count(r.contact_id) FROM contacts c LEFT JOIN reporters r ON r.contact_id = c.id"
            " WHERE replace(c.reference, '-', '') = replace(%s, '-', '') GROUP BY c.id",
            [reference],
        ).fetchone()
    assert row == (True, 0)

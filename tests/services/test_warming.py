"""A process that has just begun is ready for the first message, on every connection that it opened."""

from __future__ import annotations

import sqlalchemy as sa

from contact.services.warming import warm
from contact.store.engine import make_engine, make_sessions
from tests.support.cases import NOW
from tests.support.database import MigratedDatabase

_PLANNED = sa.text("SELECT generic_plans > 0, custom_plans FROM pg_prepared_statements WHERE statement LIKE :words")


def test_each_connection_has_planned_what_a_stream_asks(database: MigratedDatabase) -> None:
    engine = make_engine(database.web_url, pool_size=3)
    sessions = make_sessions(engine)
    warm(sessions, now=NOW, connections=3)
    held = [sessions() for _ in range(3)]
    found = [tuple(each.execute(_PLANNED, {"words": "%v.offered_form%m.id%"}).one()) for each in held]
    assert found == [(True, 0)] * 3
    for each in held:
        each.close()
    engine.dispose()

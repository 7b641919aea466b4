"""The fixtures give each role its own address and leave nothing behind."""

from __future__ import annotations

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.support.database import PATIENCE, MigratedDatabase


def test_sessions_are_of_their_roles(web_session: Session, worker_session: Session) -> None:
    assert web_session.execute(text("SELECT current_user")).scalar() == "contact_web"
    assert worker_session.execute(text("SELECT current_user")).scalar() == "contact_worker"
    assert worker_session.execute(text("SELECT current_setting('contact.actor')")).scalar() == "system"


def test_a_fresh_database_is_another_one(database: MigratedDatabase, fresh_database: MigratedDatabase) -> None:
    assert database.name != fresh_database.name


def test_a_copy_waits_longer_than_a_service(database: MigratedDatabase) -> None:
    """What takes its time on a busy machine is not taken for what hangs; the service's own limits stand elsewhere."""
    for url in (database.web_url, database.worker_url):
        with psycopg.connect(url) as connection:
            for setting, value in PATIENCE.items():
                asked = "SELECT current_setting(%s)::interval = %s::interval"
                assert connection.execute(asked, [setting, value]).fetchone() == (True,), setting

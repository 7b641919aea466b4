"""Whoever is erased here is erased from Rasa's memory too, which is another database (engineering 30)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from contact.gateways.mail import SmtpMail
from contact.jobs.forget_tracker import forget_tracker
from contact.jobs.registry import Tools, TryAgain, equip
from contact.services import disposal
from contact.services.disposal import DisposalReason
from contact.store.identifiers import new_id
from tests.support.clients import make_settings
from tests.support.database import Cluster, MigratedDatabase
from tests.support.emergencies import add_contact
from tests.support.rasa_talks import Talks, utcnow


@pytest.fixture
def talks(database: MigratedDatabase) -> Iterator[Talks]:
    """A force of the test's own."""
    made = Talks(database)
    yield made
    made.dispose()


def equip_with(talks: Talks, database: MigratedDatabase, home: Path, **more: str) -> None:
    """Give the jobs of this process their tools."""
    settings = make_settings(database, home, **more)
    equip(Tools(settings=settings, sessions=talks.system, mail=SmtpMail(settings.smtp_url), worker="test"))


def remember(url: str, *conversations: UUID) -> None:
    """What Rasa writes, as far as this matters."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS events (id serial, sender_id text NOT NULL, data text)")
        for each in conversations:
            connection.execute(
                "INSERT INTO events (sender_id, data) VALUES (%s, 'words'), (%s, 'more')", (str(each),) * 2
            )


def kept(url: str, conversation_id: UUID) -> int:
    """Lines of one conversation."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM events WHERE sender_id = %s", (str(conversation_id),)).fetchone()
    return int(row[0]) if row else 0


def test_it_is_forgotten_and_nobody_else_is(
    talks: Talks, database: MigratedDatabase, cluster: Cluster, tmp_path: Path
) -> None:
    url = cluster.server.chatbot_url()
    equip_with(talks, database, tmp_path, CHATBOT_DATABASE_URL=url)
    one, other = new_id(), new_id()
    remember(url, one, other)
    forget_tracker(contact_id=str(one))
    forget_tracker(contact_id=str(one))
    assert (kept(url, one), kept(url, other)) == (0, 2)


def test_while_that_database_is_away_it_is_tried_again(
    talks: Talks, database: MigratedDatabase, tmp_path: Path
) -> None:
    equip_with(talks, database, tmp_path, CHATBOT_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    with pytest.raises(TryAgain):
        forget_tracker(contact_id=str(new_id()))


def test_without_a_chatbot_there_is_nothing_to_forget(talks: Talks, database: MigratedDatabase, tmp_path: Path) -> None:
    equip_with(talks, database, tmp_path)
    forget_tracker(contact_id=str(new_id()))


def test_erasing_a_contact_asks_for_it(talks: Talks, database: MigratedDatabase, tmp_path: Path) -> None:
    now = utcnow()
    with talks.system.begin() as session:
        contact_id = add_contact(
            session, force_id=talks.force_id, received_at=now, emergency=False, state="closed", closed_at=now,
            closed_reason="no_police_action", disposed_at=now,
        )  # fmt: skip
        rows = disposal.erase(
            session, contact_id=contact_id, reason=DisposalReason.RETENTION_OVER, decided_by_id=new_id(),
            home=tmp_path, now=now,
        )  # fmt: skip
        assert rows > 0
        query = (
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'forget_tracker' AND args->>'contact_id' = %s"
        )
        asked = session.connection().exec_driver_sql(query, (str(contact_id),)).scalar()
    assert asked == 1

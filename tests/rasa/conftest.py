"""Fixtures: one real Rasa with a small model for all of these tests; the jobs of this process ask it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from contact.gateways.mail import SmtpMail
from contact.jobs.registry import Tools, equip
from contact.run.chatbot_preparation import NotMade
from tests.support.clients import make_settings
from tests.support.database import Cluster, MigratedDatabase
from tests.support.rasa_served import Served, served
from tests.support.rasa_talks import Talks


@pytest.fixture(scope="session")
def rasa(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Made, trained and served once; without Python 3.10 there is none, which is only fair outside of CI."""
    try:
        with served(cluster.server.chatbot_url(), tmp_path_factory.mktemp("rasa")) as made:
            yield made
    except NotMade as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.fixture
def talks(cluster: Cluster, rasa: Served, database: MigratedDatabase, tmp_path: Path) -> Iterator[Talks]:
    """A force of the test's own, with the jobs given everything they need."""
    made = Talks(database)
    settings = make_settings(database, tmp_path, CHATBOT_DATABASE_URL=cluster.server.chatbot_url())
    mail = SmtpMail(settings.smtp_url)
    equip(Tools(settings=settings, sessions=made.system, mail=mail, worker="test", chatbot=rasa.client()))
    yield made
    made.dispose()

"""Fixtures: `cases`, `outside` (mail and telephone that keep what was sent, and the worker's jobs), an application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from contact.gateways.twilio import Placed
from contact.jobs.ask_referees import ask_referees, send_referee_code
from contact.jobs.deliver_mail import deliver_mail
from contact.jobs.registry import Tools, equip
from contact.settings import Settings
from contact.store import models
from tests.support.cases import Cases
from tests.support.clients import Clock
from tests.support.database import MigratedDatabase
from tests.support.licensing import Applied, apply

REFEREES: list[dict[str, Any]] = [
    {
        "given": "Nesta", "surname": "Okoye", "birth": "1961-02-03", "address": "9 Farm Road", "postcode": "CB23 7AA",
        "phone": "07700 900521", "email": "nesta.okoye@mail.example", "occupation": "Vet", "how": "Friend", "years": 9,
    },
    {
        "given": "Piotr", "surname": "Lewis", "birth": "1970-06-07", "address": "2 High Street", "postcode": "CB1 2AB",
        "phone": "", "email": "piotr.lewis@mail.example", "occupation": "Teacher", "how": "Club", "years": 4,
    },
]  # fmt: skip


@dataclass
class Outside:
    """What left, and the jobs that let it leave."""

    cases: Cases
    mails: list[EmailMessage] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        """As a mail server."""
        self.mails.append(message)

    def send_text(self, *, to: str, body: str, **_more: object) -> Placed:
        """As the telephone company."""
        self.texts.append((to, body))
        return Placed(sid=f"SM{len(self.texts):032d}", status="queued", to=to, created_at=None)

    def ask(self, contact_id: UUID) -> list[str]:
        """Run the job that asks the referees, and the mails; answers the link in each mail, in order."""
        ask_referees(str(contact_id))
        return self.post()

    def post(self) -> list[str]:
        """Send the mails that wait; answers the paths of the links in all that were ever sent."""
        with self.cases.system() as session:
            ours = (self.cases.north, self.cases.south)
            query = sa.select(models.Mail.id).where(models.Mail.state == "queued", models.Mail.force_id.in_(ours))
            waiting = session.scalars(query.where(models.Mail.contact_id.is_(None)).order_by(models.Mail.id)).all()
        for mail_id in waiting:
            deliver_mail(str(mail_id))
        return [link for mail in self.mails for link in re.findall(r"/firearms/\w+/\S+", mail.get_content())]

    def code(self, referee_id: UUID, number: int = 1) -> str:
        """Run the job that texts a code; answers its four words."""
        send_referee_code(str(referee_id), number)
        return self.texts[-1][1].rpartition(":")[2].strip()


@pytest.fixture
def cases(database: MigratedDatabase) -> Iterator[Cases]:
    """Two forces of its own, and what a test needs to begin."""
    made = Cases(database)
    yield made
    made.dispose()


@pytest.fixture
def outside(cases: Cases, settings: Settings, system: sessionmaker[Session], clock: Clock) -> Outside:
    """The worker with a mail server and a telephone company that keep what they were given."""
    made = Outside(cases)
    equip(Tools(settings=settings, sessions=system, mail=made, worker="test", telephony=made, clock=clock))  # type: ignore[arg-type]
    return made


@pytest.fixture
def applied(cases: Cases, clock: Clock) -> Applied:
    """An application that names two referees, one without a phone."""
    return apply(cases, {"referees": REFEREES}, now=clock.now)

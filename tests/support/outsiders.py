"""Links to those an application names, made in a running stack's database as the service makes them."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.access import SYSTEM
from contact.domain.licensing.outsiders import RefereeState, Role
from contact.run import demo_environment
from contact.run.private_database import DEFAULT_DATABASE
from contact.services import evidence_links
from contact.services.evidence import PRACTICE
from contact.services.keys import Keys
from contact.services.licensing import medical, outsider_keys, referees
from contact.store import evidence, models
from contact.store.engine import make_engine, make_sessions
from contact.store.identifiers import new_id
from tests.support.emergencies import add_contact
from tests.support.stack import Stack


def referee_link(stack: Stack, force_id: str, role: Role = Role.REFEREE) -> tuple[str, str]:
    """The path of a referee's or parent's link, and the four words that confirm its holder."""
    keys, now, referee_id = _keys(stack), dt.datetime.now(dt.UTC), new_id()
    token = outsider_keys.token(keys, referees.KIND, referee_id, 1)
    with _worker(stack) as session:
        contact_id = _application(session, force_id, now)
        session.add(
            models.Referee(
                id=referee_id,
                contact_id=contact_id,
                role=role.value,
                position=0,
                given_name="Nesta",
                surname="Okoye",
                email="nesta.okoye@mail.example",
                phone_e164="+447700900521",
                told={},
                language="en",
                state=RefereeState.ASKED.value,
                flags=[],
                token_hash=outsider_keys.token_hash(referees.KIND, token),
                link_number=1,
                asked_at=now,
                expires_at=now + referees.LASTS,
                code_number=1,
                code_at=now,
                code_tries=0,
                created_at=now,
            )
        )
        session.commit()
    return f"/firearms/{role.value}/{token}", outsider_keys.code(keys, referees.KIND, referee_id, 1).replace("-", " ")


def practice_link(stack: Stack, force_id: str) -> str:
    """The path of a practice's link."""
    keys, now, request_id, link_id = _keys(stack), dt.datetime.now(dt.UTC), new_id(), new_id()
    token = outsider_keys.token(keys, medical.KIND, request_id, 1)
    agent = stack.hire("Ola Grant")
    found = stack.rows("SELECT id FROM agents WHERE email = %s", agent.email)
    with _worker(stack) as session:
        contact_id = _application(session, force_id, now)
        evidence.add_link(
            session,
            link_id=link_id,
            contact_id=contact_id,
            token_hash=evidence_links.token_hash(token),
            made_by=found[0][0],
            now=now,
            expires_at=now + medical.LASTS,
            question_id=PRACTICE,
        )
        session.flush()
        session.add(
            models.MedicalRequest(
                id=request_id,
                contact_id=contact_id,
                upload_link_id=link_id,
                practice="Mill Road Surgery",
                address="manager@millroad.example",
                found_where="list of practices",
                language="en",
                patient_born=dt.date(1974, 5, 2),
                asked_by=found[0][0],
                asked_at=now,
                expires_at=now + medical.LASTS,
            )
        )
        session.commit()
    return f"/firearms/doctor/{token}"


def _worker(stack: Stack) -> Session:
    return make_sessions(make_engine(stack.server.urls(DEFAULT_DATABASE).worker, pool_size=1), SYSTEM)()


def _keys(stack: Stack) -> Keys:
    secret = demo_environment.keys_of(stack.run.home)["SECRET_KEY"].encode()
    return Keys(code_key=hmac.new(secret, b"spoken codes", hashlib.sha256).digest(), audit_key=stack.audit_key)


def _application(session: Session, force_id: str, now: dt.datetime) -> UUID:
    """A contact that stands for an application: what the links' pages read of one."""
    contact_id = add_contact(session, force_id=force_id, received_at=now, emergency=False)
    session.add(models.Reporter(contact_id=contact_id, given_name="Rowan", surname="Tregear"))
    session.flush()
    return contact_id

"""A report is stored whole, once, in the right queue, with its events and jobs (decisions 1, 2; scenarios 16, 17)."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import SYSTEM, Actor, ActorKind, Role
from contact.domain.errors import DraftIncomplete, ForceNotKnown, NotFound
from contact.domain.taxonomy import Grade
from contact.services import drafts, intake, integrity
from contact.services.keys import Keys
from contact.store import agents, contacts, messages
from contact.store.engine import act_as, make_engine, make_sessions
from tests.support.answers import complete
from tests.support.database import MigratedDatabase

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
KEYS = Keys(code_key=b"c" * 32, audit_key=b"a" * 32)


@pytest.fixture
def sessions(fresh_database: MigratedDatabase) -> Iterator[sessionmaker[Session]]:
    with psycopg.connect(fresh_database.superuser_url) as connection:
        for force in ("kent", "essex"):
            connection.execute(
                "INSERT INTO forces (id, name, territorial, welsh, hours, nation)"
                " VALUES (%s, %s, true, false, '{}', 'england-and-wales')",
                (force, force.title()),
            )
    engine = make_engine(fresh_database.web_url)
    yield make_sessions(engine)
    engine.dispose()


def _rows(database: MigratedDatabase, query: str, *values: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.superuser_url) as connection:
        return connection.execute(query, values).fetchall()


def _draft(sessions: sessionmaker[Session], form_id: str = "theft", given: dict[str, Any] | None = None) -> UUID:
    with sessions() as session:
        view = drafts.start(session, form_id=form_id, force_id="kent", language="en", now=NOW)
        answers = complete(view.form, given or {}, now=NOW)
        drafts.save(session, draft_id=view.id, page_id=view.form.first_page().id, answers=answers, now=NOW)
        session.commit()
    return view.id


def _submit(sessions: sessionmaker[Session], draft_id: UUID) -> intake.Receipt:
    with sessions() as session:
        act_as(session, Actor(ActorKind.CITIZEN, draft_id=draft_id))
        receipt = intake.submit(session, draft_id=draft_id, keys=KEYS, now=NOW)
        session.commit()
    return receipt


def test_a_sent_report_is_whole(fresh_database: MigratedDatabase, sessions: sessionmaker[Session]) -> None:
    """Contact, answers, reporter, key, proposal, entry, four events, the mail and its job: all in one commit."""
    receipt = _submit(sessions, _draft(sessions))
    counts = {
        table: _rows(fresh_database, f"SELECT count(*) FROM {table}")[0][0]
        for table in ("contacts", "submissions", "reporters", "contact_keys", "proposals", "queue_entries", "mails")
    }
    assert set(counts.values()) == {1}
    entry = _rows(fresh_database, "SELECT force_id, state, band, due_at = look_by, reference FROM queue_entries")
    assert entry == [("kent", "waiting", 1, True, receipt.reference)]
    names = [name for (name,) in _rows(fresh_database, "SELECT name FROM events WHERE chain = 'kent' ORDER BY seq")]
    assert sorted(names) == ["clocks_set", "contact_received", "proposed", "submitted"]
    jobs = _rows(fresh_database, "SELECT queue_name, task_name FROM procrastinate_jobs")
    assert sorted(jobs) == [("mail", "deliver_mail"), ("urgent", "match_certificates")]
    assert KEYS.code_matches(receipt.access_words.replace("-", " ").upper(), _code_hash(fresh_database))


def _code_hash(database: MigratedDatabase) -> str:
    return str(_rows(database, "SELECT code_hash FROM contacts")[0][0])


def test_no_word_of_a_person_is_in_the_log(fresh_database: MigratedDatabase, sessions: sessionmaker[Session]) -> None:
    """Events carry ids, codes and times only (practice 16)."""
    _submit(sessions, _draft(sessions, given={"incidentDescription": "Zebedee took the xylophone"}))
    written = " ".join(str(row) for row in _rows(fresh_database, "SELECT data::text FROM events"))
    for word in ("Zebedee", "xylophone", "Sam", "Example", "sam@", "High Street", "ME14"):
        assert word not in written


def test_scenario_17_sending_twice_gives_the_same_receipt(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session]
) -> None:
    """Double click, back and resubmit, ten at once: one report, one reference, the same words (scenario 17)."""
    draft_id = _draft(sessions)
    receipts: list[intake.Receipt] = []
    threads = [threading.Thread(target=lambda: receipts.append(_submit(sessions, draft_id))) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 10
    assert len({(receipt.reference, receipt.access_words, receipt.look_by) for receipt in receipts}) == 1
    assert [receipt.already_sent for receipt in receipts].count(False) == 1
    assert _rows(fresh_database, "SELECT count(*) FROM contacts") == [(1,)]
    assert _rows(fresh_database, "SELECT count(*) FROM procrastinate_jobs") == [(2,)]


def test_a_rolled_back_report_leaves_nothing(fresh_database: MigratedDatabase, sessions: sessionmaker[Session]) -> None:
    """What is not committed was never sent: no row, no event, no job, and the draft can be sent again."""
    draft_id = _draft(sessions)
    with sessions() as session:
        act_as(session, Actor(ActorKind.CITIZEN, draft_id=draft_id))
        intake.submit(session, draft_id=draft_id, keys=KEYS, now=NOW)
        session.rollback()
    for table in ("contacts", "submissions", "queue_entries", "procrastinate_jobs", "mails"):
        assert _rows(fresh_database, f"SELECT count(*) FROM {table}") == [(0,)]
    assert not _submit(sessions, draft_id).already_sent


def test_a_draft_with_a_gap_is_not_sent(sessions: sessionmaker[Session]) -> None:
    """The page that still needs an answer is named."""
    with sessions() as session:
        view = drafts.start(session, form_id="theft", force_id="kent", language="en", now=NOW)
        with pytest.raises(DraftIncomplete) as refused:
            intake.submit(session, draft_id=view.id, keys=KEYS, now=NOW)
    assert refused.value.page_id == view.form.first_page().id


def test_a_draft_without_a_force_is_not_sent(sessions: sessionmaker[Session]) -> None:
    """Nobody guesses whose ground it is."""
    draft_id = _draft(sessions)
    with sessions() as session:
        act_as(session, Actor(ActorKind.CITIZEN, draft_id=draft_id))
        session.execute(sa.text("UPDATE drafts SET force_id = NULL"))
        with pytest.raises(ForceNotKnown):
            intake.submit(session, draft_id=draft_id, keys=KEYS, now=NOW)


def test_danger_in_the_words_raises_the_grade(sessions: sessionmaker[Session]) -> None:
    """The screen reads every free text: the gravest grade wins, and the look-by is now."""
    receipt = _submit(
        sessions, _draft(sessions, given={"incidentDescription": "He is outside my house now with a knife"})
    )
    assert receipt.grade is Grade.EMERGENCY
    assert receipt.look_by == NOW


def test_a_sensitive_report_sends_nothing(fresh_database: MigratedDatabase, sessions: sessionmaker[Session]) -> None:
    """No automatic acknowledgement leaves a sensitive journey, even where email is safe (practice 13)."""
    _submit(sessions, _draft(sessions, form_id="sexual-offence"))
    assert _rows(fresh_database, "SELECT count(*) FROM mails") == [(0,)]
    assert _rows(fresh_database, "SELECT sensitive FROM contacts") == [(True,)]


def test_an_anonymous_report_keeps_no_person(fresh_database: MigratedDatabase, sessions: sessionmaker[Session]) -> None:
    """No reporter row, no mail (engineering 27)."""
    _submit(sessions, _draft(sessions, given={"anonymous": "yes"}))
    assert _rows(fresh_database, "SELECT anonymous FROM contacts") == [(True,)]
    assert _rows(fresh_database, "SELECT count(*) FROM reporters") == [(0,)]


def _agent(database: MigratedDatabase, role: Role, force: str = "kent") -> Actor:
    agent_id = uuid4()
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute(
            "INSERT INTO agents (id, name, email, failed_attempts, created_at) VALUES (%s, 'A', %s, 0, now())",
            (agent_id, f"{agent_id}@police.example"),
        )
        connection.execute("INSERT INTO agent_forces VALUES (%s, %s, %s)", (agent_id, force, role.value))
    return Actor(ActorKind.AGENT, agent_id, {force: frozenset({role})})


def _police_suspect(sessions: sessionmaker[Session]) -> UUID:
    with sessions() as session:
        form = drafts.start(session, form_id="sexual-offence", force_id="kent", language="en", now=NOW).form
    question = next(each for each in form.questions if each.role and each.role.value == "police_suspect")
    return _draft(sessions, form_id="sexual-offence", given={question.id: "not_sure"})


def test_a_report_about_police_staff_is_kept_to_named_people(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session]
) -> None:
    """Yes or unsure restricts it before it enters any queue: professional standards alone, not even a supervisor."""
    standards = _agent(fresh_database, Role.PROFESSIONAL_STANDARDS)
    supervisor = _agent(fresh_database, Role.SUPERVISOR)
    receipt = _submit(sessions, _police_suspect(sessions))
    seen = []
    for actor in (standards, supervisor):
        with sessions() as session:
            act_as(session, actor)
            seen.append(contacts.find(session, contact_id=receipt.contact_id) is not None)
    assert seen == [True, False]


def test_a_restricted_report_with_nobody_named_alarms(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session]
) -> None:
    """Nobody may open it, so somebody must be told that it is there."""
    _submit(sessions, _police_suspect(sessions))
    assert _rows(fresh_database, "SELECT kind, force_id FROM alarms") == [("restricted_unnamed", "kent")]


def test_whoever_gets_the_role_later_is_named_on_what_nobody_could_open(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session]
) -> None:
    """Else it would be read by nobody for ever; only who administers the force sets it off, and reads nothing by it."""
    receipt = _submit(sessions, _police_suspect(sessions))
    handler, officer = _agent(fresh_database, Role.CALL_HANDLER), _agent(fresh_database, Role.LICENSING_OFFICER)
    administrator = Actor(ActorKind.AGENT, uuid4(), {"essex": frozenset({Role.NATIONAL_ADMIN})})
    standards = Actor(ActorKind.AGENT, officer.agent_id, {"kent": frozenset({Role.PROFESSIONAL_STANDARDS})})
    assert officer.agent_id is not None
    with sessions() as session:
        act_as(session, handler)
        assert session.execute(sa.text("SELECT name_on_unnamed('kent')")).scalar() == 0
        act_as(session, administrator)
        agents.set_roles(
            session, agent_id=officer.agent_id, force_id="kent", roles=frozenset({Role.PROFESSIONAL_STANDARDS})
        )
        session.commit()
    for actor, sees in ((standards, True), (handler, False), (administrator, False)):
        with sessions() as session:
            act_as(session, actor)
            assert (contacts.find(session, contact_id=receipt.contact_id) is not None) is sees


def test_the_emergency_door_makes_one_emergency(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session]
) -> None:
    """Three answers, stored on sending, graded emergency; pressed twice it is one contact (practice 1)."""
    ticket = KEYS.ticket(uuid4())
    contact_id = KEYS.open_ticket(ticket)
    assert contact_id is not None
    references = set()

    def press() -> None:
        with sessions() as session:
            receipt = intake.submit_emergency(
                session,
                contact_id=contact_id,
                force_id="kent",
                where="Flat 3, 1 High Street",
                what="Someone is breaking in",
                safe_to_reply=False,
                language="en",
                keys=KEYS,
                now=NOW,
            )
            session.commit()
        references.add((receipt.reference, receipt.grade))

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(references) == 1
    assert references.pop()[1] is Grade.EMERGENCY
    assert _rows(fresh_database, "SELECT band, state FROM queue_entries") == [(0, "waiting")]
    (message,) = _rows(fresh_database, "SELECT body FROM messages")
    assert "It is not safe to reply." in message[0]


MADE_UP = "0192f0c1-7a3b-7c55-9d0e-5f6a7b8c9d0e"


@pytest.mark.parametrize("ticket", ["", "x", "." * 9, MADE_UP, f"{MADE_UP}.{'0' * 64}", "é" * 40])
def test_a_made_up_ticket_opens_nothing(ticket: str) -> None:
    """An id alone proves nothing: it could be somebody else's contact."""
    assert KEYS.open_ticket(ticket) is None


def test_nobody_reads_another_persons_draft_or_contact(sessions: sessionmaker[Session]) -> None:
    """No actor, another citizen, an agent of another force: the same as if it were not there."""
    draft_id = _draft(sessions)
    receipt = _submit(sessions, draft_id)
    strangers = [
        None,
        Actor(ActorKind.CITIZEN),
        Actor(ActorKind.CITIZEN, contact_id=uuid4(), draft_id=uuid4()),
        Actor(ActorKind.AGENT, uuid4(), {"essex": frozenset({Role.SUPERVISOR})}),
        Actor(ActorKind.AGENT, uuid4(), {"kent": frozenset({Role.LICENSING_OFFICER})}),
        Actor(ActorKind.AGENT, uuid4(), {"kent": frozenset({Role.NATIONAL_ADMIN, Role.FORCE_ADMIN})}),
        Actor(ActorKind.SIGNIN),
        SYSTEM,
    ]
    for stranger in strangers:
        with sessions() as session:
            act_as(session, stranger)
            with pytest.raises(NotFound):
                contacts.get(session, contact_id=receipt.contact_id)
            with pytest.raises(NotFound):
                drafts.open_draft(session, draft_id=draft_id, now=NOW)
            assert messages.list_thread(session, contact_id=receipt.contact_id) == []
            assert contacts.list_submissions(session, contact_id=receipt.contact_id) == []


def test_the_chain_holds_after_reports(fresh_database: MigratedDatabase, sessions: sessionmaker[Session]) -> None:
    """What intake writes verifies."""
    for _ in range(3):
        _submit(sessions, _draft(sessions))
    engine = make_engine(fresh_database.worker_url)
    with make_sessions(engine, SYSTEM)() as session:
        verdict = integrity.verify(session, key=KEYS.audit_key, signed=[])
    engine.dispose()
    assert verdict.faults == ()
    assert verdict.events >= 12

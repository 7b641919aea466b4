"""A report is followed by those who hold reference and words, and by nobody else (engineering 25, practice 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Actor, ActorKind
from contact.domain.errors import TooManyTries
from contact.services import drafts, intake, progress
from contact.services.keys import Keys
from contact.store.engine import act_as, make_engine, make_sessions
from tests.support.answers import complete
from tests.support.database import MigratedDatabase

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
KEYS = Keys(code_key=b"c" * 32, audit_key=b"a" * 32)


@pytest.fixture
def sessions(fresh_database: MigratedDatabase) -> Iterator[sessionmaker[Session]]:
    with psycopg.connect(fresh_database.superuser_url) as connection:
        connection.execute(
            "INSERT INTO forces (id, name, territorial, welsh, hours, nation)"
            " VALUES ('kent', 'Kent', true, false, '{}', 'england-and-wales')"
        )
    engine = make_engine(fresh_database.web_url)
    yield make_sessions(engine)
    engine.dispose()


@pytest.fixture
def receipt(sessions: sessionmaker[Session]) -> intake.Receipt:
    with sessions() as session:
        view = drafts.start(session, form_id="theft", force_id="kent", language="en", now=NOW)
        answers = complete(view.form, {}, now=NOW)
        drafts.save(session, draft_id=view.id, page_id="x", answers=answers, now=NOW)
        made = intake.submit(session, draft_id=view.id, keys=KEYS, now=NOW)
        session.commit()
    return made


def _prove(sessions: sessionmaker[Session], named: str, words: str, now: dt.datetime = NOW) -> progress.Proven | None:
    with sessions() as session:
        found = progress.prove(session, typed_reference=named, words=words, keys=KEYS, now=now)
        session.commit()
    return found


def test_reference_and_words_open_the_report(sessions: sessionmaker[Session], receipt: intake.Receipt) -> None:
    """However they are typed: lower case, spaces for dashes."""
    typed = receipt.reference.lower().replace("-", " ")
    found = _prove(sessions, typed, receipt.access_words.replace("-", "  ").upper())
    assert found == progress.Proven(receipt.contact_id, receipt.reference)


@pytest.mark.parametrize("named", ["", "abc", "K7R-D4M-X2P", "'; DROP TABLE contacts; --", "\x00" * 9])
def test_a_made_up_reference_opens_nothing(sessions: sessionmaker[Session], named: str) -> None:
    """The same answer as for wrong words."""
    assert _prove(sessions, named, "one two three four") is None


def test_ten_wrong_tries_close_a_reference_with_an_alarm(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session], receipt: intake.Receipt
) -> None:
    """Even the right words then wait for the hour to end; another reference is not touched by it."""
    for _ in range(10):
        assert _prove(sessions, receipt.reference, "wrong wrong wrong wrong") is None
    with pytest.raises(TooManyTries):
        _prove(sessions, receipt.reference, receipt.access_words)
    with psycopg.connect(fresh_database.superuser_url) as connection:
        assert connection.execute("SELECT kind, contact_id FROM alarms").fetchall() == [("reference_guessed", None)]
        kept = connection.execute("SELECT data::text FROM events WHERE name = 'code_refused'").fetchall()
    assert receipt.reference not in str(kept)
    assert _prove(sessions, receipt.reference, receipt.access_words, NOW + dt.timedelta(hours=1)) is not None


def test_stopping_access_ends_every_code_and_nothing_else(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session], receipt: intake.Receipt
) -> None:
    """The report stays open and unchanged; its words open nothing more (practice 5)."""
    with sessions() as session:
        act_as(session, Actor(ActorKind.CITIZEN, contact_id=receipt.contact_id))
        progress.stop_access(session, contact_id=receipt.contact_id, now=NOW)
        session.commit()
    assert _prove(sessions, receipt.reference, receipt.access_words) is None
    with psycopg.connect(fresh_database.superuser_url) as connection:
        assert connection.execute("SELECT state, closed_at FROM contacts").fetchall() == [("waiting", None)]


def test_a_sensitive_report_waits_for_its_safe_word(sessions: sessionmaker[Session]) -> None:
    """Where a word was agreed nothing but "we have your message" is told before it; typed loosely it still counts."""
    with sessions() as session:
        view = drafts.start(session, form_id="sexual-offence", force_id="kent", language="en", now=NOW)
        form = view.form
        question = next(each for each in form.questions if each.type.value == "safe_contact")
        safe = {"how": "email", "value": "sam@example.org", "when": "", "safe_word": "Blue  Kettle"}
        answers = complete(form, {question.id: safe}, now=NOW)
        drafts.save(session, draft_id=view.id, page_id="x", answers=answers, now=NOW)
        made = intake.submit(session, draft_id=view.id, keys=KEYS, now=NOW)
        session.commit()
        assert progress.read(session, contact_id=made.contact_id).waits_for_safe_word
        assert not progress.check_safe_word(session, contact_id=made.contact_id, word="red", keys=KEYS, now=NOW)
        assert progress.check_safe_word(session, contact_id=made.contact_id, word=" blue kettle ", keys=KEYS, now=NOW)
        told = progress.read(session, contact_id=made.contact_id, safe_word_given=True)
    assert not told.waits_for_safe_word


def test_tries_around_the_full_hour_count_together(sessions: sessionmaker[Session], receipt: intake.Receipt) -> None:
    """Closed for an hour means an hour, also when the tenth try comes a minute before the clock strikes."""
    before = dt.datetime(2026, 11, 21, 12, 59, 30, tzinfo=dt.UTC)
    for second in range(10):
        _prove(sessions, receipt.reference, "wrong words", before + dt.timedelta(seconds=second))
    for minutes in (1, 30, 58):
        with pytest.raises(TooManyTries) as closed:
            _prove(sessions, receipt.reference, receipt.access_words, before + dt.timedelta(minutes=minutes))
        assert closed.value.until == dt.datetime(2026, 11, 21, 13, 59, tzinfo=dt.UTC)
    assert _prove(sessions, receipt.reference, receipt.access_words, before + dt.timedelta(minutes=61))


def test_many_tries_at_once_are_no_more_than_ten(
    fresh_database: MigratedDatabase, sessions: sessionmaker[Session], receipt: intake.Receipt
) -> None:
    """A guesser with forty connections learns no more than one with a single one."""

    def guess(_: int) -> bool:
        try:
            _prove(sessions, receipt.reference, "wrong words")
        except TooManyTries:
            return False
        return True

    with ThreadPoolExecutor(40) as pool:
        answered = list(pool.map(guess, range(40)))
    assert answered.count(True) == 10
    with psycopg.connect(fresh_database.superuser_url) as connection:
        alarms = connection.execute("SELECT count(*) FROM alarms WHERE kind = 'reference_guessed'").fetchone()
    assert alarms == (1,)

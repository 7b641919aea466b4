"""Finding: any layout, own forces only, the definer function equal to the plain query for every role and force."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from contact.domain.access import Role
from contact.services import restriction
from contact.services import search as finding
from contact.services.search import Kind, Term
from contact.store import models, search
from tests.support.cases import NOW, Cases, Person
from tests.support.database import MigratedDatabase


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("07700 900123", Term(Kind.PHONE, "+447700900123")),
        ("(07700) 900-123", Term(Kind.PHONE, "+447700900123")),
        ("+44 7700 900 123", Term(Kind.PHONE, "+447700900123")),
        ("0044 7700 900123", Term(Kind.PHONE, "+447700900123")),
        (" Sam@Example.ORG ", Term(Kind.EMAIL, "Sam@example.org")),
        (" Sam@Example.ORG ", Term(Kind.EMAIL, "sam@example.org")),
        ("me14 1xx", Term(Kind.POSTCODE, "ME14 1XX")),
        ("ME141XX", Term(Kind.POSTCODE, "ME14 1XX")),
        ("Begum", Term(Kind.NAME, "Begum")),
        ("Amina Begum", Term(Kind.NAME, "Begum", "Amina")),
        ("Amina Begum", Term(Kind.NAME, "Amina", "Begum")),
        ("Begum, Amina", Term(Kind.NAME, "Begum", "Amina")),
        ("Ann van der Berg", Term(Kind.NAME, "van der Berg", "Ann")),
        ("O'Brien", Term(Kind.NAME, "O'Brien")),
        ("Siân Pryce-Jones", Term(Kind.NAME, "Pryce-Jones", "Siân")),
    ],
)
def test_any_layout_is_read(typed: str, expected: Term) -> None:
    assert expected in finding.read(typed)


@pytest.mark.parametrize("typed", ["", "   ", "\x00", "12", "@", "' OR 1=1 --", "%_%"])
def test_nonsense_finds_nothing_and_breaks_nothing(cases: Cases, typed: str) -> None:
    agent = cases.agent()
    with cases.acting(agent.actor) as session:
        assert finding.find(session, typed=typed, now=NOW).found == ()


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(typed: str) -> None:
    assert all(term.value for term in finding.read(typed))


def test_what_was_searched_for_is_nowhere(cases: Cases) -> None:
    """Practice 16: kinds and a count, never the term."""
    agent = cases.agent()
    cases.report()
    with cases.acting(agent.actor) as session:
        results = finding.find(session, typed="Example", now=NOW)
    assert len(results.found) >= 1
    with cases.system() as session:
        events = session.query(models.Event).filter_by(agent_id=agent.id, name="searched").all()
    assert [event.data["by"] for event in events] == [["name"]]
    assert "example" not in str([event.data for event in events]).lower()


@pytest.fixture(scope="module")
def world(database: MigratedDatabase) -> Iterator[tuple[Cases, list[Person]]]:
    """Contacts of two forces, some restricted, and an agent of every role in each."""
    cases = Cases(database)
    supervisor = cases.agent(Role.SUPERVISOR)
    people = [supervisor, *(cases.agent(role, force=force) for role in Role for force in (cases.north, cases.south))]
    people.append(cases.agent(Role.CALL_HANDLER, Role.FORCE_ADMIN))
    for number in range(8):
        report = cases.report(force=cases.north if number % 2 else cases.south)
        if number == 3:
            with cases.acting(supervisor.actor) as session:
                restriction.restrict(
                    session,
                    contact_id=report.contact_id,
                    actor=supervisor.actor,
                    why=restriction.Why.INFORMANT,
                    names=[],
                    now=NOW,
                )
    yield cases, people
    cases.dispose()


def find_plainly(session: Session, *, kind: str, value: str, second: str | None = None) -> list[UUID]:
    """The same search as one plain query under row-level security: slow, and the measure of `find`."""
    conditions = {
        "reference": models.Contact.reference == value,
        "phone": models.Reporter.phone_e164 == value,
        "email": models.Reporter.email == value,
        "postcode": sa.or_(models.Reporter.postcode == value, models.Contact.place_postcode == value),
        "name": sa.and_(
            sa.func.lower(models.Reporter.surname) == value.lower(),
            sa.true() if second is None else sa.func.lower(models.Reporter.given_name) == second.lower(),
        ),
    }
    query = (
        sa.select(models.Contact.id)
        .outerjoin(models.Reporter, models.Reporter.contact_id == models.Contact.id)
        .where(conditions[kind])
    )
    return list(session.scalars(query.order_by(models.Contact.received_at.desc(), models.Contact.id)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_scenario_22_the_function_finds_what_the_plain_query_finds(
    world: tuple[Cases, list[Person]], data: st.DataObject
) -> None:
    """Engineering 5, for each role and force; scenario 22: nothing of another force, not even a count."""
    cases, people = world
    person = data.draw(st.sampled_from(people))
    with cases.system() as session:
        # Of these forces alone and in order: what is drawn from must not change between two examples.
        ours = session.query(models.Contact).filter(models.Contact.force_id.in_((cases.north, cases.south)))
        everything = ours.order_by(models.Contact.id).all()
        named = session.query(models.Reporter).filter(models.Reporter.surname.is_not(None))
        named = named.filter(models.Reporter.contact_id.in_([each.id for each in everything]))
        reporters = named.order_by(models.Reporter.contact_id).all()
        references = [row.reference for row in everything]
        places = [row.place_postcode for row in everything if row.place_postcode]
    assert places, "the invented reports happen somewhere"
    terms: list[tuple[str, str, str | None]] = [("reference", reference, None) for reference in references]
    for each in reporters:
        surname = each.surname or ""
        terms += [("name", surname.upper(), None), ("name", surname, each.given_name)]
        terms += [("email", each.email, None)] if each.email else []
        terms += [("phone", each.phone_e164, None)] if each.phone_e164 else []
        terms += [("postcode", each.postcode, None)] if each.postcode else []
    terms += [("postcode", place, None) for place in places]
    kind, value, second = data.draw(st.sampled_from(terms))
    with cases.acting(person.actor) as session:
        found = search.find(session, kind=kind, value=value, second=second, limit=10_000)
        plain = find_plainly(session, kind=kind, value=value, second=second)
    assert [each.contact_id for each in found] == plain
    assert {each.force_id for each in found} <= set(person.actor.contact_forces)

"""The demonstration's people and reports; the reference list of forces is loaded in every mode. Safe to repeat."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from contact.demo import register
from contact.demo.licensing import seed_applications
from contact.demo.stories import Story, stories
from contact.domain.access import SYSTEM, Actor, ActorKind, Role
from contact.domain.demonstration import DEMO_PASSWORD
from contact.gateways import gazetteer
from contact.services import accounts, drafts, intake
from contact.services.keys import Keys
from contact.settings import Settings
from contact.store import agents, applications, forces, text_numbers
from contact.store.engine import make_engine, make_sessions

_BY_POST = frozenset({"cumbria", "gwent"})
_KENT, _ESSEX, _WALES = "kent", "essex", "north-wales"

PEOPLE: tuple[tuple[str, str, dict[str, frozenset[Role]]], ...] = (
    ("Alex Morgan", "alex@police.example", {_KENT: frozenset({Role.CALL_HANDLER})}),
    ("Priya Shah", "priya@police.example", {_KENT: frozenset({Role.SUPERVISOR})}),
    (
        "Sam Okafor",
        "sam@police.example",
        {_KENT: frozenset({Role.CALL_HANDLER}), _ESSEX: frozenset({Role.CALL_HANDLER})},
    ),
    ("Dilys Evans", "dilys@police.example", {_WALES: frozenset({Role.CALL_HANDLER, Role.SUPERVISOR})}),
    ("Jo Carter", "jo@police.example", {_KENT: frozenset({Role.LICENSING_OFFICER})}),
    (
        "Lee Finch",
        "lee@police.example",
        {_KENT: frozenset({Role.LICENSING_OFFICER}), _ESSEX: frozenset({Role.LICENSING_OFFICER})},
    ),
    ("Fran Webb", "fran@police.example", {_KENT: frozenset({Role.FINANCE_OFFICER})}),
    ("Toby Marsh", "toby@police.example", {_KENT: frozenset({Role.FINANCE_OFFICER})}),
    ("Chris Doyle", "chris@police.example", {_KENT: frozenset({Role.PROFESSIONAL_STANDARDS})}),
    ("Robin Hale", "robin@police.example", {_KENT: frozenset({Role.INTELLIGENCE_OFFICER})}),
    ("Morgan Lee", "morgan@police.example", {_KENT: frozenset({Role.FORCE_ADMIN})}),
    ("Noor Ali", "noor@police.example", {_KENT: frozenset({Role.NATIONAL_ADMIN})}),
)
"""Invented agents, one for each thing that somebody may want to see; two where two must agree."""

_ALARM_NUMBERS = {
    _KENT: (("Duty inspector", "+447700900201"), ("Control room desk", "+441632960202")),
    _ESSEX: (("Duty inspector", "+447700900203"),),
    _WALES: (("Duty inspector", "+447700900204"),),
}

_ELSEWHERE = (("Duty inspector", "+447700900205"), ("Control room desk", "+441632960206"))
"""An emergency rings wherever it is sent to."""


def seed(settings: Settings) -> list[str]:
    """Load what is missing; answers with the lines that tell how to sign in, in the demonstration only."""
    worker = make_engine(settings.database_worker_url, pool_size=1)
    web = make_engine(settings.database_url, pool_size=1)
    try:
        with make_sessions(worker, SYSTEM)() as session:
            forces.load_reference(session, forces=gazetteer.reference_forces())
            session.commit()
            if not settings.demo:
                return []
            _approve_online_forms(session)
            session.commit()
            if not text_numbers.list_numbers(session):
                _numbers(session)
                session.commit()
            if agents.find_by_email(session, email=PEOPLE[0][1]) is None:
                _people(session, settings)
                register.fill(session, force_id=_KENT, now=dt.datetime.now(dt.UTC))
                session.commit()
                _reports(web, settings)
                _applications(session, web, settings)
    finally:
        worker.dispose()
        web.dispose()
    return [
        "Sign in as alex@police.example (call handler), priya@police.example (supervisor), jo@police.example and",
        "lee@police.example (firearms licensing), fran@police.example (finance) or anybody else",
        f"named on the sign-in page, with the password: {DEMO_PASSWORD}",
        "The sign-in page also shows each person's six-digit code.",
    ]


def _approve_online_forms(session: Session) -> None:
    """All forces but these take an application online, so that both ways can be looked at (practice 24)."""
    today = dt.datetime.now(dt.UTC).date()
    for force in forces.list_all(session):
        if force.id not in _BY_POST and applications.find_settings(session, force_id=force.id) is None:
            settings = applications.settings_of(session, force_id=force.id)
            settings.approval_instrument = "Invented for the demonstration"
            settings.approval_reference, settings.approval_date, settings.approved_by = "DEMO", today, "Nobody"
            session.add(settings)


def _people(session: Session, settings: Settings) -> None:
    now = dt.datetime.now(dt.UTC)
    for name, email, roles in PEOPLE:
        accounts.create_ready_agent(
            session,
            name=name,
            email=email,
            force_roles=roles,
            password=DEMO_PASSWORD,
            key=settings.audit_key,
            now=now,
        )
    for force in forces.list_all(session):
        forces.set_alarm_numbers(session, force_id=force.id, numbers=_ALARM_NUMBERS.get(force.id, _ELSEWHERE))


def _numbers(session: Session) -> None:
    """A number to text for each force: Ofcom keeps these for drama."""
    for place, force in enumerate(sorted(forces.list_all(session), key=lambda one: one.id)):
        number = f"+441632960{500 + place}"
        text_numbers.set_number(session, number=number, force_id=force.id, messaging_service_sid=None)


def _reports(web: Engine, settings: Settings) -> None:
    """Each report takes the very road that a citizen's takes, as contact_web."""
    now = dt.datetime.now(dt.UTC)
    for story in stories(now):
        _report(web, settings, story, now - dt.timedelta(minutes=story.minutes_ago))


def _applications(session: Session, web: Engine, settings: Settings) -> None:
    """Two officers, since one recommends and the other decides."""
    held = {email: roles for _name, email, roles in PEOPLE}

    def officer(email: str) -> Actor:
        found = agents.find_by_email(session, email=email)
        assert found is not None  # noqa: S101 - one of the people above
        return Actor(ActorKind.AGENT, agent_id=found.id, force_roles=held[email])

    jo, lee = officer("jo@police.example"), officer("lee@police.example")
    seed_applications(web, settings, officers={_KENT: jo, _ESSEX: lee}, decider=lee)


def _report(web: Engine, settings: Settings, story: Story, at: dt.datetime) -> None:
    with make_sessions(web)() as session:
        draft = drafts.start(session, form_id=story.form_id, force_id=story.force_id, language="en", now=at)
        drafts.save(session, draft_id=draft.id, page_id=draft.form.first_page().id, answers=dict(story.answers), now=at)
        intake.submit(session, draft_id=draft.id, keys=Keys.from_settings(settings), now=at)
        session.commit()

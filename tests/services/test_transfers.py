"""A transfer stays on the sender's clock until the receiver accepts; danger stands in both queues (practice 3)."""

from __future__ import annotations

import datetime as dt

import pytest

from contact.domain.access import Role
from contact.domain.errors import Forbidden, NotFound, NotYours, TransferRefused
from contact.domain.taxonomy import Category, Grade
from contact.services import decisions, handing_over, restriction, transfers
from contact.services.intake import Receipt
from contact.store import contacts, conversations, models, triage
from tests.services.test_chat import SOON, Talk, answer
from tests.support.cases import NOW, Cases, Person

LATER = NOW + dt.timedelta(seconds=10)


def _offered(cases: Cases, *, emergency: bool = False) -> tuple[Person, Person, Receipt]:
    sender, receiver = cases.agent(name="Sender"), cases.agent(force=cases.south, name="Receiver")
    report = cases.emergency() if emergency else cases.report()
    cases.claim(sender, report.contact_id)
    with cases.acting(sender.actor) as session:
        transfers.offer(
            session,
            contact_id=report.contact_id,
            agent_id=sender.id,
            to_force_id=cases.south,
            why=transfers.Why.THEIR_GROUND,
            now=LATER,
        )
    return sender, receiver, report


@pytest.mark.parametrize("emergency", [False, True])
def test_an_offer_stands_in_both_queues_on_the_senders_clock(cases: Cases, emergency: bool) -> None:
    sender, receiver, report = _offered(cases, emergency=emergency)
    ours, theirs = cases.entry(report.contact_id), cases.entry(report.contact_id, cases.south)
    assert (ours.state, ours.holder_id, theirs.state) == ("held", sender.id, "waiting")
    assert (theirs.band, theirs.look_by) == (ours.band, ours.look_by)
    assert cases.contact(report.contact_id).force_id == cases.north
    assert cases.events(report.contact_id).count("transfer_asked") == 2
    with cases.acting(receiver.actor) as session:
        assert contacts.get(session, contact_id=report.contact_id)


def test_accepting_closes_the_senders_entry(cases: Cases) -> None:
    _sender, receiver, report = _offered(cases)
    with cases.acting(receiver.actor) as session:
        transfers.accept(
            session, contact_id=report.contact_id, actor=receiver.actor, to_force_id=cases.south, now=LATER
        )
    ours, theirs = cases.entry(report.contact_id), cases.entry(report.contact_id, cases.south)
    contact = cases.contact(report.contact_id)
    assert (ours.state, theirs.state, contact.force_id, contact.holder_id) == ("closed", "waiting", cases.south, None)
    assert cases.events(report.contact_id).count("transfer_accepted") == 2
    cases.claim(receiver, report.contact_id, now=LATER)


def test_claiming_accepts(cases: Cases) -> None:
    _sender, receiver, report = _offered(cases)
    cases.claim(receiver, report.contact_id, now=LATER)
    contact = cases.contact(report.contact_id)
    assert (contact.force_id, contact.holder_id) == (cases.south, receiver.id)
    assert cases.entry(report.contact_id).state == "closed"


def test_refusing_leaves_it_with_the_sender_who_may_ask_again(cases: Cases) -> None:
    sender, receiver, report = _offered(cases)
    with cases.acting(receiver.actor) as session:
        transfers.refuse(
            session,
            contact_id=report.contact_id,
            actor=receiver.actor,
            to_force_id=cases.south,
            why="not_ours",
            now=LATER,
        )
    assert cases.entry(report.contact_id).holder_id == sender.id
    assert cases.entry(report.contact_id, cases.south).state == "closed"
    assert cases.events(report.contact_id).count("transfer_refused") == 2
    with pytest.raises(NotFound), cases.acting(receiver.actor) as session:
        contacts.get(session, contact_id=report.contact_id)
    with cases.acting(sender.actor) as session:
        transfers.offer(
            session,
            contact_id=report.contact_id,
            agent_id=sender.id,
            to_force_id=cases.south,
            why=transfers.Why.NEAREST_UNIT,
            now=LATER,
        )
    assert cases.entry(report.contact_id, cases.south).state == "waiting"


def test_an_offer_made_again_is_as_restricted_as_the_contact(cases: Cases) -> None:
    """Practice 8: it was refused, restricted, and offered again; the other force's queue shows no row of it."""
    sender, receiver, report = _offered(cases)
    with cases.acting(receiver.actor) as session:
        transfers.refuse(
            session,
            contact_id=report.contact_id,
            actor=receiver.actor,
            to_force_id=cases.south,
            why="not_ours",
            now=LATER,
        )
    supervisor = cases.agent(Role.SUPERVISOR)
    with cases.acting(supervisor.actor) as session:
        why = restriction.Why.INVOLVES_STAFF
        restriction.restrict(
            session, contact_id=report.contact_id, actor=supervisor.actor, why=why, names=[sender.id], now=LATER
        )
    assert cases.entry(report.contact_id, cases.south).restricted
    with cases.system.begin() as session:
        session.query(models.QueueEntry).filter_by(contact_id=report.contact_id).update({"restricted": False})
        session.query(models.QueueEntry).filter_by(force_id=cases.north).update({"restricted": True})
    with cases.acting(sender.actor) as session:
        transfers.offer(
            session,
            contact_id=report.contact_id,
            agent_id=sender.id,
            to_force_id=cases.south,
            why=transfers.Why.INDEPENDENCE,
            now=LATER,
        )
    with cases.acting(receiver.actor) as session:
        assert triage.list_entries(session, contact_id=report.contact_id) == []


def test_what_cannot_be_offered(cases: Cases) -> None:
    sender, _receiver, report = _offered(cases)
    for force, reason in ((cases.north, "same_force"), (cases.south, "already_asked"), ("nowhere", "unknown_force")):
        with pytest.raises(TransferRefused) as refused, cases.acting(sender.actor) as session:
            transfers.offer(
                session,
                contact_id=report.contact_id,
                agent_id=sender.id,
                to_force_id=force,
                why=transfers.Why.THEIR_CASE,
                now=LATER,
            )
        assert refused.value.reason == reason


def test_strangers_neither_offer_nor_accept(cases: Cases) -> None:
    sender, receiver, report = _offered(cases)
    other = cases.agent()
    with pytest.raises(NotYours), cases.acting(other.actor) as session:
        transfers.offer(
            session,
            contact_id=report.contact_id,
            agent_id=other.id,
            to_force_id=cases.south,
            why=transfers.Why.THEIR_CASE,
            now=LATER,
        )
    with pytest.raises(Forbidden), cases.acting(sender.actor) as session:
        transfers.accept(session, contact_id=report.contact_id, actor=sender.actor, to_force_id=cases.south, now=LATER)
    fresh = cases.report()
    with pytest.raises(NotFound), cases.acting(receiver.actor) as session:
        transfers.accept(session, contact_id=fresh.contact_id, actor=receiver.actor, to_force_id=cases.south, now=LATER)


def test_a_new_grade_reaches_both_queues(cases: Cases) -> None:
    sender, _receiver, report = _offered(cases)
    choice = decisions.Choice(Category.ASSAULT, Grade.EMERGENCY, None, (), "He is back")
    with cases.acting(sender.actor) as session:
        decisions.decide(session, contact_id=report.contact_id, agent_id=sender.id, choice=choice, now=LATER)
    theirs = cases.entry(report.contact_id, cases.south)
    assert (theirs.band, theirs.grade, theirs.category) == (0, "emergency", "assault")
    assert len(cases.rows(models.QueueEntry, report.contact_id)) == 2


def test_accepting_ends_the_assistant_s_part(cases: Cases) -> None:
    """Scenario 12: the sender had asked it back; what it is computing now is dropped."""
    sender, receiver = cases.agent(name="Sender"), cases.agent(force=cases.south, name="Receiver")
    talk = Talk(cases, "someone took my bike")
    cases.claim(sender, talk.id, now=SOON)
    with cases.acting(sender.actor) as session:
        handing_over.ask_back(session, contact_id=talk.id, agent_id=sender.id, now=SOON)
    talk.say("it was outside the library")
    turn = talk.begin_turn()
    with cases.acting(sender.actor) as session:
        why = transfers.Why.THEIR_GROUND
        transfers.offer(session, contact_id=talk.id, agent_id=sender.id, to_force_id=cases.south, why=why, now=SOON)
    with cases.acting(receiver.actor) as session:
        transfers.accept(session, contact_id=talk.id, actor=receiver.actor, to_force_id=cases.south, now=SOON)
    with cases.system.begin() as session:
        found = conversations.find(session, contact_id=talk.id)
        assert found is not None
        assert not found.bot
    assert talk.end_turn(turn, answer()) == "dropped"
    contact = cases.contact(talk.id)
    assert (contact.state, contact.force_id) == ("waiting", cases.south)
    assert cases.entry(talk.id, cases.south).state == "waiting"

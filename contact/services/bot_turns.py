"""One turn of the bot: begun and ended under the contact's lock, asked for with no lock and no connection between.

A turn deals with everything the person has said since the last one. It may be killed at any moment: a turn that began
and never ended is begun again after `LEASE`, under the same message id, which the chatbot answers the same again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain import queueing
from contact.domain.bot_turn import BotTurn, HandOver, earlier_words
from contact.domain.clocks import is_staffed
from contact.domain.events import Event
from contact.domain.fixed_texts import FixedText, fixed_text
from contact.domain.jobs import JobName
from contact.domain.proposal import VERSION as RULES
from contact.domain.reading import Reading, combine, read, read_away, unsure_of_welsh
from contact.domain.screen import screen
from contact.domain.states import ContactState
from contact.domain.taxonomy import Flag, Grade, graver, in_order, is_sensitive
from contact.services import force_clocks, form_from_chat, handing_over, restriction, speaking, text_link
from contact.services.arrival import LOW_CONFIDENCE
from contact.store import applications, audit, contacts, conversations, forces, outbox, triage
from contact.store.contacts import Contact
from contact.store.conversations import Conversation

LEASE = dt.timedelta(seconds=15)
"""Longer than the outside is given (8 s), so that two turns of one conversation never overlap."""
PATIENCE = dt.timedelta(minutes=10)
"""A person who says nothing for this long is handed over: silence may be danger, and later somebody else may hold the
phone (practice 4)."""
OWED = dt.timedelta(seconds=12)
"""An answer that is owed for this long is not coming: worker or chatbot is away (scenario 13)."""
MOST_TURNS = 12
LONGEST_ASKED = 4_000


@dataclass(frozen=True, slots=True)
class Turn:
    """What the chatbot is asked, and what must still be so when it has answered."""

    contact_id: UUID
    epoch: int
    message_id: UUID
    position: int
    text: str
    metadata: Mapping[str, Any]

    @property
    def begins(self) -> bool:
        """Whether nothing was said before it: a bot that was asked back begins anew, and yet hears replies."""
        return bool(self.metadata.get("first")) and not self.metadata.get("earlier")


def begin(session: Session, *, contact_id: UUID, now: dt.datetime) -> Turn | None:
    """Begin the turn that is due; None where none is, or where one is running that will see to the rest."""
    contact = contacts.find_locked(session, contact_id=contact_id)
    if contact is None or contact.state != ContactState.WITH_BOT:
        return None
    talk = conversations.find(session, contact_id=contact_id, lock=True)
    if talk is None or not talk.bot:
        return None
    said = conversations.list_unanswered(session, contact_id=contact_id, after=talk.answered_position)
    if not said or (talk.turn_began_at is not None and now - talk.turn_began_at < LEASE):
        return None
    if talk.turns >= MOST_TURNS:
        handing_over.hand_over(session, contact=contact, conversation=talk, why=HandOver.TOO_LONG, now=now)
        return None
    talk.turn_began_at = now
    session.flush()
    force = forces.get(session, force_id=contact.force_id)
    staffed = is_staffed(now, hours=force.hours, holidays=force_clocks.bank_holidays(force.nation))
    last = said[-1]
    earlier = conversations.list_answered(session, contact_id=contact_id, until=talk.answered_position)
    return Turn(
        contact_id=contact_id,
        epoch=talk.epoch,
        message_id=last.id,
        position=last.position,
        text="\n".join(each.body for each in said)[:LONGEST_ASKED],
        metadata={
            "message_id": str(last.id),
            "channel": talk.channel,
            "language": contact.language,
            "first": talk.turns == 0,
            "earlier": earlier_words(earlier),
            "staffed": staffed,
            "nation": force.nation,
            "firearms_online": applications.settings_of(session, force_id=force.id).approval_date is not None,
            "safe_contact_known": bool(contact.safe_contact.get("value")),
            "known": {"reference_proven": False},
        },
    )


def end(session: Session, *, turn: Turn, answer: BotTurn, took_ms: int, now: dt.datetime) -> str:
    """Take the answer over: what it says, what it found, and whether a person goes on. Answers what came of it.

    `dropped` where somebody took over meanwhile: the bot's words are then nowhere to be seen (scenario 12).
    """
    contact = contacts.find_locked(session, contact_id=turn.contact_id)
    talk = conversations.find(session, contact_id=turn.contact_id, lock=True) if contact else None
    if contact is None or talk is None:
        return "erased"
    if contact.state != ContactState.WITH_BOT or not talk.bot or talk.epoch != turn.epoch or _is_late(talk, turn):
        _record(session, contact, turn, "dropped", took_ms, answer.triage.version, now)
        return "dropped"
    talk.turn_began_at, talk.answered_position, talk.turns = None, turn.position, talk.turns + 1
    conversations.add_facts(session, contact_id=contact.id, message_id=turn.message_id, facts=answer.facts, now=now)
    # Later ones are answers: the bot reads them with what was said before.
    reading = read(turn.text, answer.triage) if turn.begins else combine(screen(turn.text), answer.triage)
    if turn.metadata.get("language") == "cy":
        reading = unsure_of_welsh(reading)
    told_apart = is_sensitive(answer.triage.category, answer.triage.flags)
    _take_over(session, contact, talk, reading, summary=answer.summary, now=now, told_apart=told_apart)
    urgent = Grade(contact.grade) in (Grade.EMERGENCY, Grade.PRIORITY)
    said = _said(contact, reading, answer)
    offered = None if urgent or answer.form == talk.offered_form else answer.form
    carried = offered is not None and form_from_chat.carries(offered, force_id=contact.force_id)
    if said and carried and text_link.suits(contact, talk, now=now):
        said = (*said, fixed_text(FixedText.SMS_FORM, contact.language))
    # Two texts may overtake each other on their way: what is said in one breath leaves as one.
    for words in ("\n".join(said),) if said and talk.channel == "sms" else said:
        speaking.speak(session, contact=contact, conversation=talk, body=words, now=now)
    talk.asked = answer.asks if said else None
    talk.offered_form = None if urgent else answer.form or talk.offered_form  # then a person, never a form
    _record(session, contact, turn, "answered", took_ms, answer.triage.version, now)
    why = _why(contact, reading, answer, urgent=urgent)
    if why is not None:
        handing_over.hand_over(session, contact=contact, conversation=talk, why=why, now=now, by="bot")
        return "handed_over"
    if conversations.list_unanswered(session, contact_id=contact.id, after=talk.answered_position):
        outbox.defer(session, JobName.TAKE_BOT_TURN, contact_id=contact.id)
    return "answered"


def fail(session: Session, *, turn: Turn, code: str, took_ms: int, now: dt.datetime) -> None:
    """The chatbot did not answer, or not sensibly: a person goes on, and the citizen is told so within ten seconds."""
    contact = contacts.find_locked(session, contact_id=turn.contact_id)
    talk = conversations.find(session, contact_id=turn.contact_id, lock=True) if contact else None
    if contact is None or talk is None:
        return
    if contact.state == ContactState.WITH_BOT and talk.epoch == turn.epoch and not _is_late(talk, turn):
        if turn.begins:  # nobody has read it yet: what all the words suggest is better than nothing
            _take_over(session, contact, talk, read_away(turn.text), summary="", now=now)
        # In a sensitive matter nobody is told a waiting time (practice 4).
        why = HandOver.SENSITIVE if contact.sensitive else HandOver.BOT_AWAY
        handing_over.hand_over(session, contact=contact, conversation=talk, why=why, now=now)
    _record(session, contact, turn, "failed", took_ms, code, now)


def _is_late(talk: Conversation, turn: Turn) -> bool:
    """Whether another turn has answered it: its worker was thought dead, and was only slow."""
    return talk.answered_position >= turn.position


def hand_over_overdue(session: Session, *, now: dt.datetime, limit: int = 50) -> int:
    """Put before people what the bot owes an answer, and whom it waits for in vain; answers how many."""
    found = conversations.list_overdue(session, silent_since=now - PATIENCE, unanswered_since=now - OWED, limit=limit)
    done = 0
    for contact_id, owed in found:
        contact = contacts.find_locked(session, contact_id=contact_id)
        talk = conversations.find(session, contact_id=contact_id, lock=True)
        if contact is None or talk is None or not talk.bot:
            continue
        if owed and talk.turn_began_at is not None and now - talk.turn_began_at < LEASE:
            continue
        if owed and not conversations.list_unanswered(session, contact_id=contact_id, after=talk.answered_position):
            continue  # it was answered while we waited for the contact
        why = HandOver.BOT_AWAY if owed else HandOver.SILENCE
        handing_over.hand_over(session, contact=contact, conversation=talk, why=why, now=now)
        done += 1
    return done


def _said(contact: Contact, reading: Reading, answer: BotTurn) -> tuple[str, ...]:
    """What the bot says; into an emergency nothing of its own, only the fixed words stand there (practice 4).

    Nor where the platform finds sensitive what the bot took for an ordinary matter: no question about it is asked.
    """
    if Grade.EMERGENCY in (Grade(contact.grade), reading.grade):
        return ()
    return () if contact.sensitive and answer.hand_over is not HandOver.SENSITIVE else answer.say


def _why(contact: Contact, reading: Reading, answer: BotTurn, *, urgent: bool) -> HandOver | None:
    """Whether a person goes on: the bot says so, or the matter does, whatever the bot says."""
    if Grade.EMERGENCY in (Grade(contact.grade), reading.grade):
        return HandOver.EMERGENCY
    if contact.sensitive:
        return HandOver.SENSITIVE
    return answer.hand_over or (HandOver.URGENT if urgent else None)


def _take_over(
    session: Session,
    contact: Contact,
    talk: Conversation,
    reading: Reading,
    *,
    summary: str,
    now: dt.datetime,
    told_apart: bool = False,
) -> None:
    """The reading becomes the proposal: it raises what was known and never lowers it, but replaces a mere guess.

    `told_apart`: the bot speaks to it as a sensitive matter, which it stays whatever the words weigh beside that.
    What a person has decided stays so; danger that is heard only now is told all the same, and who holds it goes on.
    """
    known = triage.list_proposals(session, contact_id=contact.id)
    grade = _grade(contact, reading, first=not any(each.data_version for each in known))
    flags = in_order([*map(Flag, contact.flags), *reading.flags])
    _propose(session, contact, reading, grade=grade, flags=flags, summary=summary, now=now)
    if reading.advise_999:
        speaking.advise_999(session, contact=contact, conversation=talk, flags=flags, now=now)
    if triage.list_decisions(session, contact_id=contact.id):
        return  # a person has decided; the proposal stands beside it
    raised = graver(grade, Grade(contact.grade)) is not Grade(contact.grade)
    contact.category, contact.grade = reading.category.value, grade.value
    contact.flags = [flag.value for flag in flags]
    contact.sensitive = contact.sensitive or told_apart or is_sensitive(reading.category, reading.flags)
    _carry_to_entries(session, contact, sure=reading.confidence >= LOW_CONFIDENCE, raised=raised, now=now)
    restriction.by_words(session, contact=contact, now=now)


def _propose(
    session: Session,
    contact: Contact,
    reading: Reading,
    *,
    grade: Grade,
    flags: tuple[Flag, ...],
    summary: str,
    now: dt.datetime,
) -> None:
    proposal_id = conversations.add_proposal(
        session,
        contact_id=contact.id,
        category=reading.category.value,
        grade=grade.value,
        advise_999=reading.advise_999,
        flags=[flag.value for flag in flags],
        reasons=[reason.to_json() for reason in reading.reasons],
        confidence=reading.confidence,
        version=reading.version,
        data_version=reading.data_version,
        summary=summary or None,
        now=now,
    )
    audit.record(
        session,
        Event.PROPOSED,
        force_id=contact.force_id,
        contact_id=contact.id,
        at=now,
        proposal_id=proposal_id,
        version=reading.version,
        advise_999=reading.advise_999,
        flags=list(flags),
        reasons=[reason.code for reason in reading.reasons],
        confidence=reading.confidence,
        category=reading.category,
        grade=grade,
    )


def _grade(contact: Contact, reading: Reading, *, first: bool) -> Grade:
    """The first reading takes the place of a guess; what was heard to be urgent stays urgent all the same."""
    present = Grade(contact.grade)
    guess = first and present in (Grade.STANDARD, Grade.ENQUIRY)
    return reading.grade if guess else graver(present, reading.grade)


def _carry_to_entries(session: Session, contact: Contact, *, sure: bool, raised: bool, now: dt.datetime) -> None:
    for entry in triage.list_entries(session, contact_id=contact.id, lock=True):
        entry.category, entry.grade, entry.flags = contact.category, contact.grade, list(contact.flags)
        entry.band = int(queueing.band(Grade(contact.grade)))
        due = force_clocks.due(
            session, force_id=entry.force_id, grade=Grade(contact.grade), started_at=contact.received_at,
            attention=force_clocks.attention(contact.flags, sensitive=contact.sensitive, sure=sure),
        )  # fmt: skip
        if raised or entry.looked_at is None:
            entry.look_by = min(entry.look_by, due.look_by) if raised else due.look_by
            entry.answer_by = min(entry.answer_by, due.answer_by) if raised else due.answer_by
        force_clocks.set_due(session, entry, policy=due.policy_id, reasons=["triaged"], now=now)
    session.flush()


def _record(
    session: Session, contact: Contact, turn: Turn, outcome: str, took_ms: int, version: str, now: dt.datetime
) -> None:
    audit.record(
        session, Event.BOT_TURN, force_id=contact.force_id, contact_id=contact.id, at=now,
        message_id=turn.message_id, outcome=outcome, took_ms=took_ms, version=version or RULES,
    )  # fmt: skip

"""Everything a handler sees of one contact, read in one go; nothing here changes anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from contact.domain import by_rule
from contact.domain.recording import Owed
from contact.domain.states import EntryState
from contact.services import conversations, drafts, holding, records, texting
from contact.services.conversations import Line
from contact.services.licensing import holders
from contact.services.texting import TextView
from contact.store import audit, contacts, forces, links, reply_drafts, triage
from contact.store import conversations as talks
from contact.store.certificates import Match
from contact.store.contacts import Contact, Reporter
from contact.store.conversations import ContactFact, Conversation
from contact.store.identifiers import new_id
from contact.store.links import Linked
from contact.store.triage import Crime, Decision, IncidentLog, Proposal, QueueEntry, Transfer
from forms.parts import IN_ROWS
from forms.source import source_questions


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent, in the form's own order, read with the version it was written for."""

    form: forms.Form
    answers: Mapping[str, Any]
    received_at: dt.datetime
    language: str

    @property
    def title(self) -> str:
        """The form's title, in English for the handler."""
        return self.form.title.in_("en")

    @property
    def sections(self) -> Sequence[forms.SummarySection]:
        """What was answered, section by section; who told us stands apart where the form keeps it so (practice 17)."""
        apart = {question.id for question in source_questions(self.form)}
        found = self.form.summary(self.answers, "en", self.received_at)
        if not apart:
            return found
        left = [
            forms.SummarySection(each.id, each.title, tuple(row for row in each.rows if row.question_id not in apart))
            for each in found
        ]
        return [each for each in left if each.rows]

    @property
    def own_words(self) -> str:
        """The person's account as they wrote it, line breaks and all."""
        return str(self.form.by_role(forms.Role.ACCOUNT, self.answers, self.received_at) or "")

    @property
    def account_ids(self) -> frozenset[str]:
        """The questions whose answer is that account."""
        return frozenset(question.id for question in self.form.questions if question.role is forms.Role.ACCOUNT)

    @property
    def listed_ids(self) -> frozenset[str]:
        """The questions answered by rows or by several choices: each line of their words is one of them."""
        several = IN_ROWS | {forms.QuestionType.CHOICES}
        return frozenset(question.id for question in self.form.questions if question.type in several)

    @property
    def unanswered(self) -> list[str]:
        """The questions that were asked and left, in the form's order."""
        return [row.label for section in self.sections for row in section.rows if not (row.answered or row.files)]

    def value_of(self, role: forms.Role) -> str:
        """The answers with this meaning in words, or nothing."""
        counting = self.form.submitted(self.answers, self.received_at)
        found = [
            forms.worded(question, counting[question.id])
            for question in self.form.questions
            if question.role is role and counting.get(question.id)
        ]
        return "; ".join(" ".join(each.split()) for each in found)


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the contact's log."""

    name: str
    at: dt.datetime
    agent_id: UUID | None
    actor_kind: str
    force_id: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ContactView:
    """One contact as its page shows it. `mine`: the entry the agent works it from, if any; `names` of agents by id.

    `talk`, `facts`, `texts`: of a contact that is talked about by chat or text. `holders`: certificates that its people
    and places point to (practice 9). `linked`: other contacts of the same person (practice 15).
    """

    contact: Contact
    force_names: Mapping[str, str]
    reporter: Reporter | None
    sent: tuple[Sent, ...]
    thread: tuple[Line, ...]
    entries: tuple[QueueEntry, ...]
    mine: QueueEntry | None
    proposals: tuple[Proposal, ...]
    decisions: tuple[Decision, ...]
    logs: tuple[IncidentLog, ...]
    crimes: tuple[Crime, ...]
    transfers: tuple[Transfer, ...]
    seen: tuple[tuple[str, int, int, int], ...]
    named: tuple[tuple[UUID, str], ...]
    owed: tuple[Owed, ...]
    history: tuple[Happened, ...]
    names: Mapping[UUID, str]
    draft: str
    talk: Conversation | None = None
    facts: tuple[ContactFact, ...] = ()
    texts: tuple[TextView, ...] = ()
    opted_out: bool = False
    holders: tuple[Match, ...] = ()
    linked: tuple[Linked, ...] = ()

    @property
    def betraying(self) -> tuple[Linked, ...]:
        """Other contacts of the person that a word typed here must not give away: open or sensitive (practice 15)."""
        return tuple(each for each in self.linked if each.open or each.sensitive)

    @property
    def read_by_model(self) -> bool:
        """Whether a model has read what was said; else rules alone draw the summary and the facts."""
        return any(each.data_version for each in self.proposals)

    @property
    def entry(self) -> QueueEntry | None:
        """The entry whose clocks the page shows: the one held, else the owner's, else any."""
        owners = [each for each in self.entries if each.force_id == self.contact.force_id]
        return self.mine or next(iter([*owners, *self.entries]), None)

    @property
    def holder(self) -> str | None:
        """Who has it, by name."""
        return self.names.get(self.contact.holder_id) if self.contact.holder_id else None

    @property
    def proposal(self) -> Proposal | None:
        """The machine's last proposal."""
        return self.proposals[-1] if self.proposals else None

    @property
    def decision(self) -> Decision | None:
        """The decision that stands."""
        return self.decisions[-1] if self.decisions else None

    @property
    def offered_to(self) -> tuple[Transfer, ...]:
        """Transfers nobody has accepted yet."""
        return tuple(each for each in self.transfers if each.accepted_at is None)


def load(session: Session, *, contact_id: UUID, agent_id: UUID, now: dt.datetime) -> ContactView:
    """Read the contact and all that hangs on it, as far as this actor may see. Raises NotFound."""
    contact = contacts.get(session, contact_id=contact_id)
    entries = triage.list_entries(session, contact_id=contact_id)
    thread = conversations.list_thread(session, contact_id=contact_id)
    decided = triage.list_decisions(session, contact_id=contact_id)
    logs = triage.list_incident_logs(session, contact_id=contact_id)
    crimes = triage.list_crimes(session, contact_id=contact_id)
    transfers = triage.list_transfers(session, contact_id=contact_id)
    history = _history(session, contact_id)
    people: set[UUID | None] = {each.agent_id for each in history}
    people |= {each.agent_id for each in decided} | {each.agent_id for each in logs}
    people |= {each.agent_id for each in crimes}
    talk = talks.find(session, contact_id=contact_id)
    people |= {contact.holder_id} | {each.holder_id for each in entries}
    view = ContactView(
        contact=contact,
        force_names={each.id: each.name for each in forces.list_all(session)},
        reporter=contacts.find_reporter(session, contact_id=contact_id),
        sent=tuple(sent_forms(session, contact)),
        thread=tuple(thread),
        entries=tuple(entries),
        mine=_held_by(entries, agent_id, now),
        proposals=tuple(triage.list_proposals(session, contact_id=contact_id)),
        decisions=tuple(decided),
        logs=tuple(logs),
        crimes=tuple(crimes),
        transfers=tuple(transfers),
        seen=tuple(triage.seen_before(session, contact_id=contact_id)),
        named=tuple(triage.list_named(session, contact_id=contact_id)) if contact.restricted else (),
        owed=records.owed(
            contact,
            entries=entries,
            crimes=crimes,
            logs=logs,
            decided=bool(decided),
            since=holding.began_at(contact, history),
        ),
        history=tuple(history),
        names=triage.names_of(session, agent_ids={each for each in people if each is not None}),
        draft=reply_drafts.find_body(session, agent_id=agent_id, contact_id=contact_id),
        talk=talk,
        facts=tuple(talks.list_facts(session, contact_id=contact_id)) if talk else (),
        linked=() if contact.source_apart else tuple(links.list_linked(session, contact_id=contact_id)),
        texts=tuple(texting.list_texts(session, contact_id=contact_id)) if talk else (),
        opted_out=talk is not None and texting.is_opted_out(session, contact_id=contact_id),
    )
    if talk is not None and not view.read_by_model:
        view = replace(view, facts=(*_facts_by_rule(view), *view.facts))
    return replace(view, holders=holders.match(session, view))


def _history(session: Session, contact_id: UUID) -> list[Happened]:
    return [
        Happened(each.name, each.at, each.agent_id, each.actor_kind, each.force_id, each.data)
        for each in audit.list_for_contact(session, contact_id=contact_id)
    ]


def _facts_by_rule(view: ContactView) -> list[ContactFact]:
    """What has a form of its own in the person's words, where no model was asked: down, silent, or never there."""
    return [
        ContactFact(
            id=new_id(), contact_id=view.contact.id, message_id=line.id, kind=fact.kind, value=fact.value,
            words=fact.words, starts=fact.start, ends=fact.end, at=line.at,
        )
        for line in view.thread if line.kind == "inbound" for fact in by_rule.facts_in(line.body)
    ]  # fmt: skip


def sent_forms(session: Session, contact: Contact) -> list[Sent]:
    """The forms that were sent with a contact, oldest first."""
    return [
        Sent(
            form=drafts.form_version(session, sha256=each.form_sha256),
            answers=each.answers,
            received_at=each.received_at,
            language=contact.language,
        )
        for each in contacts.list_submissions(session, contact_id=contact.id)
    ]


def _held_by(entries: Sequence[QueueEntry], agent_id: UUID, now: dt.datetime) -> QueueEntry | None:
    """The entry this agent holds, while its lease lasts."""
    return next(
        (
            each
            for each in entries
            if each.state == EntryState.HELD
            and each.holder_id == agent_id
            and (each.lease_ends_at is None or each.lease_ends_at > now)
        ),
        None,
    )

"""Everything a licensing officer sees of one application, read in one go; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contact.domain.licensing.application_states import ApplicationState
from contact.services import contact_view, conversations
from contact.services.contact_view import Happened, Sent
from contact.services.conversations import Line
from contact.store import applications, audit, contacts, forces, licensing_work, reply_drafts, triage
from contact.store.applications import Application
from contact.store.contacts import Contact, Reporter
from contact.store.licensing_work import (
    ApplicationCheck,
    ApplicationDecision,
    Elsewhere,
    Visit,
    VisitReport,
)


@dataclass(frozen=True, slots=True)
class File:
    """One application as its page shows it; `names` of officers by id, `answers` of the form that was sent last."""

    contact: Contact
    application: Application
    force_names: Mapping[str, str]
    reporter: Reporter | None
    sent: tuple[Sent, ...]
    thread: tuple[Line, ...]
    checks: tuple[ApplicationCheck, ...]
    visits: tuple[Visit, ...]
    reports: tuple[VisitReport, ...]
    decisions: tuple[ApplicationDecision, ...]
    elsewhere: tuple[Elsewhere, ...]
    history: tuple[Happened, ...]
    names: Mapping[UUID, str]
    draft: str

    @property
    def state(self) -> ApplicationState:
        """Where it stands."""
        return ApplicationState(self.application.state)

    @property
    def answers(self) -> Mapping[str, Any]:
        """What was answered last."""
        return self.sent[-1].answers if self.sent else {}

    @property
    def open_visit(self) -> Visit | None:
        """The visit that is offered or booked."""
        return next((each for each in self.visits if each.state in ("offered", "none_suits", "booked")), None)

    @property
    def recommendation(self) -> ApplicationDecision | None:
        """The recommendation that waits for a decision."""
        last = self.decisions[-1] if self.decisions else None
        return last if last is not None and last.kind == "recommendation" else None

    @property
    def decision(self) -> ApplicationDecision | None:
        """The decision, where it is made."""
        last = self.decisions[-1] if self.decisions else None
        return last if last is not None and last.kind == "decision" else None


def load(session: Session, *, contact_id: UUID, agent_id: UUID) -> File:
    """Read the application and all that hangs on it, as far as this actor may see. Raises NotFound."""
    application = applications.get(session, contact_id=contact_id)
    contact = contacts.get(session, contact_id=contact_id)
    checks = licensing_work.list_checks(session, contact_id=contact_id)
    decisions = licensing_work.list_decisions(session, contact_id=contact_id)
    reports = licensing_work.list_reports(session, contact_id=contact_id)
    history = [
        Happened(each.name, each.at, each.agent_id, each.actor_kind, each.force_id, each.data)
        for each in audit.list_for_contact(session, contact_id=contact_id)
    ]
    people = {application.officer_id, *(each.agent_id for each in checks), *(each.agent_id for each in history)}
    people |= {each.agent_id for each in decisions} | {each.agent_id for each in reports}
    return File(
        contact=contact,
        application=application,
        force_names={each.id: each.name for each in forces.list_all(session)},
        reporter=contacts.find_reporter(session, contact_id=contact_id),
        sent=tuple(contact_view.sent_forms(session, contact)),
        thread=tuple(conversations.list_thread(session, contact_id=contact_id)),
        checks=tuple(checks),
        visits=tuple(licensing_work.list_visits(session, contact_id=contact_id)),
        reports=tuple(reports),
        decisions=tuple(decisions),
        elsewhere=tuple(licensing_work.applicant_elsewhere(session, contact_id=contact_id)),
        history=tuple(history),
        names=triage.names_of(session, agent_ids={each for each in people if each is not None}),
        draft=reply_drafts.find_body(session, agent_id=agent_id, contact_id=contact_id),
    )

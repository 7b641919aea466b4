"""Checks, visits, reports and decisions of an application: what the licensing team reads and writes of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.domain.licensing.checks import Check, CheckState
from contact.domain.licensing.decisions import Nflms, Outcome
from contact.domain.licensing.visits import OPEN_VISITS, Slot, VisitState
from contact.store.identifiers import new_id
from contact.store.models import ApplicationCheck, ApplicationDecision, Visit, VisitDraft, VisitReport

__all__ = ["ApplicationCheck", "ApplicationDecision", "Visit", "VisitDraft", "VisitReport"]


def list_checks(session: Session, *, contact_id: UUID) -> list[ApplicationCheck]:
    """The application's checks, in the order of the file."""
    order = list(Check)
    found = session.scalars(sa.select(ApplicationCheck).where(ApplicationCheck.contact_id == contact_id))
    return sorted(found, key=lambda each: order.index(Check(each.kind)))


def begin_checks(session: Session, *, contact_id: UUID, kinds: Collection[Check], now: dt.datetime) -> None:
    """A row, not started, for each check that has none yet; what was recorded before stays."""
    known = {each.kind for each in list_checks(session, contact_id=contact_id)}
    for kind in kinds:
        if kind.value not in known:
            session.add(
                ApplicationCheck(
                    contact_id=contact_id,
                    kind=kind.value,
                    state=CheckState.NOT_STARTED.value,
                    result="",
                    changed_at=now,
                )
            )
    session.flush()


def find_check(session: Session, *, contact_id: UUID, kind: Check) -> ApplicationCheck | None:
    """One check, where the application has it."""
    return session.get(ApplicationCheck, (contact_id, kind.value))


def add_visit(session: Session, *, contact_id: UUID, slots: Sequence[Slot], now: dt.datetime) -> Visit:
    """Times offered."""
    visit = Visit(
        id=new_id(),
        contact_id=contact_id,
        state=VisitState.OFFERED.value,
        slots=[each.as_json() for each in slots],
        offered_at=now,
        changed_at=now,
    )
    session.add(visit)
    session.flush()
    return visit


def list_visits(session: Session, *, contact_id: UUID) -> list[Visit]:
    """Every visit, oldest first."""
    query = sa.select(Visit).where(Visit.contact_id == contact_id).order_by(Visit.offered_at, Visit.id)
    return list(session.scalars(query))


def find_open_visit(session: Session, *, contact_id: UUID) -> Visit | None:
    """The visit that is offered or booked now; there is one at most."""
    wanted = [each.value for each in OPEN_VISITS]
    return session.scalar(sa.select(Visit).where(Visit.contact_id == contact_id, Visit.state.in_(wanted)))


def get_open_visit(session: Session, *, contact_id: UUID) -> Visit:
    """The same, as it stands under the contact's lock. Raises NotFound."""
    found = find_open_visit(session, contact_id=contact_id)
    if found is None:
        raise NotFound(kind="visit", key=str(contact_id))
    session.refresh(found)
    return found


def list_to_remind(session: Session, *, before: dt.datetime, after: dt.datetime, limit: int) -> list[Visit]:
    """Booked visits that begin between the two and that nobody was reminded of, the next first."""
    query = sa.select(Visit).where(
        Visit.state == sa.literal(VisitState.BOOKED.value, literal_execute=True),
        Visit.reminded_at.is_(None),
        Visit.starts_at > after,
        Visit.starts_at <= before,
    )
    return list(session.scalars(query.order_by(Visit.starts_at).limit(limit)))


def find_visit_draft(session: Session, *, visit_id: UUID) -> VisitDraft | None:
    """What was noted so far of a visit."""
    return session.get(VisitDraft, visit_id)


def keep_visit_draft(
    session: Session, *, visit: Visit, agent_id: UUID, checklist: Mapping[str, Any], notes: str, now: dt.datetime
) -> None:
    """Keep what is noted so far, in the place of what was. The contact is locked."""
    found = find_visit_draft(session, visit_id=visit.id)
    if found is None:
        found = VisitDraft(visit_id=visit.id, contact_id=visit.contact_id)
        session.add(found)
    found.agent_id, found.checklist, found.notes, found.changed_at = agent_id, dict(checklist), notes, now
    session.flush()


def drop_visit_draft(session: Session, *, visit_id: UUID) -> None:
    """It stands in a report now."""
    found = find_visit_draft(session, visit_id=visit_id)
    if found is not None:
        session.delete(found)
        session.flush()


def add_report(
    session: Session,
    *,
    visit: Visit,
    agent_id: UUID,
    checklist: Mapping[str, Any],
    notes: str,
    now: dt.datetime,
) -> VisitReport:
    """What was found."""
    report = VisitReport(
        id=new_id(),
        contact_id=visit.contact_id,
        visit_id=visit.id,
        agent_id=agent_id,
        at=now,
        checklist=dict(checklist),
        notes=notes,
    )
    session.add(report)
    session.flush()
    return report


def list_reports(session: Session, *, contact_id: UUID) -> list[VisitReport]:
    """Every report, oldest first."""
    query = sa.select(VisitReport).where(VisitReport.contact_id == contact_id)
    return list(session.scalars(query.order_by(VisitReport.at, VisitReport.id)))


def add_decision(
    session: Session,
    *,
    contact_id: UUID,
    kind: str,
    outcome: Outcome | None,
    reasons: str,
    agent_id: UUID,
    recommended_by: UUID | None,
    nflms: Nflms | None,
    now: dt.datetime,
) -> ApplicationDecision:
    """A `recommendation`, a `decision` on it, or `sent_back`."""
    decision = ApplicationDecision(
        id=new_id(),
        contact_id=contact_id,
        kind=kind,
        outcome=outcome.value if outcome else None,
        reasons=reasons,
        agent_id=agent_id,
        recommended_by=recommended_by,
        at=now,
        nflms_person=nflms.person if nflms else None,
        nflms_certificates=list(nflms.certificates) if nflms else None,
        nflms_on=nflms.on if nflms else None,
    )
    session.add(decision)
    session.flush()
    return decision


def list_decisions(session: Session, *, contact_id: UUID) -> list[ApplicationDecision]:
    """Recommendations and decisions, oldest first."""
    query = sa.select(ApplicationDecision).where(ApplicationDecision.contact_id == contact_id)
    return list(session.scalars(query.order_by(ApplicationDecision.at, ApplicationDecision.id)))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How much stands elsewhere with this person: `gravest` grade, and when the last came; no words of it."""

    force_id: str
    desk: str
    contacts: int
    gravest: str
    last_at: dt.datetime


def applicant_elsewhere(session: Session, *, contact_id: UUID) -> list[Elsewhere]:
    """Counts by force and desk, the most first (practice 15)."""
    rows = session.execute(
        sa.text("SELECT force_id, desk, contacts, gravest, last_at FROM applicant_elsewhere(:contact)"),
        {"contact": contact_id},
    )
    return sorted((Elsewhere(*row) for row in rows), key=lambda each: (-each.contacts, each.force_id, each.desk))

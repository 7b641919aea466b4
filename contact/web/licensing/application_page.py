"""What the page of one application shows, worked out for the template: no query and no rule stands in the template."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contact.domain.licensing.application_states import MOVES, ApplicationEvent, ApplicationState
from contact.domain.licensing.checks import Check, CheckState
from contact.domain.licensing.decisions import Missing, Outcome
from contact.domain.licensing.kinds import Kind
from contact.domain.licensing.visits import Found, LookedAt
from contact.domain.taxonomy import Channel, Grade
from contact.services import conversations
from contact.services.contact_view import Sent
from contact.services.licensing import file as files
from contact.services.licensing import flags as bars
from contact.services.licensing import particulars, writing
from contact.services.licensing import visits as visiting
from contact.services.licensing.casework import STEPS
from contact.services.licensing.file import File
from contact.store.licensing_work import ApplicationCheck, ApplicationDecision, Elsewhere, Visit, VisitReport
from contact.web.licensing import words
from contact.web.licensing.history import moments
from contact.web.licensing.next_step import left_to_do
from contact.web.licensing.outsider_words import outsiders
from contact.web.licensing.photo import photo
from contact.web.licensing.register_words import IN_TIME, held
from contact.web.licensing.review_words import open_reviews
from contact.web.licensing.telling import WAYS
from contact.web.shared import clock, database
from contact.web.shared.evidence.listing import listed
from contact.web.shared.filters import london, when_in_words
from contact.web.shared.request_actor import current_agent
from forms.phone import national_format

SLOTS = 4
"""Rows of the form that offers times."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form that could not be taken held, and what was wrong with it; empty on a fresh page."""

    form: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    several: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def context(contact_id: UUID, *, typed: Typed | None = None, done: str = "") -> dict[str, Any]:
    """The whole page's context. Raises NotFound."""
    agent, now, orm = current_agent(), clock.utcnow(), database.session()()
    file = files.load(orm, contact_id=contact_id, agent_id=agent.id)
    return {
        **head(file),
        **_said(file),
        **_work(file, agent.id, now),
        **listed(contact_id, file.history),
        **outsiders(orm, file, now=now),
        **held(orm, file),
        **photo(contact_id, file),
        "moments": moments(file),
        **open_reviews(orm, contact_id),
        "places": particulars.premises(file.answers) if file.application.kind == Kind.DEALER else [],
        "trades_as": file.answers.get("businessName") or "",
        "flags": bars.of_file(file, today=london(now).date()),
        "elsewhere": [_elsewhere(file, each) for each in file.elsewhere],
        "typed": typed or Typed(),
        "done": DONE.get(done),
        "once": secrets.token_urlsafe(12),
        "now": now,
    }


def head(file: File) -> dict[str, Any]:
    """What every page about an application carries."""
    application, agent = file.application, current_agent()
    return {
        "file": file,
        "contact": file.contact,
        "application": application,
        "title": words.title(application.kind, application.licence),
        "state": words.state(application.state),
        "force": file.force_names.get(application.force_id, application.force_id),
        "officer": file.names.get(application.officer_id, "") if application.officer_id else "",
        "mine": application.officer_id == agent.id,
        "awaited": words.waiting(application.waiting_for) if application.waiting_for else "",
        "in_time": IN_TIME[application.in_time],
    }


def _said(file: File) -> dict[str, Any]:
    return {
        "sent": [_form(each) for each in file.sent],
        "thread": file.thread,
        "new_messages": sum(line.kind == "inbound" and line.read_at is None for line in file.thread),
        "may_message": writing.may_write(file.contact),
        "on_paper": file.contact.channel == Channel.LETTER,
        "told_ways": WAYS,
        "tells_by_mail": conversations.tells_by_mail(file.contact),
        "telephone": (national_format(file.reporter.phone_e164) if file.reporter and file.reporter.phone_e164 else ""),
        "payment": words.payment(file.application.payment),
    }


def _form(sent: Sent) -> dict[str, Any]:
    return {
        "title": sent.title,
        "received_at": sent.received_at,
        "own_words": sent.own_words,
        "sections": [
            (section.title, [row for row in section.rows if row.answered and row.question_id not in sent.account_ids])
            for section in sent.sections
        ],
        "listed_ids": sent.listed_ids,
        "unanswered": sent.unanswered,
    }


def _work(file: File, agent_id: UUID, now: dt.datetime) -> dict[str, Any]:
    state = file.state
    possible = {event for at, event in MOVES if at is state}
    recommended = file.recommendation
    return {
        "closed": state in (ApplicationState.GRANTED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN),
        "steps": [(event.value, words.STEPS[event]) for event in ApplicationEvent if event in possible & STEPS],
        "left": left_to_do(file),
        "can_return": ApplicationEvent.RETURN in possible,
        "missing": [(each.value, each.label) for each in Missing],
        "checks": [_check(file, each) for each in file.checks],
        "check_states": [(each.value, each.label) for each in CheckState if each is not CheckState.NOT_STARTED],
        "visits": [_visit(each) for each in file.visits],
        "visit": _visit(file.open_visit) if file.open_visit else None,
        "can_offer": state in (ApplicationState.CHECKS, ApplicationState.VISITED, ApplicationState.VISIT_BOOKED),
        "can_report": ApplicationEvent.VISITED in possible and file.open_visit is not None,
        "slot_rows": range(1, SLOTS + 1),
        "reports": [_report(file, each) for each in file.reports],
        "can_recommend": ApplicationEvent.RECOMMEND in possible,
        "decisions": [_decision(file, each) for each in file.decisions],
        "recommended": recommended,
        "can_decide": recommended is not None and state is ApplicationState.RECOMMENDATION,
        "own_recommendation": recommended is not None and recommended.agent_id == agent_id,
        "outcomes": [(each.value, each.label) for each in Outcome],
        "today": london(now).date().isoformat(),
    }


def _check(file: File, check: ApplicationCheck) -> dict[str, Any]:
    state = CheckState(check.state)
    return {
        "code": check.kind,
        "name": Check(check.kind).label,
        "state": state.label,
        "look": state.value,
        "result": check.result,
        "by": file.names.get(check.agent_id, "") if check.agent_id else "",
        "at": check.changed_at,
        "since": check.asked_at if state is CheckState.WAITING else None,
    }


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "state": words.visit(visit.state),
        "code": visit.state,
        "at": when_in_words(visit.starts_at) if visit.starts_at else "",
        "slots": [when_in_words(each.starts_at) for each in visiting.slots_of(visit)],
        "offered_at": visit.offered_at,
    }


def _report(file: File, report: VisitReport) -> dict[str, Any]:
    points = [(each.label, Found(report.checklist[each.value])) for each in LookedAt if each.value in report.checklist]
    return {
        "by": file.names.get(report.agent_id, ""),
        "at": report.at,
        "notes": report.notes,
        "points": [(label, found.label, found.value) for label, found in points],
        "not_in_order": [label for label, found in points if found is Found.NOT_IN_ORDER],
    }


_MADE = {"recommendation": "recommends", "decision": "decided", "sent_back": "sent it back"}


def _decision(file: File, made: ApplicationDecision) -> dict[str, Any]:
    outcome = Outcome(made.outcome).label.lower() if made.outcome else ""
    return {
        "who": file.names.get(made.agent_id, "An officer"),
        "words": f"{_MADE[made.kind]}{f' to {outcome}' if outcome else ''}",
        "reasons": made.reasons,
        "at": made.at,
        "nflms": made.nflms_person,
        "certificates": ", ".join(made.nflms_certificates or ()),
        "on": made.nflms_on,
    }


def _elsewhere(file: File, found: Elsewhere) -> dict[str, Any]:
    return {
        "force": file.force_names.get(found.force_id, found.force_id),
        "desk": "applications" if found.desk == "licensing" else "contacts",
        "count": found.contacts,
        "gravest": Grade(found.gravest),
        "last_at": found.last_at,
    }


DONE = {
    "taken": "It is your case.",
    "joined": "Joined. The certificate's history says why.",
    "parted": "Taken off. No machine joins it again.",
    "stepped": "Done. The log says who did it.",
    "returned_mail": "Returned as incomplete. What you wrote is on the applicant's page, and a mail tells them so.",
    "returned_page": "Returned as incomplete. What you wrote is on the applicant's page; nothing else tells them. "
    "Do not write to them at home: they did not call post safe.",
    "returned_letter": "Returned as incomplete. A letter that asks for it waits to be printed, below Letters.",
    "returned_note": "Returned as incomplete. What you wrote is kept as a note. Nothing was sent, no letter written.",
    "checked": "Check recorded.",
    "written": "It stands on the applicant's page.",
    "written_mail": "It stands on the applicant's page, and a mail tells them that an answer is there.",
    "told": "Written down as what the applicant was told. Nothing was sent.",
    "noted": "Note added. It never leaves the licensing team.",
    "read": "Marked as read.",
    "drafted": "What you typed is kept as your draft.",
    "offered": "The times are offered on the applicant's page.",
    "reviewed": "Review decided. Your reasons stand as a note.",
    "moved": "Moved. The applicant's page and calendar file have the new time.",
    "cancelled": "Cancelled, and the applicant is told.",
    "reported": "The visit is recorded.",
    "missed": "Recorded that nobody was there. You can offer other times.",
    "recommended": "Recommendation recorded. Another officer decides.",
    "sent_back": "Sent back for more.",
    "decided": "Decided, with the numbers of NFLMS.",
    "withdrawn": "Recorded as withdrawn.",
    "spoken": "Recorded that you spoke to them.",
    "referee_asked": "A new link is on its way. The former one has ended.",
    "practice_asked": "A link is on its way to the practice.",
    "gmc": "Recorded what the register says.",
    "fee_online": "The fee is due. The applicant's page says so, and they are told by the way they called safe.",
    "fee_page": "The fee is due. The applicant's page says so; nothing else tells them.",
    "fee_letter": "The fee is due. A letter that says so waits to be printed, below Letters.",
    "fee_nobody": "The fee is due, and nothing tells the applicant: nothing reaches them online, and post was not "
    "called safe. Tell them another way, if one is safe.",
    "paid_otherwise": "Recorded that the fee was paid another way.",
    "no_fee": "This fee has no figure yet, so it cannot be asked for. Ask your administrator to fill it in, below "
    "Forces, Own fees.",
}
"""What the page says after a form was taken, by the code in its address."""

"""What the contact page shows, worked out for the template: no query and no rule stands in the template itself."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contact.domain.access import Permission, may
from contact.domain.errors import MalformedReference
from contact.domain.reference import spell
from contact.domain.states import ContactState
from contact.domain.taxonomy import Category, Flag, Grade, in_order
from contact.services import briefing, chat, contact_view, conversations, incident_clocks, sources
from contact.services.contact_view import ContactView
from contact.services.licensing import holders
from contact.store import audit
from contact.web.controlroom import reasons, reply_help, talk
from contact.web.controlroom.choices import choices, on_the_railway
from contact.web.controlroom.contact_map import map_of
from contact.web.controlroom.live import write_cursor
from contact.web.controlroom.timeline import moments
from contact.web.shared import clock, database
from contact.web.shared.evidence.listing import how_to_ask, listed
from contact.web.shared.filters import span_in_words
from contact.web.shared.request_actor import SignedInAgent, current_agent
from forms.phone import national_format

CONFIDENT, UNSURE = 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise and how it stands. `state`: done, late (done or not), soon, running."""

    name: str
    by: dt.datetime
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form that could not be taken held, and what was wrong with it; empty on a fresh page."""

    form: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    flags: Sequence[str] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


def context(contact_id: UUID, *, typed: Typed | None = None, done: str = "") -> dict[str, Any]:
    """The whole page's context. Raises NotFound."""
    agent, now = current_agent(), clock.utcnow()
    live = live_context(contact_id)
    return {**live, **_work(live["view"], agent, now), "typed": typed or Typed(), "done": DONE.get(done)}


def live_context(contact_id: UUID) -> dict[str, Any]:
    """What the part that refreshes itself shows: warnings, clocks, all that was said, the timeline. Raises NotFound.

    The cursor is read before the rest, so that nothing falls between the page and its stream.
    """
    agent, now, orm = current_agent(), clock.utcnow(), database.session()()
    cursor = audit.cursors(orm, force_ids=agent.actor.contact_forces)
    view = contact_view.load(orm, contact_id=contact_id, agent_id=agent.id, now=now)
    contact = view.contact
    flags = in_order(Flag(flag) for flag in contact.flags)
    new = sum(line.kind == "inbound" and line.read_at is None for line in view.thread)
    return {
        "view": view,
        "contact": contact,
        "cursor": write_cursor(cursor),
        "now": now,
        "grade": Grade(contact.grade),
        "category": Category(contact.category),
        "warnings": _warnings(view, flags),
        "flags": [flag for flag in flags if flag.kind.value == "vulnerability"],
        "clocks": clocks(view, now),
        "incident_clocks": incident_clocks.rows(view, now=now),
        "moments": moments(view),
        "closed": contact.state == ContactState.CLOSED,
        "mine": view.mine,
        "entry": view.entry,
        "new_messages": new,
        "proposal": proposal_words(view),
        **_elsewhere(view),
        **talk.shown(view, bot_there=view.talk is not None and chat.bot_is_there(orm, now=now), now=now),
        **listed(contact_id, view.history),
        "unread": bool(new) or (view.entry is not None and view.entry.looked_at is None),
    }


def _elsewhere(view: ContactView) -> dict[str, Any]:
    """What stands in other places and changes with what is said: by which way words leave, what to pass on."""
    reporter = view.reporter
    return {
        "briefing": briefing.lines(view),
        "briefing_text": briefing.as_text(view),
        "safe": briefing.safe_contact(view),
        "telephone": national_format(reporter.phone_e164) if reporter and reporter.phone_e164 else "",
        "may_message": conversations.may_message(view.contact),
        "tells_by_mail": conversations.tells_by_mail(view.contact),
        "may_approach": not view.contact.source_apart or sources.may_read(current_agent().actor, view.contact),
    }


def _work(view: ContactView, agent: SignedInAgent, now: dt.datetime) -> dict[str, Any]:
    contact, actor = view.contact, agent.actor
    forces = [entry.force_id for entry in view.entries]
    offered_here = [each for each in view.offered_to if may(actor, Permission.WORK_CONTACTS, each.to_force_id)]
    return {
        "can_work": any(may(actor, Permission.WORK_CONTACTS, force_id) for force_id in forces),
        "can_restrict": any(may(actor, Permission.RESTRICT, force_id) for force_id in forces),
        "can_release": view.mine is not None or (view.holder and _supervises(agent, forces)),
        "lost": view.mine is None and bool(view.draft),
        "offered_here": offered_here,
        "spoken": _spoken(contact.reference),
        **reply_help.beside(view),
        "choices": choices(view),
        "railway": on_the_railway(view),
        "once": secrets.token_urlsafe(12),
        "upload_link": None,
        "ask_files_how": how_to_ask(contact),
        **map_of(view),
        "source_again": sources.repeats(database.session()(), contact),
        "linked_by": LINKED_BY,
        "linked_grades": {grade.value: grade for grade in Grade},
        "seen_total": tuple(sum(row[place] for row in view.seen) for place in (1, 2, 3)),
    }


def _supervises(agent: SignedInAgent, forces: Sequence[str]) -> bool:
    return any(may(agent.actor, Permission.SUPERVISE, force_id) for force_id in forces)


def clocks(view: ContactView, now: dt.datetime) -> list[Clock]:
    """Look-by and answer-by of the entry worked from; a closed contact's clocks stand still."""
    entry = view.entry
    if entry is None:
        return []
    stopped = view.contact.closed_at
    return [
        _clock("Look by", entry.look_by, entry.looked_at, stopped, now),
        _clock("Answer by", entry.answer_by, entry.answered_at, stopped, now),
    ]


def _clock(
    name: str, by: dt.datetime, done: dt.datetime | None, stopped: dt.datetime | None, now: dt.datetime
) -> Clock:
    ended = done or stopped
    if ended is not None:
        late = ended > by
        word = "Done" if done else "Stopped"
        words = f"{word}, {span_in_words(ended - by)} late" if late else word
        return Clock(name, by, words, "late" if late else "done")
    if now > by:
        return Clock(name, by, f"Late by {span_in_words(now - by)}", "late")
    left = by - now
    return Clock(name, by, f"{span_in_words(left)} left", "soon" if left < dt.timedelta(minutes=15) else "running")


def _warnings(view: ContactView, flags: Sequence[Flag]) -> list[tuple[str, str]]:
    """(kind, words) of what stands before all else: what can hurt somebody, then what must not be done."""
    contact, proposal = view.contact, view.proposal
    guns = holders.in_one_line(view.holders)
    found = [("danger", f"Guns: {guns}")] if guns else []
    found += [("danger", flag.label) for flag in flags if flag.kind.value == "warning"]
    if proposal is not None and proposal.advise_999:
        found.append(("danger", "The person was told to ring 999"))
    if contact.restricted:
        found.append(("care", "Restricted: named people only, and every opening is recorded"))
    if contact.source_apart:
        found.append(("care", "The source is kept apart for the intelligence unit"))
        found.append(("care", "Do not ask them to find out more"))
    if contact.safe_contact.get("how") == "none":
        found.append(("care", "Do not contact: the person asked not to be contacted"))
    if contact.online_access_stopped_at is not None:
        found.append(("care", "Online access stopped by the person: a message cannot be read by them"))
    if contact.sensitive:
        found.append(("care", "Sensitive: nothing is sent automatically"))
    if contact.anonymous:
        found.append(("care", "The person asked not to be named: do not ask who they are"))
    return found


def proposal_words(view: ContactView) -> dict[str, Any] | None:
    """The machine's last proposal in words, its reasons in full."""
    proposal = view.proposal
    if proposal is None:
        return None
    return {
        "category": Category(proposal.category).label,
        "grade": Grade(proposal.grade),
        "flags": [Flag(flag).label for flag in proposal.flags],
        "reasons": [reasons.in_words(reason) for reason in proposal.reasons],
        "confidence": _sureness(proposal.confidence, of=" of the category" if proposal.data_version else ""),
        "percent": round(proposal.confidence * 100),
        "version": proposal.version,
        "data_version": proposal.data_version,
        "by": "The model proposes" if proposal.data_version else "Rules propose",
        "at": proposal.at,
        "advise_999": proposal.advise_999,
    }


def _sureness(confidence: float, *, of: str) -> str:
    if confidence < UNSURE:
        return f"Not sure{of}: read with care"
    return f"{'Sure' if confidence >= CONFIDENT else 'Fairly sure'}{of}"


def _spoken(reference: str) -> str:
    try:
        return spell(reference)
    except MalformedReference:
        return reference


LINKED_BY = {
    "before": "This one goes on from it",
    "after": "It goes on from this one",
    "telephone": "Same telephone",
    "email": "Same email",
}
DONE = {
    "opened": "Opened. Read the reference and the four words out to them: both together open their progress page. If "
    "nobody else has it, it is yours below; else take it.",
    "replied": "Your reply is on the person's progress page.",
    "replied_mail": "Your reply is on the person's progress page, and a mail tells them that an answer is there.",
    "noted": "Note added. It never leaves the control room.",
    "looked": "Marked as read.",
    "said": "Sent. It stands in the person's chat.",
    "texted": "Your reply leaves as a text. The thread shows how far it got.",
    "not_texted": "The text did not leave: the thread says why. What you wrote stands there for colleagues.",
    "asked_back": "The assistant talks again. You still hold the contact and can take over at any moment.",
    "no_bot": "The assistant was not asked back: it does not talk in an urgent or sensitive matter, or is not there.",
    "link_texted": "A link to go on in a browser leaves as a text. It works once, for 30 minutes.",
    "no_link": "No link was sent: only into an ordinary matter, and within half an hour of the person's last text.",
    "not_yours": "You do not hold this contact, so nothing was changed.",
    "inserted": "The approved words are in the reply box. Change them as you like, then send.",
    "drafted": "What you typed is kept as your draft.",
    "lost": "You do not hold this contact any more, so nothing was sent. What you typed is kept below.",
    "unsafe": "Nothing was sent: the person stopped online access. What you typed is kept below.",
    "decided": "Decision recorded.",
    "logged": "Incident log number recorded.",
    "crime": "Crime number recorded.",
    "not_recorded": "Recorded: no crime, with the reason and who decided.",
    "offered": "Offered. It stays with us, on our clock, until they accept.",
    "accepted": "Taken over. The sender's entry is closed.",
    "refused": "Not taken over. It stays with the sender.",
    "reopened": "Reopened. It stands in the queue.",
    "restricted": "Restricted to the people named.",
}
"""What the page says after a form was taken, by the code in its address."""

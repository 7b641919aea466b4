"""The door for people who cannot call: every way to reach 999, and three questions that go to the top (practice 1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain import reference as references
from contact.domain.clocks import is_staffed
from contact.services import conversations, force_clocks, intake, routing
from contact.services import progress as reports
from contact.services.intake import Receipt
from contact.services.keys import Keys
from contact.store import forces
from contact.store.identifiers import new_id
from contact.web.citizen.blueprint import room, settings, wear
from contact.web.citizen.journey import go_on_url, next_url, opened
from contact.web.citizen.online_access import proven_id
from contact.web.citizen.wording import said
from contact.web.shared import clock, database
from contact.web.shared.access import proven, public
from contact.web.shared.filters import time_in_words
from contact.web.shared.language import current_language, gettext
from contact.web.shared.proofs import prove_contact, sent_here
from contact.web.shared.request_actor import act_for_contact
from forms import Role
from forms.validation.words import clean

WORDS_LIMIT = 4000


@dataclass(slots=True)
class Door:
    """The three questions as they stand on the page. `ticket` makes pressing twice send once."""

    ticket: str
    where: str = ""
    what: str = ""
    reply: str = ""
    force_id: str = ""
    likely: str = ""
    asks_force: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def replies(self) -> list[tuple[str, str]]:
        """Whether a person may be answered; only ever on the page, for nothing else was called safe."""
        return [("yes", gettext("Yes, reply on this site")), ("no", gettext("No, do not reply"))]

    @property
    def forces(self) -> list[tuple[str, str]]:
        """All forces, for the one case where the words do not say which ground it is."""
        return [(each.id, each.name_in(current_language())) for each in forces.list_all(database.session()())]


def new_ticket() -> str:
    """A signed one-time key for the door."""
    return Keys.from_settings(settings()).ticket(new_id())


def reading_now() -> str:
    """What is true before anything was sent, whoever is on duty."""
    if settings().demo:
        return gettext("This is a demonstration: no police officer reads it.")
    return gettext(
        "Nobody is reading this page now. When you have sent it, the next page tells you whether a person has read it."
    )


@room.get("/emergency")
@public
def emergency() -> ResponseReturnValue:
    """Every way to reach 999, and the door."""
    return _page(Door(ticket=new_ticket(), likely=request.args.get("force", "")))


@room.post("/emergency")
@public
def emergency_send() -> ResponseReturnValue:
    """Store it at the top of the queue; sent twice, it is still one.

    Never refused for having been sent often, nor for a ticket that is none of ours. A ticket that another browser has
    used shows nothing of what was sent there: what was typed here is stored anew.
    """
    keys = Keys.from_settings(settings())
    door = _posted()
    contact_id, force_id = keys.open_ticket(door.ticket), _force(door)
    if door.errors or contact_id is None or force_id is None:
        door.asks_force = force_id is None
        return _page(door)
    receipt = _store(door, contact_id, force_id, keys)
    if receipt.already_sent and not sent_here(receipt.reference):
        receipt = _store(door, new_id(), force_id, keys)
    prove_contact(receipt.reference, receipt.contact_id, new_id=False)
    act_for_contact(receipt.contact_id)
    return redirect(url_for("citizen.emergency_sent", reference=receipt.reference), 303)


def _store(door: Door, contact_id: UUID, force_id: str, keys: Keys) -> Receipt:
    return intake.submit_emergency(
        database.session()(),
        contact_id=contact_id,
        force_id=force_id,
        where=door.where,
        what=door.what,
        safe_to_reply=door.reply == "yes",
        language=current_language(),
        keys=keys,
        now=clock.utcnow(),
    )


def _posted() -> Door:
    form = request.form
    ticket = form.get("ticket", "")
    door = Door(
        ticket=ticket if Keys.from_settings(settings()).open_ticket(ticket) else new_ticket(),
        where=clean(form.get("where", ""))[:WORDS_LIMIT],
        what=clean(form.get("what", ""))[:WORDS_LIMIT],
        reply=form.get("reply", ""),
        force_id=form.get("force", ""),
        likely=form.get("likely", "")[:60],
    )
    if not door.where and not door.what:
        door.errors["where"] = gettext("Write where you are, or what is happening")
    return door


def _force(door: Door) -> str | None:
    """Whose ground it is: chosen, worked out from the words, or whose pages the person came from.

    Words that name no place go to the force that takes such emergencies, so that they are stored at once; only where
    nobody was named for that (in a demonstration) is the person asked. In a service, a force that is live goes first.
    """
    session, found = database.session()(), settings()
    in_words = routing.forces_in_words(session, f"{door.where}\n{door.what}")
    likely = (door.force_id, *(force.id for force in in_words), door.likely, found.force_id, found.emergency_force_id)
    force_id = routing.for_emergency(session, force_ids=likely, live_only=not found.demo)
    if force_id is not None:
        return force_id
    if not door.errors:
        door.errors["force"] = gettext("Choose the police force, so that we can send it to the right place")
    return None


def _page(door: Door) -> ResponseReturnValue:
    errors = [{"text": text, "href": f"#{name}"} for name, text in door.errors.items()]
    return render_template("citizen/emergency.html", door=door, errors=errors, reading_now=reading_now())


@room.get("/emergency/sent/<reference>")
@proven
def emergency_sent(reference: str) -> ResponseReturnValue:
    """What is true now: read by a person or not. Asked again by the person.

    Only for what came through this door: a form's report has its own page, which may wait for a safe word (practice 5).
    """
    contact_id = proven_id(reference)
    session, keys = database.session()(), Keys.from_settings(settings())
    if reports.read(session, contact_id=contact_id).form_id is not None:
        return redirect(url_for("citizen.progress", reference=reference), 303)
    receipt = intake.receipt(session, contact_id=contact_id, keys=keys)
    wear(receipt.force_id)
    force = forces.get(session, force_id=receipt.force_id)
    thread = conversations.citizen_thread(session, contact_id=contact_id)
    read_at = next((line.read_at for line in thread if line.mine and line.read_at), None)
    return render_template(
        "citizen/emergency_sent.html",
        reference=receipt.reference,
        aloud=references.spell(receipt.reference, current_language()),
        words=receipt.access_words.replace("-", " "),
        read_at=time_in_words(read_at) if read_at else "",
        staffed=is_staffed(clock.utcnow(), hours=force.hours, holidays=force_clocks.bank_holidays(force.nation)),
        messages=said(thread),
    )


@room.get("/report/<form_id>/<uuid:draft_id>/danger")
@proven
def danger(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """A free text tripped the screen: 999 first, the truth, and the door with what was typed (engineering 21)."""
    draft = opened(form_id, draft_id)
    now = clock.utcnow()
    place = draft.form.by_role(Role.PLACE, draft.answers, now) or {}
    where = "\n".join(
        text for part in ("description", "address", "line1", "town", "postcode") if (text := place.get(part))
    )
    after = request.args.get("after", "")
    typed = list(dict.fromkeys(words for name, words in draft.form.free_text(draft.answers, now) if words not in where))
    on_url = next_url(draft, after) if any(page.id == after for page in draft.form.pages) else go_on_url(draft, None)
    return render_template(
        "citizen/danger.html",
        door=Door(ticket=new_ticket(), where=where, what="\n".join(typed)[:WORDS_LIMIT], likely=draft.force_id or ""),
        on_url=on_url,
        suicide=False,
        reading_now=reading_now(),
    )

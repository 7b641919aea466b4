"""A conversation as its handler sees it: who talks, each line with how far it got, and the words facts came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contact.domain import by_rule
from contact.domain.states import ContactState
from contact.domain.text_states import TextState
from contact.services import handing_over, text_link
from contact.services.contact_view import ContactView
from contact.services.conversations import Line
from contact.services.texting import TextView
from contact.store.conversations import ContactFact
from contact.web.shared.filters import time_short

FACTS = {
    "name": "Name",
    "place": "Place",
    "postcode": "Postcode",
    "time": "When",
    "person": "Person described",
    "registration": "Vehicle registration",
    "phone": "Telephone",
    "email": "Email",
    "reference": "Reference",
    "weapon": "Weapon",
    "injury": "Injury",
    "money": "Money",
    "safe_contact": "Safe to reply",
}
WHY = {
    "asked_for_person": "The person asked for a person",
    "bot_away": "The assistant did not answer",
    "bot_off": "The assistant was not there",
    "cannot_help": "The assistant could not help",
    "done": "The assistant asked what it had to ask",
    "emergency": "It is an emergency",
    "low_confidence": "The assistant did not understand well enough",
    "other_language": "The person writes in another language",
    "sensitive": "The matter is sensitive",
    "silence": "The person fell silent: that may be danger",
    "taken_over": "A person took over",
    "too_long": "The conversation went on for too long",
    "urgent": "It cannot wait",
}
LOST = {
    "21610": "not sent: opted out, the person texted STOP",
    "not-safe": "not sent: they chose another way to be reached",
    "no-number": "not sent: there is no number to text",
    "access-stopped": "not sent: the person stopped online access",
    "too-late": "not sent: a person had taken over, or it was too late for an automatic answer",
    "21614": "not delivered: the number takes no texts",
    "21635": "not delivered: the number is a landline",
    "30003": "not delivered: the handset is off or away",
    "30004": "not delivered: blocked by the person or network",
    "30005": "not delivered: the number is not in use",
    "30006": "not delivered: the number is a landline",
    "30007": "not delivered: the network took it for spam. Use other words, without a link, or answer another way",
}
_ON_THE_WAY = {
    TextState.QUEUED: "waiting to leave",
    TextState.SENDING: "sending",
    TextState.SENT: "sent, not yet confirmed",
    TextState.DELIVERED: "delivered to the phone",
}
_IN_CHAT = {"delivered": "delivered", "read": "seen by the person", "failed": "not delivered"}
_WHO = {"inbound": "The person", "bot": "Assistant", "system": "Fixed words", "note": "Internal: never sent"}
_AFTER = {"bot": "automated", "system": "sent by the system", "outbound": "replied"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a line; `kind` names the fact that they tell, if one."""

    words: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One line as it is shown. `mark`: how far it got, `look` how that is drawn: plain, new, bad."""

    id: UUID
    position: int
    kind: str
    who: str
    after: str
    at: dt.datetime
    by_text: bool
    mark: str
    look: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A fact and the very words it came from; `position` is the line that holds them, None when it cannot be found."""

    name: str
    value: str
    words: str
    position: int | None


def shown(view: ContactView, *, bot_there: bool, now: dt.datetime) -> dict[str, Any]:
    """The conversation's part of the page's context; `talk` is None for a contact that came another way."""
    found = _found(view)
    texts: dict[UUID, list[TextView]] = {}
    for text in view.texts:
        if text.message_id is not None:
            texts.setdefault(text.message_id, []).append(text)
    lines = [_said(line, texts.get(line.id, ()), found.get(line.id, ())) for line in view.thread]
    return {"said": lines, "talk": _talk(view, found, bot_there=bot_there, now=now) if view.talk else None}


def _talk(
    view: ContactView,
    found: Mapping[UUID, Sequence[tuple[int, int, ContactFact]]],
    *,
    bot_there: bool,
    now: dt.datetime,
) -> dict[str, Any]:
    conversation = view.talk
    assert conversation is not None  # noqa: S101 - asked by the caller
    where = {fact.id: line.position for line in view.thread for _, _, fact in found.get(line.id, ())}
    named = [
        Told(FACTS.get(fact.kind, fact.kind.replace("_", " ").capitalize()), fact.value, fact.words, where.get(fact.id))
        for fact in view.facts
    ]
    proposal = view.proposal
    why_not = handing_over.why_no_bot(view.contact)
    with_bot = view.contact.state == ContactState.WITH_BOT
    return {
        "channel": conversation.channel,
        "with_bot": with_bot,
        "handed_over_at": None if with_bot else conversation.handed_over_at,
        "handed_over": "" if with_bot else WHY.get(conversation.handed_over_why or "", ""),
        "summary": ((proposal.summary or "").splitlines() if proposal else []) or _by_rule(view),
        "by_rule": not view.read_by_model,
        "facts": named,
        "may_text_link": text_link.suits(view.contact, conversation, now=now),
        "may_ask_back": view.mine is not None and not with_bot and not why_not and bot_there,
        "why_no_bot": _NO_BOT.get(why_not, "") or ("" if bot_there else "The assistant is not there just now."),
    }


def _by_rule(view: ContactView) -> list[str]:
    """Two lines in the person's own words, where no model has read them."""
    return list(by_rule.two_lines([line.body for line in view.thread if line.kind == "inbound"]))


_NO_BOT = {
    "sensitive": "The assistant does not talk in a sensitive matter.",
    "urgent": "The assistant does not talk in an urgent matter.",
}


def _said(line: Line, texts: Sequence[TextView], found: Sequence[tuple[int, int, ContactFact]]) -> Said:
    mark, look = _mark(line, texts)
    noted = line.kind == "system" and line.channel == "sms" and not texts  # it stands in the thread and never left
    return Said(
        id=line.id,
        position=line.position,
        kind=line.kind,
        who=_WHO.get(line.kind) or line.name or "Us",
        after=_after(line, noted=noted),
        at=line.at,
        by_text=line.channel == "sms" and line.kind != "note" and not noted,
        mark=mark,
        look=look,
        pieces=pieces(line.body, found),
    )


def _after(line: Line, *, noted: bool) -> str:
    """What stands behind who said it."""
    if noted:
        return "written here by the system"
    return line.name or "" if line.kind == "note" else _AFTER.get(line.kind, "")


def _mark(line: Line, texts: Sequence[TextView]) -> tuple[str, str]:
    """How far a line got, in words, and how that is drawn."""
    if line.kind == "inbound":
        return ("read", "plain") if line.read_at else ("new", "new")
    if line.kind == "note":
        return "", "plain"
    if line.channel == "sms":
        return _text_mark(line, texts)
    if line.kind != "outbound":
        return "", "plain"
    if line.channel == "web":
        return ("seen by the person" if line.read_at else "on their progress page"), "plain"
    mark = "seen by the person" if line.read_at else _IN_CHAT.get(line.delivery_state, "sent")
    return mark, "bad" if line.delivery_state == "failed" else "plain"


def _text_mark(line: Line, texts: Sequence[TextView]) -> tuple[str, str]:
    lost = next((each for each in texts if each.state in (TextState.FAILED, TextState.SUPPRESSED)), None)
    if lost is not None:
        code = lost.error_code or ""
        return LOST.get(code, f"not delivered{f' ({code})' if code else ''}"), "bad"
    if not texts:
        return ("", "plain") if line.delivery_state == "stored" else (line.delivery_state, "plain")
    state = min((each.state for each in texts), key=list(TextState).index)
    words = _ON_THE_WAY.get(state, state.value)
    later = next((each.leaves_at for each in texts if each.leaves_at is not None), None)
    if state is TextState.QUEUED and later is not None:
        failed = next((each.error_code for each in texts if each.error_code), None)
        words = f"leaves at {time_short(later)}"
        if failed:
            words = f"{LOST.get(failed, 'not delivered')}. It leaves again at {time_short(later)}"
    parts = sum(each.segments for each in texts)
    words += f", {parts} parts" if parts > 1 else ""
    return words + (", may have arrived twice" if any(each.may_be_duplicate for each in texts) else ""), "plain"


def _found(view: ContactView) -> dict[UUID, list[tuple[int, int, ContactFact]]]:
    """Where the words of each fact stand, line by line: in its own message, or in one of the same turn before it."""
    heard = [line for line in view.thread if line.kind == "inbound"]
    places: dict[UUID, list[tuple[int, int, ContactFact]]] = {}
    for fact in view.facts:
        if not fact.words:
            continue
        own = next((number for number, line in enumerate(heard) if line.id == fact.message_id), len(heard) - 1)
        for line in heard[own::-1] if own >= 0 else ():
            at = fact.starts if line.body[fact.starts : fact.ends] == fact.words else line.body.find(fact.words)
            if at >= 0:
                places.setdefault(line.id, []).append((at, at + len(fact.words), fact))
                break
    return places


def pieces(body: str, found: Sequence[tuple[int, int, ContactFact]]) -> tuple[Piece, ...]:
    """The line cut at the words of its facts; of two that overlap the first and longest stands."""
    cut: list[Piece] = []
    done = 0
    for start, end, fact in sorted(found, key=lambda each: (each[0], -each[1])):
        if start < done:
            continue
        cut += [Piece(body[done:start]), Piece(body[start:end], FACTS.get(fact.kind, fact.kind))]
        done = end
    return tuple(each for each in (*cut, Piece(body[done:])) if each.words)

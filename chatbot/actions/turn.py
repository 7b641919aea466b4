"""One turn: a message and what went before in, what to say and who goes on out; the same again for the same."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from actions.book import Book
from actions.heard import Heard
from actions.matter import proceed, service, talk, tricked, unclear
from actions.moment import Decision, Moment, take_in
from actions.state import State
from actions.summary import summary
from actions.triage import as_turn
from actions.urgent import emergency, other_language, person, priority, sensitive, silence

VERSION = 1
MOST_SAID_AT_ONCE, LONGEST_SAID = 3, 600
ONE_TEXT = 131
"""What is left of one part of a text message after "DEMO, not the police. "."""

Turn = dict[str, object]
_STEPS: tuple[Callable[[Moment], Decision | None], ...] = (
    emergency,
    person,
    silence,
    other_language,
    sensitive,
    tricked,
    priority,
    talk,
    service,
    unclear,
)


def take_turn(state: State, heard: Heard, book: Book) -> tuple[State, Turn]:
    """Answer the state after this message, and the turn that the service reads (contract version 1)."""
    if heard.message_id and heard.message_id == state.last_message_id and state.last_turn is not None:
        return state, dict(state.last_turn)
    moment = take_in(state, heard, book)
    decision = next((made for step in _STEPS if (made := step(moment))), None) or proceed(moment)
    after = _after(moment, decision)
    graded = moment.graded
    turn: Turn = {
        "version": VERSION,
        "say": _said(moment, decision),
        "asks": decision.asks or None,
        "hand_over": decision.hand_over or None,
        "form": decision.form or None,
        "answer": decision.answer or None,
        "triage": as_turn(
            after,
            graded or moment.heard.triage,
            advise_999=decision.advise_999 or (graded is not None and graded.advise_999),
            reasons=decision.reasons,
        ),
        "facts": [asdict(fact) for fact in moment.new],
        "summary": summary(after),
    }
    return replace(after, last_message_id=heard.message_id, last_turn=turn), turn


def _after(moment: Moment, decision: Decision) -> State:
    state = replace(moment.state, **(decision.changes or {}))  # type: ignore[arg-type]  # fields of State by name
    if moment.wish == "injection":
        state = replace(state, tricks=state.tricks + 1)
    if not decision.asks:
        return replace(state, pending="")
    asked = {**state.asked, decision.asks: state.asked.get(decision.asks, 0) + 1}
    return replace(state, asked=asked, pending=decision.asks)


def _said(moment: Moment, decision: Decision) -> list[str]:
    """The words in at most three messages. The first of a conversation says what is speaking, save in an emergency."""
    parts = list(decision.say)
    if moment.heard.first and parts:
        parts.insert(0, moment.line("opening"))
    packed = _packed(parts, ONE_TEXT) if moment.heard.channel == "sms" else parts
    while len(packed) > MOST_SAID_AT_ONCE:
        packed = [" ".join(packed[:2]), *packed[2:]]
    return [part[:LONGEST_SAID] for part in packed]


def _packed(parts: Sequence[str], room: int) -> list[str]:
    """As few texts as hold the parts whole."""
    packed: list[str] = []
    for part in parts:
        if packed and len(packed[-1]) + 1 + len(part) <= room:
            packed[-1] = f"{packed[-1]} {part}"
        else:
            packed.append(part)
    return packed

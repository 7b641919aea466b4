"""Two lines for the person who takes over: what it is, and where, when and who; never shown to the citizen."""

from collections.abc import Mapping

from actions.codes import LABELS
from actions.facts import Fact
from actions.state import State

LONGEST_LINE = 120
_SHOWN = {
    "place": "where",
    "postcode": "where",
    "time": "when",
    "person": "who",
    "registration": "vehicle",
    "weapon": "weapon",
    "injury": "hurt",
    "money": "money",
    "reference": "reference",
    "name": "name",
    "phone": "phone",
    "email": "email",
    "safe_contact": "safe contact",
}


def summary(state: State) -> list[str]:
    """Answer what the matter is with the first words said about it, and the newest fact of each kind."""
    first = " ".join(state.said[0].split()) if state.said else ""
    label = LABELS.get(state.category, LABELS["general_enquiry"])
    newest: dict[str, list[str]] = {}
    for kind, shown in _SHOWN.items():
        value = _newest(state.facts, kind)
        if value:
            newest.setdefault(shown, []).append(value)
    return [_short(f"{label}: {first}" if first else label), _short(_joined(newest))]


def _newest(facts: tuple[Fact, ...], kind: str) -> str:
    return next((" ".join(fact.words.split()) for fact in reversed(facts) if fact.kind == kind), "")


def _joined(newest: Mapping[str, list[str]]) -> str:
    return "; ".join(f"{shown} {', '.join(values)}" for shown, values in newest.items())


def _short(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1].rstrip() + "…"

"""What the bot remembers between two messages, kept in the tracker's slots and never said back (practice 4)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields

from actions.facts import Fact

MOST_SAID = 20  # messages kept to see what was said already; the tracker itself has them all
LONGEST_SAID = 600


@dataclass(frozen=True)
class State:
    """A conversation so far. `asked` counts how often each question was put; `pending` is the one not yet answered."""

    language: str = ""
    category: str = ""
    category_confidence: float = 0.0
    grade: str = ""
    grade_confidence: float = 0.0
    sure: float = 0.0
    flags: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    asked: dict[str, int] = field(default_factory=dict)
    answered: tuple[str, ...] = ()
    pending: str = ""
    last_kind: str = ""
    clarified: bool = False
    form_offered: bool = False
    answers_given: tuple[str, ...] = ()
    tricks: int = 0
    said: tuple[str, ...] = ()
    last_message_id: str = ""
    last_turn: Mapping[str, object] | None = None

    @property
    def questions_put(self) -> int:
        """How many questions this conversation has had so far, of the six it may have."""
        return sum(self.asked.values())


SLOTS = tuple(each.name for each in fields(State))


def to_slots(state: State) -> dict[str, object]:
    """Answer the state as JSON, one value for each slot."""
    return {name: _plain(value) for name, value in asdict(state).items()}


def from_slots(slots: Mapping[str, object]) -> State:
    """Read the state back; a slot that is empty or of the wrong shape has its default."""
    state = State()
    kept: dict[str, object] = {}
    for name in SLOTS:
        value = slots.get(name)
        if name == "facts":
            kept[name] = tuple(fact for raw in _list(value) if (fact := Fact.read(raw)))
        elif name == "asked":
            counts = value if isinstance(value, Mapping) else {}
            kept[name] = {str(key): count for key, count in counts.items() if isinstance(count, int)}
        elif name == "last_turn":
            kept[name] = value if isinstance(value, Mapping) else None
        else:
            kept[name] = _like(getattr(state, name), value)
    return State(**kept)  # type: ignore[arg-type]  # each value has just been given its field's shape


def _like(default: object, value: object) -> object:
    """Answer `value` if it has the shape of `default`, else `default`."""
    if isinstance(default, tuple):
        return tuple(str(one) for one in _list(value))
    if isinstance(default, bool):
        return value is True
    if isinstance(default, float):
        return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else default
    if isinstance(default, int):
        return value if isinstance(value, int) and not isinstance(value, bool) else default
    return value if isinstance(value, str) else default


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value

"""An event holds its declared fields and nothing else, and nothing that could be a person's words."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

import contact
from contact.domain.errors import UndeclaredEvent
from contact.domain.events import FIELDS, READ_EVENTS, Event, checked
from contact.domain.jobs import QUEUE_OF, JobName, Queue
from contact.domain.taxonomy import Flag, Grade


def test_every_event_is_declared_and_the_list_is_alphabetical() -> None:
    assert set(FIELDS) == set(Event)
    assert list(Event) == sorted(Event)
    assert set(Event) > READ_EVENTS


def test_a_checked_event_is_json_with_every_field() -> None:
    at = datetime(2026, 11, 18, 10, tzinfo=UTC)
    data = checked(Event.CLAIMED, {"entry_id": UUID(int=7), "grade": Grade.PRIORITY, "lease_ends_at": at})
    assert data == {
        "entry_id": str(UUID(int=7)),
        "how": None,
        "lease_kind": None,
        "lease_ends_at": "2026-11-18T10:00:00.000000+00:00",
        "category": None,
        "grade": "priority",
    }
    assert checked(Event.PROPOSED, {"flags": [Flag.WEAPON], "advise_999": True, "confidence": 0.5})["flags"] == [
        "weapon"
    ]


@pytest.mark.parametrize(
    ("event", "data"),
    [
        (Event.CLAIMED, {"name": "Someone"}),
        (Event.NOTE_ADDED, {"message_id": "a note about a person"}),
        (Event.DECIDED, {"response": "Sent an officer to 1 High Street"}),
        (Event.SEARCHED, {"by": "alex@example.org"}),
        (Event.SEARCHED, {"by": ["alex@example.org"]}),
        (Event.LOOKED, {"late": "no"}),
        (Event.SNOOZED, {"until": datetime(2026, 1, 1)}),  # noqa: DTZ001
        (Event.SEARCHED, {"results": True}),
        (Event.DRAFT_STARTED, {"form_sha256": "not hexadecimal"}),
        (Event.CLOSED, {"reason": "x" * 65}),
        (Event.CLOSED, {"reason": "done\n"}),
    ],
)
def test_words_and_strange_fields_are_refused(event: Event, data: dict[str, object]) -> None:
    with pytest.raises(UndeclaredEvent) as caught:
        checked(event, data)
    assert caught.value.name == event.value
    assert caught.value.fields


def test_every_job_has_a_queue_and_no_queue_is_strange() -> None:
    assert set(QUEUE_OF) == set(JobName)
    assert {queue.value for queue in Queue} == {"urgent", "sms", "bot", "mail", "media", "clock", "money"}
    assert JobName.DELIVER_MAIL.queue is Queue.MAIL


def _events_written() -> Iterator[tuple[str, str, set[str]]]:
    """Where `Event.NAME` stands in a call with keywords: the place, the name, the keywords."""
    root = Path(contact.__file__).parent
    for path in sorted(root.rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
            for named in (one for one in call.args if isinstance(one, ast.Attribute)):
                if isinstance(named.value, ast.Name) and named.value.id == "Event":
                    place = f"{path.relative_to(root)}:{call.lineno}"
                    yield place, named.attr, {word.arg for word in call.keywords if word.arg}


def test_every_declared_event_is_written_somewhere() -> None:
    root = Path(contact.__file__).parent
    code = "".join(path.read_text("utf-8") for path in root.rglob("*.py") if path.name != "events.py")
    assert [event.name for event in Event if f"Event.{event.name}" not in code] == []


def test_the_code_writes_only_declared_fields() -> None:
    columns = {"force_id", "contact_id", "agent_id", "at", "session"}
    written = list(_events_written())
    assert len(written) > 20
    for place, name, words in written:
        assert words <= set(FIELDS[Event[name]]) | columns, place

"""A conversation with the real Rasa: through the job into the thread, over a restart, and forgotten at the end."""

from __future__ import annotations

from uuid import UUID

import psycopg

from contact.domain.bot_turn import BotTurn
from contact.jobs.forget_tracker import forget_tracker
from contact.jobs.take_bot_turn import take_bot_turn
from contact.store.identifiers import new_id
from tests.support.database import Cluster
from tests.support.rasa_served import Served
from tests.support.rasa_talks import Talks

FIRST = "hi my bike got nicked from outside the library sometime last night"


def remembered(cluster: Cluster, conversation_id: UUID) -> int:
    """How many lines Rasa keeps of a conversation."""
    with psycopg.connect(cluster.server.chatbot_url()) as connection:
        row = connection.execute("SELECT count(*) FROM events WHERE sender_id = %s", (str(conversation_id),)).fetchone()
    return int(row[0]) if row else 0


def written(cluster: Cluster, conversation_id: UUID) -> str:
    """All that Rasa keeps of a conversation."""
    with psycopg.connect(cluster.server.chatbot_url()) as connection:
        query = "SELECT data FROM events WHERE sender_id = %s ORDER BY id"
        return "\n".join(str(row[0]) for row in connection.execute(query, (str(conversation_id),)))


def metadata(*, first: bool, earlier: tuple[str, ...] = ()) -> dict[str, object]:
    """What the service tells about a message."""
    return {
        "earlier": list(earlier),
        "message_id": str(new_id()), "channel": "chat", "language": "en", "first": first, "staffed": True,
        "nation": "england-and-wales", "safe_contact_known": False, "known": {"reference_proven": False},
    }  # fmt: skip


def asked(rasa: Served, conversation_id: UUID, text: str, given: dict[str, object]) -> BotTurn:
    """One turn over HTTP."""
    return rasa.client().turn(conversation_id=conversation_id, text=text, metadata=given)


def test_a_message_is_answered_in_the_thread_with_a_proposal(talks: Talks, rasa: Served) -> None:
    contact_id = talks.begin(FIRST)
    take_bot_turn(contact_id=str(contact_id))
    lines = talks.lines(contact_id)
    assert lines[0].kind == "inbound"
    assert [line.kind for line in lines[1:]] == ["bot"] * (len(lines) - 1)
    assert len(lines) > 1
    (event,) = talks.events(contact_id, "bot_turn")
    assert event["outcome"] == "answered", "the real chatbot speaks as the contract says"
    take_bot_turn(contact_id=str(contact_id))
    assert talks.lines(contact_id) == lines, "the job may run twice"


def test_the_same_message_again_is_answered_the_same_again(rasa: Served) -> None:
    conversation_id, given = new_id(), metadata(first=True)
    turn = asked(rasa, conversation_id, FIRST, given)
    assert asked(rasa, conversation_id, FIRST, given) == turn
    further = metadata(first=False)
    second = asked(rasa, conversation_id, "outside the library", further)
    assert asked(rasa, conversation_id, "outside the library", further) == second


def test_a_reply_is_read_together_with_what_was_said_before_and_that_is_kept_nowhere_again(
    rasa: Served, cluster: Cluster
) -> None:
    conversation_id, reply, before = new_id(), "outside the library", "the bicycle was called Quillfeather"
    asked(rasa, conversation_id, FIRST, metadata(first=True))
    assert "in_context" not in written(cluster, conversation_id)
    asked(rasa, conversation_id, reply, metadata(first=False, earlier=(FIRST, before)))
    kept = written(cluster, conversation_id)
    assert "in_context" in kept
    assert reply in kept
    assert "Quillfeather" not in kept
    assert "Quillfeather" not in "".join([rasa.rasa.tail(1_000), rasa.actions.tail(1_000)]), "nor in a log"


def test_a_conversation_goes_on_after_rasa_was_killed(rasa: Served, cluster: Cluster) -> None:
    conversation_id, given = new_id(), metadata(first=True)
    turn = asked(rasa, conversation_id, FIRST, given)
    kept = remembered(cluster, conversation_id)
    assert kept > 0
    rasa.restart()
    assert remembered(cluster, conversation_id) == kept
    assert asked(rasa, conversation_id, FIRST, given) == turn, "it still knows what it answered"


def test_asking_for_a_person_reaches_one(talks: Talks, rasa: Served) -> None:
    contact_id = talks.begin("can i speak to a real person please")
    take_bot_turn(contact_id=str(contact_id))
    assert talks.waits_for_a_person(contact_id)


def test_what_was_erased_is_forgotten_here_too(talks: Talks, rasa: Served, cluster: Cluster) -> None:
    contact_id, other = talks.begin(FIRST), talks.begin(FIRST)
    for each in (contact_id, other):
        take_bot_turn(contact_id=str(each))
    assert remembered(cluster, contact_id) > 0
    kept = remembered(cluster, other)
    forget_tracker(contact_id=str(contact_id))
    assert remembered(cluster, contact_id) == 0
    assert remembered(cluster, other) == kept


def test_it_reads_a_text_on_its_own_and_keeps_nothing(rasa: Served, cluster: Cluster) -> None:
    found = rasa.client().read("someone took my bike last night")
    assert 0 <= found.confidence <= 1
    assert found.version
    assert found.data_version

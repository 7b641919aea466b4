"""One turn of the bot: ask Rasa with nothing held, and put its answer into the thread if it may still speak."""

from __future__ import annotations

import time
from uuid import UUID

from contact.domain.jobs import JobName
from contact.gateways.failures import OutsideFailure
from contact.jobs.registry import job, tools
from contact.services import bot_turns


@job(JobName.TAKE_BOT_TURN)
def take_bot_turn(contact_id: str) -> None:
    """Answer what was said since the last turn; where Rasa does not, a person goes on (scenario 13)."""
    with tools().sessions.begin() as session:
        turn = bot_turns.begin(session, contact_id=UUID(contact_id), now=tools().clock())
    if turn is None:
        return
    began = time.monotonic()
    try:
        answer = tools().chatbot.turn(conversation_id=turn.contact_id, text=turn.text, metadata=turn.metadata)
    except OutsideFailure as failure:
        with tools().sessions.begin() as session:
            bot_turns.fail(session, turn=turn, code=failure.code, took_ms=_ms(began), now=tools().clock())
        return
    with tools().sessions.begin() as session:
        bot_turns.end(session, turn=turn, answer=answer, took_ms=_ms(began), now=tools().clock())


def _ms(began: float) -> int:
    return round((time.monotonic() - began) * 1000)

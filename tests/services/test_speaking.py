"""What the platform says for danger: in the language in which it was heard, once (practice 11)."""

from __future__ import annotations

import pytest

from contact.domain.fixed_texts import FixedText, fixed_text
from contact.domain.screen import screen
from tests.services.test_chat import Talk
from tests.support.cases import Cases

POLISH = "pomóż mi, on ma nóż"


def _replies(talk: Talk, language: str) -> list[str]:
    words = fixed_text(FixedText.DANGER_REPLY, language)
    return [body for who, body in talk.thread() if who == "system" and body == words]


@pytest.mark.parametrize("bot", [True, False])
def test_danger_in_polish_is_answered_in_polish_and_in_the_fixed_words(cases: Cases, bot: bool) -> None:
    assert screen(POLISH).language == "pl"
    talk = Talk(cases, POLISH, bot=bot)
    assert len(_replies(talk, "pl")) == 1
    assert ("system", fixed_text(FixedText.CHAT_999, "en")) in talk.thread()


def test_it_is_said_once_and_also_when_danger_comes_later(cases: Cases) -> None:
    talk = Talk(cases, "someone took my bike")
    assert _replies(talk, "pl") == []
    for words in (POLISH, POLISH + "!"):
        talk.say(words)
    assert len(_replies(talk, "pl")) == 1


def test_danger_in_english_brings_no_reply_in_another_language(cases: Cases) -> None:
    talk = Talk(cases, "he has a knife and he is here")
    assert [who for who, body in talk.thread() if body == fixed_text(FixedText.CHAT_999, "en")] == ["system"]
    assert _replies(talk, "pl") == []

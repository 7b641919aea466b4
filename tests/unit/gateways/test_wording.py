"""Texts that leave: they say first what is only a show, name no matter in a subject, and fit where they must."""

from __future__ import annotations

from datetime import UTC, datetime

import jinja2
import pytest
import yaml

from contact.domain.alarms import AlarmKind
from contact.gateways import wording

GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
CONTEXT = {
    "reference": "K7M-2QX-9PD",
    "look_by": "2026-03-06T16:30:00+00:00",
    "until": "2026-04-03T16:30:00+00:00",
    "return_url": "https://contact.example/return/x",
    "answer_by": datetime(2026, 7, 6, 8, 5, tzinfo=UTC),
    "progress_url": "https://contact.example/progress",
    "link_url": "https://contact.example/firearms/x",
    "code": "amber river plain seven",
    "amount": "£126.00",
    "paid_at": "2026-03-06T16:30:00+00:00",
}
OF_A_REPORT = ("K7M-2QX-9PD", "https://contact.example/progress")
OWN = {
    wording.LetterName.CHAT_COPY: (),
    wording.LetterName.CHAT_LINK: ("return/x",),
    wording.LetterName.COME_BACK: ("return/x",),
    wording.LetterName.FOUR_WORDS: ("amber river plain seven",),
    wording.LetterName.PARENT_ASKED: ("firearms/x",),
    wording.LetterName.PRACTICE_ASKED: ("firearms/x",),
    wording.LetterName.REFEREE_ASKED: ("firearms/x",),
}
"""What leads on from a letter to somebody who has no reference, or does not need it for this."""
SENTENCE = {
    "en": "Demonstration: nothing you send reaches the police. In an emergency call 999.",
    "cy": "Arddangosiad: nid oes dim a anfonwch yn cyrraedd yr heddlu. Mewn argyfwng ffoniwch 999.",
}
TELLING = ("police", "heddlu", "crime", "trosedd", "report", "K7M", "999")


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("name", list(wording.LetterName))
def test_every_letter_begins_with_the_demonstration_until_the_force_is_live(name: str, language: str) -> None:
    context = {**CONTEXT, "body": "We have found your bicycle."}
    shown = wording.letter(name, language=language, live=False, context=context)
    live = wording.letter(name, language=language, live=True, context=context)
    assert shown.text.splitlines()[0] == SENTENCE[language]
    assert SENTENCE[language] not in live.text
    assert shown.subject == live.subject
    assert not [word for word in TELLING if word.lower() in live.subject.lower()]
    for needed in (*OWN.get(wording.LetterName(name), OF_A_REPORT), "999", "101"):
        assert needed in live.text
    assert "\n\n\n" not in shown.text


def test_the_acknowledgement_says_what_happens_next_and_when() -> None:
    english = wording.letter("acknowledgement", language="en", live=True, context=CONTEXT).text
    assert "A person will read it by 4:30 pm on Friday 6 March." in english
    assert "answer you by 9:05 am on Monday 6 July." in english  # British Summer Time
    welsh = wording.letter("acknowledgement", language="cy", live=True, context=CONTEXT).text
    assert "ddydd Gwener 6 Mawrth" in welsh
    unknown = wording.letter("acknowledgement", language="en", live=True, context={"reference": "R"}).text
    assert "A person will read it and answer you." in unknown


def test_a_missing_word_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(jinja2.UndefinedError):
        wording.letter("acknowledgement", language="en", live=True, context={})


def test_a_language_without_a_text_gets_english_and_an_unknown_letter_is_refused() -> None:
    assert wording.letter("acknowledgement", language="pl", live=True, context=CONTEXT).language == "en"
    with pytest.raises(ValueError, match="_demonstration"):
        wording.letter("_demonstration", language="en", live=True, context={})


def test_the_citizens_words_are_not_read_as_a_template() -> None:
    said = wording.letter("reply", language="en", live=True, context={**CONTEXT, "body": "{{ 7 * 7 }} <b>"})
    assert "{{ 7 * 7 }} <b>" in said.text


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("kind", list(AlarmKind))
def test_the_alarm_text_fits_one_segment(kind: AlarmKind, live: bool) -> None:
    text = wording.alarm_text(kind=kind, live=live)
    assert len(text) <= 160
    assert set(text) <= GSM_7
    assert text.startswith("DEMO, not the police.") is not live


@pytest.mark.parametrize("kind", list(AlarmKind))
def test_the_voice_says_where_to_look_and_whose_alarm_it_is(kind: AlarmKind) -> None:
    said = wording.alarm_call(kind=kind, live=False, force_name="Dyfed-Powys Police")
    assert said.startswith("This is a demonstration")
    assert "for Dyfed-Powys Police." in said
    assert "Press 1" in said
    assert "  " not in said
    assert "demonstration" not in wording.alarm_call(kind=kind, live=True, force_name=None)
    assert "Alarms" in wording.alarm_closing("accepted")


def test_every_text_has_an_owner_and_a_source() -> None:
    index = yaml.safe_load((wording.MESSAGES / "index.yaml").read_text(encoding="utf-8"))
    files = {tuple(file.name.split(".")[:2]) for file in wording.MESSAGES.glob("*.txt")}
    assert {(name, language) for name, about in index.items() for language in about["reviewer"]} == files
    assert all(about["owner"] and about["source"] for about in index.values())
    assert set(wording.unreviewed()) <= files

"""The bot's words as data: both languages, short enough, owned and dated, only numbers and forms that there are."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from actions.book import MOST_QUESTIONS, Answer, BadBook, Question, Text, the_book
from actions.codes import FORM_OF, LABELS, PRECEDENCE, SENSITIVE_CATEGORIES, SERVICE_CATEGORIES
from actions.codes import SENSITIVE_FLAGS as THEIR_SENSITIVE_FLAGS
from actions.languages import language_of
from actions.state import SLOTS

from contact.domain.sms_text import Alphabet, measure
from contact.domain.taxonomy import SENSITIVE, SENSITIVE_FLAGS, Category, first_category
from forms.help_lines import load_help_lines

ROOT = Path(__file__).resolve().parents[2]
CHATBOT = ROOT / "chatbot"
BOOK = the_book()
QUESTIONS = [(category, one) for category, asked in BOOK.questions.items() for one in asked]
ANSWERS = list(BOOK.answers.values())
DEMO = {"en": "DEMO, not the police. ", "cy": "DEMO, nid yr heddlu. "}
LINES = {re.sub(r"\D", "", line.number) for line in load_help_lines()} | {"999", "18000", "55", "85258"}
NUMBER = re.compile(r"(?<![\d£])0(?:\d ?){8,10}\d(?!\d)|\b(?:999|101|111|159|105|116 \d{3})\b")
FORMS = {path.parent.name for path in (ROOT / "forms" / "definitions").glob("*/form.yml")}


def texts() -> list[tuple[str, Text]]:
    """Every text that the bot may say."""
    found = [(f"{category}: {one.id}", one.text) for category, one in QUESTIONS]
    found += [(answer.id, text) for answer in ANSWERS for text in (answer.text, *answer.nations.values())]
    found += [(f"{answer.id}: online", answer.online) for answer in ANSWERS if answer.online]
    return found + [(name, text) for name, text in BOOK.lines.items()]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_question_fits_one_text_message(language: str) -> None:
    long = {
        f"{category}: {one.id}": found.units
        for category, one in QUESTIONS
        if (found := measure(DEMO[language] + one.text.on("sms", language))).parts > 1
    }
    assert long == {}


@pytest.mark.parametrize("language", ["en", "cy"])
def test_everything_else_fits_two_and_is_in_the_cheap_alphabet(language: str) -> None:
    support = {answer.id for answer in ANSWERS if answer.support and answer.support != "suicide"}  # said in chat only
    for name, text in texts():
        found = measure(DEMO[language] + text.on("sms", language))
        assert found.alphabet is Alphabet.GSM_7, name
        assert found.parts <= 2 or name in support or name.startswith("kind"), (name, found.units)


def test_what_is_said_in_chat_is_within_the_contract() -> None:
    assert [name for name, text in texts() for words in text.chat.values() if len(words) > 600] == []
    opening = BOOK.lines["opening"]
    for language in ("en", "cy"):
        for answer in ANSWERS:
            assert len(opening.chat[language]) + len(answer.text.chat[language]) < 600


def test_numbers_are_those_that_somebody_rings() -> None:
    strange = [
        (name, number)
        for name, text in texts()
        for words in (*text.chat.values(), *text.sms.values())
        for number in NUMBER.findall(words)
        if re.sub(r"\D", "", number) not in LINES
    ]
    assert strange == []


def test_nothing_is_promised_and_no_force_is_named() -> None:
    wrong = re.compile(
        r"\bwe will\b|\bI will (send|tell|make)|officers? will|\bpromise you|constabulary", re.IGNORECASE
    )
    assert [(name, words) for name, text in texts() for words in text.chat.values() if wrong.search(words)] == []


def test_sentences_are_short() -> None:
    """Reading age 9: no sentence of a question is long, and no line runs on."""
    for category, one in QUESTIONS:
        for sentence in re.split(r"(?<=[.?!]) ", one.text.chat["en"]):
            assert len(sentence.split()) <= 17, (category, sentence)


@pytest.mark.parametrize("category", PRECEDENCE)
def test_every_category_has_its_questions_or_answers(category: str) -> None:
    asked = BOOK.questions.get(category, ())
    assert len(asked) <= MOST_QUESTIONS
    if category in SENSITIVE_CATEGORIES:
        assert [one.id for one in asked] == ["reach"]
        assert BOOK.support(category)
    elif category not in SERVICE_CATEGORIES:
        assert asked
        assert asked[-1].id == "reach"
    else:
        assert asked or [answer for answer in ANSWERS if category in answer.categories]
    assert len({one.id for one in asked}) == len(asked)


def test_codes_are_the_services_own() -> None:
    assert set(PRECEDENCE) == {each.value for each in Category}
    assert {code: Category(code).label for code in LABELS} == LABELS
    assert {each.value for each in SENSITIVE} == SENSITIVE_CATEGORIES
    assert {each.value for each in SENSITIVE_FLAGS} == THEIR_SENSITIVE_FLAGS
    for higher, lower in pairwise(PRECEDENCE):
        assert first_category([Category(lower), Category(higher)], life_at_risk=True) == Category(higher)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: str(answer.id))
def test_answers_have_an_owner_and_a_day_of_review(answer: Answer) -> None:
    assert answer.owner
    assert answer.source
    assert answer.reviewed == "unreviewed" or dt.date.fromisoformat(answer.reviewed)
    assert dt.date.fromisoformat(answer.review_by) > dt.date(2026, 11, 1)
    assert not answer.form or answer.form in FORMS
    assert set(answer.categories) | set(answer.opens) <= set(PRECEDENCE)
    assert answer.examples or answer.support or answer.opens
    assert len(answer.examples) == len(set(answer.examples))


def test_there_are_enough_answers_and_forms_exist() -> None:
    assert len([answer for answer in ANSWERS if answer.examples]) >= 25
    assert set(FORM_OF.values()) <= FORMS


@pytest.mark.parametrize(("category", "question"), QUESTIONS, ids=lambda value: getattr(value, "id", str(value)))
def test_questions_tell_their_language(category: str, question: Question) -> None:
    assert language_of(question.text.chat["cy"], BOOK) in ("cy", ""), category
    assert language_of(question.text.chat["en"], BOOK) in ("en", ""), category


def test_no_word_is_taken_for_yes_or_no() -> None:
    """YAML reads `no` and `on` as truth values unless they stand in quotes."""
    languages = yaml.safe_load((CHATBOT / "lines" / "languages.yml").read_text("utf-8"))["languages"]
    assert [word for about in languages.values() for word in about.get("words", ()) if not isinstance(word, str)] == []
    cues = yaml.safe_load((CHATBOT / "lines" / "cues.yml").read_text("utf-8"))["cues"]
    assert [one for cue in cues.values() for listed in cue.values() for one in listed if not isinstance(one, str)] == []
    assert [cue for cue in cues if not isinstance(cue, str)] == []


def test_the_domain_knows_every_slot_and_intent() -> None:
    domain = [yaml.safe_load(path.read_text("utf-8")) for path in (CHATBOT / "domain").glob("*.yml")]
    slots = {name for each in domain for name in each.get("slots", {})}
    intents = {name for each in domain for one in each.get("intents", []) for name in one}
    assert slots == set(SLOTS)
    assert set(PRECEDENCE) < intents
    rules = [yaml.safe_load(path.read_text("utf-8")) for path in (CHATBOT / "data" / "rules").glob("*.yml")]
    ruled = {step["intent"] for each in rules for rule in each["rules"] for step in rule["steps"] if "intent" in step}
    assert ruled == intents


def test_addresses_and_memory_come_from_the_environment() -> None:
    endpoints = yaml.safe_load((CHATBOT / "endpoints.yml").read_text("utf-8"))
    assert endpoints["action_endpoint"]["url"] == "${RASA_ACTIONS_URL}"
    assert endpoints["tracker_store"]["url"] == "${CHATBOT_DATABASE_URL}"
    assert yaml.safe_load((CHATBOT / "credentials.yml").read_text("utf-8")) == {"rest": None}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("theft.yml", "category: burglary\nquestions: [reach]"),
        ("theft.yml", "category: theft\nquestions: [nobody-knows]"),
        ("theft.yml", "category: theft\nquestions: [reach, where, when, who, what, danger, reach]"),
        ("theft.yml", "category: theft\nquestions: [{id: x, takes: dreams, text: {en: a, cy: b}}]"),
        ("theft.yml", "category: theft\nquestions: [{id: x, text: {en: a}}]"),
        ("theft.yml", "category: [theft"),
    ],
)
def test_a_broken_file_is_told_at_the_start(tmp_path: Path, name: str, content: str) -> None:
    for room in ("questions", "answers", "lines"):
        (tmp_path / room).mkdir()
        for path in (CHATBOT / room).glob("*.yml"):
            (tmp_path / room / path.name).write_text(path.read_text("utf-8"), encoding="utf-8")
    (tmp_path / "questions" / name).write_text(content, encoding="utf-8")
    with pytest.raises(BadBook, match=name):
        the_book(tmp_path)

"""The bot's words, all of them data: questions by category, approved answers, fixed lines, what people say to it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from actions.codes import CATEGORIES, FACT_KINDS
from actions.weighing import Index
from actions.words import for_sms, words_of

CHATBOT = Path(__file__).resolve().parent.parent
MOST_QUESTIONS = 6  # in a category, and in a conversation
Phrases = tuple[tuple[str, ...], ...]


class BadBook(ValueError):
    """A file of the bot's words is not what it must be; names the file and the place."""


@dataclass(frozen=True)
class Text:
    """Words in both languages for chat and, where they must be shorter, for text messages."""

    chat: Mapping[str, str]
    sms: Mapping[str, str]

    def on(self, channel: str, language: str) -> str:
        """Answer the words for a channel and a language, in English where there is nothing else."""
        if channel == "sms":
            return for_sms(self.sms.get(language) or self.chat.get(language) or self.chat["en"])
        return self.chat.get(language) or self.chat["en"]


@dataclass(frozen=True)
class Question:
    """One thing to ask. Facts of its `kinds` answer it; free words become a fact of `takes`, if it names a kind."""

    id: str
    text: Text
    kinds: tuple[str, ...] = ()
    takes: str = ""
    danger: bool = False  # "yes" is an emergency
    about: bool = False  # answered by a first message that tells what happened
    said: Phrases = ()


@dataclass(frozen=True)
class Answer:
    """An approved text. `nations` holds texts that differ there; `names` are words that mean this and nothing else.

    `online`: what is said instead where the force takes applications for certificates online. No form is offered in a
    nation with a text of its own that says `form: false`.
    """

    id: str
    text: Text
    categories: tuple[str, ...]
    examples: tuple[tuple[str, ...], ...]
    names: Phrases
    owner: str
    source: str
    reviewed: str
    review_by: str
    signpost: bool = False
    form: str = ""
    support: str = ""
    opens: tuple[str, ...] = ()  # categories whose first turn says this before anything is asked
    nations: Mapping[str, Text] = field(default_factory=dict)
    formless: frozenset[str] = frozenset()
    online: Text | None = None

    def is_current(self, day: dt.date) -> bool:
        """Whether its owner had to look at it by a day that has not passed."""
        return day <= dt.date.fromisoformat(self.review_by)

    def words(self, *, channel: str, language: str, nation: str, online: bool = False) -> str:
        """The text as it holds in a nation, and in a force that takes applications online or does not."""
        usual = self.online if online and self.online else self.text
        return self.nations.get(nation, usual).on(channel, language)

    def form_in(self, nation: str) -> str:
        """The form that is offered with it in a nation, if any."""
        return "" if nation in self.formless else self.form


@dataclass(frozen=True)
class Book:
    """Everything the bot can say and listen for."""

    questions: Mapping[str, tuple[Question, ...]]
    answers: Mapping[str, Answer]
    lines: Mapping[str, Text]
    cues: Mapping[str, Mapping[str, Phrases]]
    languages: Mapping[str, Mapping[str, Any]]

    @cached_property
    def seen(self) -> Mapping[str, Phrases]:
        """What tells of a weapon or an injury, by the kind of the fact."""
        return {kind: self.cues[kind]["within"] for kind in ("weapon", "injury") if kind in self.cues}

    def support(self, kind: str) -> Answer | None:
        """The support services for one kind of harm."""
        return next((answer for answer in self.answers.values() if answer.support == kind), None)

    @cached_property
    def index(self) -> Index:
        """The examples of the answers that people may ask for, weighed once."""
        return Index({answer.id: answer.examples for answer in self.answers.values() if not answer.support})

    def opening_of(self, category: str, day: dt.date) -> Answer | None:
        """What is said first about a matter of this category, if anything; nothing whose review is overdue."""
        found = (answer for answer in self.answers.values() if category in answer.opens and answer.is_current(day))
        return next(found, None)


@lru_cache(maxsize=4)
def the_book(folder: Path = CHATBOT) -> Book:
    """Read all of it, once. Raises BadBook."""
    shared = {str(raw["id"]): raw for raw in _read(folder / "questions" / "shared.yml")["questions"]}
    questions = {}
    for path in sorted((folder / "questions").glob("*.yml")):
        if path.stem != "shared":
            category, asked = _category(path, shared)
            questions[category] = asked
    answers = [_answer(path) for path in sorted((folder / "answers").glob("*.yml"))]
    return Book(
        questions=questions,
        answers={answer.id: answer for answer in answers},
        lines={name: _text(raw, name) for name, raw in _read(folder / "lines" / "lines.yml")["lines"].items()},
        cues={
            name: {how: _phrases(raw.get(how)) for how in ("whole", "within", "begins")}
            for name, raw in _read(folder / "lines" / "cues.yml")["cues"].items()
        },
        languages=_read(folder / "lines" / "languages.yml")["languages"],
    )


def _category(path: Path, shared: Mapping[str, Any]) -> tuple[str, tuple[Question, ...]]:
    raw = _read(path)
    category = raw.get("category")
    if category not in CATEGORIES or category != path.stem:
        raise BadBook(f"{path.name}: category")
    listed = raw.get("questions", [])
    if not listed or len(listed) > MOST_QUESTIONS:
        raise BadBook(f"{path.name}: one to six questions")
    asked = []
    for one in listed:
        own = {"id": one} if isinstance(one, str) else one
        if own["id"] not in shared and "text" not in own:
            raise BadBook(f"{path.name}: {own['id']} is not shared and has no text")
        asked.append(_question({**shared.get(own["id"], {}), **own}, path.name))
    return category, tuple(asked)


def _question(raw: Mapping[str, Any], where: str) -> Question:
    kinds = tuple(raw.get("kinds", ()))
    takes = raw.get("takes", "")
    if not FACT_KINDS.issuperset(kinds) or (takes and takes not in FACT_KINDS):
        raise BadBook(f"{where}: {raw['id']} names a kind of fact that there is not")
    said = raw.get("said", {})
    return Question(
        id=raw["id"],
        text=_text(raw, f"{where}: {raw['id']}"),
        kinds=kinds,
        takes=takes,
        danger=raw.get("danger", False),
        about=raw.get("about", False),
        said=_phrases([*said.get("en", ()), *said.get("cy", ())]),
    )


def _answer(path: Path) -> Answer:
    raw = _read(path)
    if raw.get("id") != path.stem or not raw.get("owner") or not raw.get("review_by"):
        raise BadBook(f"{path.name}: id, owner or review_by")
    try:
        dt.date.fromisoformat(str(raw["review_by"]))
    except ValueError:
        raise BadBook(f"{path.name}: review_by is no day") from None
    asks = raw.get("asks", {})
    return Answer(
        id=path.stem,
        text=_text(raw, path.name),
        categories=tuple(raw.get("categories", ())),
        examples=tuple(tuple(words_of(one)) for one in [*asks.get("en", ()), *asks.get("cy", ())]),
        names=_phrases(raw.get("names")),
        owner=raw["owner"],
        source=raw.get("source", ""),
        reviewed=str(raw["reviewed"]) if raw.get("reviewed") else "unreviewed",
        review_by=str(raw["review_by"]),
        signpost=raw.get("signpost", False),
        form=raw.get("form") or "",
        support=raw.get("support", ""),
        opens=tuple(raw.get("opens", ())),
        nations={nation: _text(one, f"{path.name}: {nation}") for nation, one in raw.get("nations", {}).items()},
        formless=frozenset(nation for nation, one in raw.get("nations", {}).items() if one.get("form") is False),
        online=_text(raw["online"], f"{path.name}: online") if "online" in raw else None,
    )


def _text(raw: Mapping[str, Any], where: str) -> Text:
    chat = raw.get("text", raw)
    if not isinstance(chat, Mapping) or not chat.get("en") or not chat.get("cy"):
        raise BadBook(f"{where}: words in en and cy")
    return Text({key: str(chat[key]).strip() for key in ("en", "cy")}, raw.get("sms", {}))


def _phrases(raw: Any) -> Phrases:  # noqa: ANN401 - whatever stands in the file
    return tuple(found for one in raw or () if (found := tuple(words_of(str(one)))))


def _read(path: Path) -> Any:  # noqa: ANN401 - whatever stands in the file
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadBook(f"{path.name}: {type(error).__name__}") from error

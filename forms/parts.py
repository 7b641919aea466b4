"""The frozen parts a form is made of: options, questions, blocks of text, pages, sections, hints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from forms.checks import Check
from forms.rules import Answers, Rule, evaluate
from forms.text import T


class QuestionType(StrEnum):
    """How a question is answered; the stored value's shape is fixed by it (see forms/README.md)."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    YES_NO_NOT_SURE = "yes_no_not_sure"
    DATE = "date"
    WHEN = "when"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    PLACE = "place"
    SAFE_CONTACT = "safe_contact"
    ITEMS = "items"
    ADDRESS = "address"
    NUMBER = "number"
    WHAT3WORDS = "what3words"
    POINT = "point"
    PEOPLE = "people"
    VEHICLES = "vehicles"
    ROWS = "rows"
    FILES = "files"


ONE_OF_SEVERAL = frozenset({QuestionType.CHOICE, QuestionType.YES_NO, QuestionType.YES_NO_NOT_SURE})
CHOOSING = ONE_OF_SEVERAL | {QuestionType.CHOICES}
IN_ROWS = frozenset({QuestionType.ITEMS, QuestionType.PEOPLE, QuestionType.VEHICLES, QuestionType.ROWS})


class ColumnType(StrEnum):
    """How one box of a repeated row is answered."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    LONG_TEXT = "long_text"
    MONEY = "money"
    IMEI = "imei"
    REGISTRATION = "registration"
    PHONE = "phone"
    EMAIL = "email"
    POSTCODE = "postcode"


class Role(StrEnum):
    """What an answer means to the services, whatever its question is called in a form."""

    INVOLVEMENT = "involvement"
    ANONYMOUS = "anonymous"
    UNDER_18 = "under_18"
    PLACE = "place"
    WHEN = "when"
    ACCOUNT = "account"
    SAFE_CONTACT = "safe_contact"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    DATE_OF_BIRTH = "date_of_birth"
    POLICE_SUSPECT = "police_suspect"
    VICTIM_SUPPORT = "victim_support"
    SUSPECT = "suspect"
    SUSPECTS = "suspects"
    VEHICLES = "vehicles"
    PROPERTY = "property"
    POINT = "point"
    WHAT3WORDS = "what3words"
    SOURCE = "source"


class Desk(StrEnum):
    """Who reads what is sent."""

    CONTROL_ROOM = "control_room"
    LICENSING = "licensing"


class PageKind(StrEnum):
    """What a page does: asks, tells, points elsewhere but goes on, or ends the journey with nothing to send."""

    QUESTION = "question"
    INFORMATION = "information"
    SIGNPOST = "signpost"
    STOP = "stop"


class BlockKind(StrEnum):
    """The kinds of content a page may carry. ``emergency_ways``: the shared ways to reach 999 and the door."""

    HEADING = "heading"
    TEXT = "text"
    LIST = "list"
    LINK = "link"
    PHONE = "phone"
    INSET = "inset"
    WARNING = "warning"
    EMERGENCY_WAYS = "emergency_ways"


class SafeWay(StrEnum):
    """The ways a person may choose to be reached (practice 13); ``none`` is an answer."""

    EMAIL = "email"
    PHONE = "phone"
    TEXT = "text"
    POST = "post"
    ONLINE = "online"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of page content. ``url`` is for links, ``number`` for telephone lines, ``items`` for lists."""

    kind: BlockKind
    text: T
    items: tuple[T, ...] = ()
    url: str = ""
    number: str = ""
    when: Rule | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. ``exclusive`` (in ``choices``) cannot stand with another.

    ``refused`` (in a row): whoever chooses it is told this beside the box, and cannot go on with it.
    """

    code: str
    label: T
    hint: T | None = None
    exclusive: bool = False
    refused: T | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """What a question says when ``when`` holds, in place of its ordinary words."""

    when: Rule
    label: T | None = None
    hint: T | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One box of a repeated row. ``key`` is its name in the stored row; ``limit`` counts characters.

    ``minimum`` and ``maximum`` (where not 0) bound a number.
    """

    id: str
    type: ColumnType
    label: T
    hint: T | None = None
    options: tuple[Option, ...] = ()
    required: bool = False
    limit: int = 0
    past_only: bool = True
    minimum: int = 0
    maximum: int = 0

    @property
    def key(self) -> str:
        """Money says its unit."""
        return f"{self.id}_pence" if self.type is ColumnType.MONEY else self.id


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``limit`` counts characters (rows, or files); ``errors`` maps fault code to its own message.

    ``minimum`` and ``maximum`` bound a number. ``columns`` are the boxes of each row, ``each`` is what one row is
    called, ``at_least`` how many of them are needed. ``sensitive_images``: people here are told not to send intimate
    pictures (practice 6). ``checks`` hold the answer against earlier ones.
    """

    id: str
    type: QuestionType
    label: T
    hint: T | None = None
    why: T | None = None
    required: bool = True
    options: tuple[Option, ...] = ()
    when: Rule | None = None
    errors: Mapping[str, T] = field(default_factory=dict, hash=False)
    wordings: tuple[Wording, ...] = ()
    role: Role | None = None
    limit: int = 0
    past_only: bool = True
    ways: tuple[SafeWay, ...] = tuple(SafeWay)
    safe_word: bool = False
    autocomplete: str = ""
    locked: bool = False
    minimum: int = 0
    maximum: int = 0
    columns: tuple[Column, ...] = ()
    each: T | None = None
    sensitive_images: bool = False
    at_least: int = 0
    checks: tuple[Check, ...] = ()

    def label_for(self, answers: Answers, now: datetime) -> T:
        """The label, in the words that fit the answers so far."""
        found = (w.label for w in self.wordings if w.label and evaluate(w.when, answers, now))
        return next(found, self.label)

    def hint_for(self, answers: Answers, now: datetime) -> T | None:
        """The hint, in the words that fit the answers so far."""
        found = (w.hint for w in self.wordings if w.hint and evaluate(w.when, answers, now))
        return next(found, self.hint)

    def option(self, code: str) -> Option | None:
        """The option with that code, if the question has it."""
        return next((each for each in self.options if each.code == code), None)


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``title`` is None where the one question's label is the heading; ``locked`` keeps overlays off it."""

    id: str
    kind: PageKind
    title: T | None = None
    questions: tuple[Question, ...] = ()
    before: tuple[Block, ...] = ()
    after: tuple[Block, ...] = ()
    when: Rule | None = None
    section_id: str = ""
    locked: bool = False

    def title_for(self, answers: Answers, now: datetime) -> T:
        """The page's heading."""
        if self.title is not None:
            return self.title
        return self.questions[0].label_for(answers, now)


@dataclass(frozen=True, slots=True)
class Section:
    """Pages that belong together on check-answers."""

    id: str
    title: T
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """What the form suggests to triage. ``code`` is a category; ``grade`` is a floor, or None for no view."""

    code: str
    grade: str | None
    flags: tuple[str, ...]
    advise_999: bool
    reason_code: str


@dataclass(frozen=True, slots=True)
class HintRule:
    """A hint and the rule under which it is given."""

    when: Rule | None
    hint: Hint


@dataclass(frozen=True, slots=True)
class StopHere:
    """The way out on every page: stop here and be contacted (practice 21). ``asks`` are the only pages still asked."""

    label: T
    text: T
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """What a person is told will happen next; ``answer_hours`` is how soon someone answers."""

    answer_hours: int
    steps: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """Who answers for the texts, and who has read them (engineering 35). Without a reviewer they are unreviewed."""

    owner: str
    source: str = ""
    reviewer: str | None = None
    review_date: str | None = None
    welsh_reviewer: str | None = None

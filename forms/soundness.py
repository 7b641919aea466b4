"""Proves one form sound: ids unique, rules look backward at things that exist, paths end, texts are there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forms.journey import STOPPED_HERE
from forms.messages import FAULTS
from forms.parts import CHOOSING, ONE_OF_SEVERAL, Page, PageKind, Question, QuestionType, Role, SafeWay
from forms.reasons import REASONS
from forms.rules import Operator, Rule
from forms.schema import Form
from forms.sound_checks import check_faults_of
from forms.source import source_faults

PAGE_ID = re.compile(r"[a-z][a-z0-9-]*")
QUESTION_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# Addresses that the web has taken beside the pages of a form, and the beginning of those of its danger questions.
TAKEN_PAGE_IDS = frozenset({"start", "check", "sent", "resume", "stop", "copy", "link", "equality-questions"})
TAKEN_BEGINNING = "danger"
FAULT_CODES = frozenset(code for _, code in FAULTS)
WHEN_KINDS = frozenset({"exact", "between", "ongoing", "not_sure"})
_PARTS: dict[QuestionType, dict[str, frozenset[str] | None]] = {
    QuestionType.SAFE_CONTACT: {"how": frozenset(map(str, SafeWay)), "when": None, "safe_word": None, "value": None},
    QuestionType.WHEN: {"kind": WHEN_KINDS, "time": None},
    QuestionType.PLACE: {"postcode": None, "address": None, "description": None},
    QuestionType.NAME: {"given": None, "surname": None},
    QuestionType.ADDRESS: {"line1": None, "line2": None, "town": None, "postcode": None},
}
Q = QuestionType
# The shapes that the services read where a question has this meaning.
_ROLE_TYPES: dict[Role, frozenset[QuestionType]] = {
    Role.PLACE: frozenset({Q.PLACE, Q.ADDRESS}),
    Role.ADDRESS: frozenset({Q.ADDRESS, Q.PLACE}),
    Role.NAME: frozenset({Q.NAME}),
    Role.PHONE: frozenset({Q.PHONE}),
    Role.EMAIL: frozenset({Q.EMAIL}),
    Role.SAFE_CONTACT: frozenset({Q.SAFE_CONTACT}),
    Role.SUSPECTS: frozenset({Q.PEOPLE}),
    Role.VEHICLES: frozenset({Q.VEHICLES}),
    Role.PROPERTY: frozenset({Q.ITEMS}),
    Role.POINT: frozenset({Q.POINT}),
    Role.WHAT3WORDS: frozenset({Q.WHAT3WORDS}),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a definition: ``where`` is form and path, ``what`` says it in words."""

    where: str
    what: str


def check_form(form: Form) -> list[Problem]:
    """Every fault that needs no other form and no taxonomy; empty for a sound form."""
    found = [
        *_ids(form),
        *_rules(form),
        *_endings(form),
        *_questions(form),
        *_promises(form),
        *_sensitive(form),
        *source_faults(form),
    ]
    return [Problem(f"{form.id}: {where}", what) for where, what in found]


Faults = Iterator[tuple[str, str]]


def _repeated(ids: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {each for each in ids if each in seen or seen.add(each)}  # type: ignore[func-returns-value]


def _ids(form: Form) -> Faults:
    for kind, ids in (
        ("section", [section.id for section in form.sections]),
        ("page", [page.id for page in form.pages]),
        ("question", [question.id for question in form.questions]),
    ):
        for each in _repeated(ids):
            yield each, f"two {kind}s have this id"
    for page in form.pages:
        if not PAGE_ID.fullmatch(page.id) or page.id in TAKEN_PAGE_IDS or page.id.startswith(TAKEN_BEGINNING):
            yield page.id, "not a free page id: small letters, numbers and dashes, no address of the web's own"
        for question in page.questions:
            if not QUESTION_ID.fullmatch(question.id) or question.id == STOPPED_HERE:
                yield question.id, "not a question id: letters, numbers and underscores"
            for code in _repeated(option.code for option in question.options):
                yield question.id, f"two options have the code {code!r}"


def _rules(form: Form) -> Faults:
    """Rules of pages, questions, wordings and blocks see earlier pages only; hints and help see the whole form."""
    earlier: dict[str, Question] = {}
    for page in form.pages:
        for name, rule in _page_rules(page):
            yield from _rule(name, rule, earlier, "an earlier page")
        for question in page.questions:
            yield from check_faults_of(question, earlier)
        earlier |= {question.id: question for question in page.questions}
    for number, hint in enumerate(form.hints):
        yield from _rule(f"hints[{number}]", hint.when, earlier, "this form")
    for block in (*form.start, *form.help):
        yield from _rule("help", block.when, earlier, "this form")


def _page_rules(page: Page) -> Iterator[tuple[str, Rule | None]]:
    yield page.id, page.when
    yield from ((page.id, block.when) for block in (*page.before, *page.after))
    for question in page.questions:
        yield question.id, question.when
        yield from ((question.id, wording.when) for wording in question.wordings)
        yield from ((question.id, check.when) for check in question.checks)


def _rule(where: str, rule: Rule | None, known: dict[str, Question], reach: str) -> Faults:
    if rule is None:
        return
    for inner in rule.rules:
        yield from _rule(where, inner, known, reach)
    if not rule.question or rule.question == STOPPED_HERE:
        return
    name, _, part = rule.question.partition(".")
    question = known.get(name)
    if question is None:
        yield where, f"its rule looks at {name!r}, which is no question of {reach}"
        return
    if question.type is QuestionType.FILES:
        yield where, f"no rule can see the files of {name!r}"
        return
    yield from ((where, what) for what in _comparison(rule, question, part))


def _comparison(rule: Rule, question: Question, part: str) -> Iterator[str]:
    parts = _PARTS.get(question.type, {})
    if part and part not in parts:
        yield f"{question.id} has no part {part!r}"
        return
    dated = {QuestionType.DATE} if rule.operator is Operator.UNDER_YEARS else {QuestionType.DATE, QuestionType.WHEN}
    if rule.operator in (Operator.WITHIN_DAYS, Operator.OLDER_THAN_DAYS, Operator.UNDER_YEARS):
        if question.type not in dated or part:
            yield f"{rule.operator} cannot compare {question.id}"
    elif rule.operator is Operator.INCLUDES and question.type is not QuestionType.CHOICES:
        yield f"{question.id} holds one answer: use is"
    elif rule.operator in (Operator.IS, Operator.IS_NOT) and question.type is QuestionType.CHOICES:
        yield f"{question.id} holds several answers: use includes"
    known = parts.get(part) if part else {option.code for option in question.options} or None
    if rule.values and known is not None:
        yield from (f"{question.id} has no answer {value!r}" for value in rule.values if value not in known)
    elif rule.values and not part:
        yield f"{question.id} is not a question with a list of answers"


def _endings(form: Form) -> Faults:
    """Pages only go forward, so every path ends; it must be able to end at check-answers."""
    for page in form.pages:
        if page.kind is PageKind.STOP and page.when is None:
            yield page.id, "everybody would stop here: a stop page needs a rule"
    if form.pages[-1].kind is PageKind.STOP:
        yield form.pages[-1].id, "the last page cannot be a stop page: it would stand in front of check-answers"
    ids = {page.id for page in form.pages}
    for page_id in form.stop_here.asks if form.stop_here else ():
        if page_id not in ids:
            yield "stop_here", f"there is no page {page_id!r}"


def _questions(form: Form) -> Faults:
    for question in form.questions:
        if question.required and "required" not in question.errors:
            yield question.id, "needs its own message for a missing answer (errors.required)"
        for code in set(question.errors) - FAULT_CODES:
            yield question.id, f"no validator gives the fault {code!r}"
        if question.type not in CHOOSING and question.options:
            yield question.id, "has options that nobody can choose"
        if any(option.exclusive for option in question.options) and question.type in ONE_OF_SEVERAL:
            yield question.id, "exclusive is for questions with several answers"
        if not question.ways:
            yield question.id, "offers no way to be reached"
        types = _ROLE_TYPES.get(question.role) if question.role else None
        if types and question.type not in types:
            yield question.id, f"the role {question.role} needs the type {' or '.join(sorted(types))}"
        yield from ((question.id, what) for what in _of_its_type(form, question))
        yield from ((question.id, what) for what in _columns(question))


def _of_its_type(form: Form, question: Question) -> Iterator[str]:
    match question.type:
        case Q.FILES if question.required:
            yield "files are always optional"
        case Q.NUMBER if question.minimum > question.maximum:
            yield "min is more than max"
        case Q.WHAT3WORDS if question.required or not any(each.type is Q.PLACE for each in form.questions):
            yield "three words are never the only location: optional, in a form that asks for the place as well"


def _columns(question: Question) -> Iterator[str]:
    for each in _repeated(column.id for column in question.columns):
        yield f"two columns have the id {each!r}"
    for column in question.columns:
        if not QUESTION_ID.fullmatch(column.id):
            yield f"{column.id!r} is no column id: letters, numbers and underscores"
        for code in _repeated(option.code for option in column.options):
            yield f"two options of {column.id} have the code {code!r}"


def _promises(form: Form) -> Faults:
    if not form.promise.steps:
        yield "promise", "say what happens next"
    for number, each in enumerate(form.hints):
        if each.hint.reason_code not in REASONS:
            yield f"hints[{number}]", f"{each.hint.reason_code!r} is no reason on the list"


def check_roles(form: Form) -> list[Problem]:
    """What a form of the national set must ask, so that it can be routed, answered safely and read first."""
    roles = [question.role for question in form.questions if question.role]
    missing = [role for role in (Role.SAFE_CONTACT, Role.PLACE, Role.ACCOUNT) if role not in roles]
    twice = _repeated(map(str, roles)) & {str(Role.ANONYMOUS), str(Role.UNDER_18)}
    return [
        *(Problem(f"{form.id}: sections", f"no question has the role {role}") for role in missing),
        *(Problem(f"{form.id}: sections", f"two questions have the role {role}") for role in sorted(twice)),
    ]


def _sensitive(form: Form) -> Faults:
    if not form.sensitive:
        return
    if form.acknowledge:
        yield "acknowledge", "a sensitive form sends nothing by itself (practice 13)"
    if form.stop_here is None:
        yield "stop_here", "a sensitive form offers to stop and be contacted on every page (practice 21)"
    for page in form.pages:
        if page.kind is PageKind.STOP:
            yield page.id, "a sensitive form turns nobody away"
    for question in form.questions:
        if question.role is Role.SAFE_CONTACT and SafeWay.NONE not in question.ways:
            yield question.id, "do not contact me must be an answer (practice 13)"
        if question.role is Role.ACCOUNT and question.required:
            yield question.id, "the account is optional (practice 21)"

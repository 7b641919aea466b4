"""The closed vocabulary of rules over answers: data that is compared, never a string that is evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from forms.errors import FormDefinitionError

# A JSON value; its shape is fixed by the question's type (forms/README.md).
Value: TypeAlias = Any
Answers = Mapping[str, Value]
# People write dates as their own calendar has them; "today" is the day in the United Kingdom.
LOCAL_TIME = ZoneInfo("Europe/London")


class Operator(StrEnum):
    """Every comparison a definition may use."""

    IS = "is"
    IS_NOT = "is_not"
    INCLUDES = "includes"
    ANY_OF = "any_of"
    ANSWERED = "answered"
    ALL = "all"
    ANY = "any"
    NOT = "not"
    WITHIN_DAYS = "within_days"
    OLDER_THAN_DAYS = "older_than_days"
    UNDER_YEARS = "under_years"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``question`` is a question id, with a part after a dot where the answer has parts (``contact.how``)."""

    operator: Operator
    question: str = ""
    values: tuple[str, ...] = ()
    number: int = 0
    rules: tuple[Rule, ...] = ()


_GROUPS = (Operator.ALL, Operator.ANY)
_COUNTED = (Operator.WITHIN_DAYS, Operator.OLDER_THAN_DAYS, Operator.UNDER_YEARS)


def parse_rule(raw: object, where: str) -> Rule:
    """Read ``{operator: argument}``; raise FormDefinitionError naming ``where`` when it is none of the vocabulary."""
    if not isinstance(raw, Mapping) or len(raw) != 1:
        raise FormDefinitionError(where, "a rule is one operator and its argument")
    name, argument = next(iter(raw.items()))
    if name not in set(Operator):
        raise FormDefinitionError(where, f"there is no rule called {name!r}")
    operator = Operator(name)
    if operator in _GROUPS:
        if not isinstance(argument, list) or not argument:
            raise FormDefinitionError(where, f"{name} needs a list of rules")
        return Rule(operator, rules=tuple(parse_rule(each, where) for each in argument))
    if operator is Operator.NOT:
        return Rule(operator, rules=(parse_rule(argument, where),))
    if operator is Operator.ANSWERED:
        if not isinstance(argument, str):
            raise FormDefinitionError(where, "answered needs a question id")
        return Rule(operator, question=argument)
    return _parse_comparison(operator, argument, where)


def _parse_comparison(operator: Operator, argument: object, where: str) -> Rule:
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
        raise FormDefinitionError(where, f"{operator} needs [question, value]")
    question, value = argument
    if operator in _COUNTED:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise FormDefinitionError(where, f"{operator} needs a whole number")
        return Rule(operator, question=question, number=value)
    if operator is Operator.ANY_OF:
        if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            raise FormDefinitionError(where, "any_of needs a list of values")
        return Rule(operator, question=question, values=tuple(value))
    if not isinstance(value, str):
        raise FormDefinitionError(where, f"{operator} needs one value, as text")
    return Rule(operator, question=question, values=(value,))


def references(rule: Rule) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each ``question[.part]`` the rule looks at, with the codes it compares against."""
    if rule.question:
        yield rule.question, rule.values
    for inner in rule.rules:
        yield from references(inner)


def look_up(answers: Answers, question: str) -> Value:
    """The answer to ``question[.part]``; None where it was not answered."""
    name, _, part = question.partition(".")
    value = answers.get(name)
    if part:
        value = value.get(part) if isinstance(value, Mapping) else None
    return None if value in ("", [], {}) else value


def evaluate(rule: Rule | None, answers: Answers, now: datetime) -> bool:
    """Whether ``rule`` holds; no rule always holds. Without an answer all comparisons fail but ``is_not``."""
    if rule is None:
        return True
    match rule.operator:
        case Operator.ALL:
            return all(evaluate(each, answers, now) for each in rule.rules)
        case Operator.ANY:
            return any(evaluate(each, answers, now) for each in rule.rules)
        case Operator.NOT:
            return not evaluate(rule.rules[0], answers, now)
        case Operator.WITHIN_DAYS | Operator.OLDER_THAN_DAYS | Operator.UNDER_YEARS:
            return _compare_date(rule, answers, now)
        case _:
            return _compare(rule, look_up(answers, rule.question))


def _compare(rule: Rule, value: Value) -> bool:
    match rule.operator:
        case Operator.ANSWERED:
            return value is not None
        case Operator.IS_NOT:
            return bool(value != rule.values[0])
        case Operator.INCLUDES:
            return isinstance(value, list) and rule.values[0] in value
        case Operator.ANY_OF if isinstance(value, list):
            return any(each in rule.values for each in value)
        case _:
            return value in rule.values


def _compare_date(rule: Rule, answers: Answers, now: datetime) -> bool:
    today = now.astimezone(LOCAL_TIME).date()
    day = last_day(look_up(answers, rule.question), today)
    if day is None:
        return False
    if rule.operator is Operator.UNDER_YEARS:
        birthday_to_come = (today.month, today.day) < (day.month, day.day)
        return today.year - day.year - birthday_to_come < rule.number
    days = (today - day).days
    return days <= rule.number if rule.operator is Operator.WITHIN_DAYS else days > rule.number


def last_day(value: Value, today: date) -> date | None:
    """The latest day that a date or ``when`` answer reaches; what is still going on reaches today; None if unknown."""
    if isinstance(value, str):
        return date.fromisoformat(value)
    if not isinstance(value, Mapping):
        return None
    if value.get("kind") == "ongoing":
        return today
    day = value.get("end_date") or value.get("date")
    return date.fromisoformat(day) if day else None

"""One question as plain data read into a Question: its type, its options, its other wordings, its columns."""

from __future__ import annotations

from types import MappingProxyType

from forms.checks import parse_check
from forms.columns import DEFAULT_LIMITS as COLUMN_LIMITS
from forms.columns import EACH, OWN_COLUMNS
from forms.entry import Entry, read_text
from forms.errors import FormDefinitionError
from forms.messages import PHRASES
from forms.parts import IN_ROWS, Column, ColumnType, Option, Question, QuestionType, Role, SafeWay, Wording

Q = QuestionType
DEFAULT_LIMITS = {
    Q.TEXT: 200,
    Q.LONG_TEXT: 4000,
    Q.PLACE: 500,
    Q.ITEMS: 10,
    Q.PEOPLE: 10,
    Q.VEHICLES: 10,
    Q.ROWS: 10,
    Q.FILES: 20,
}
LARGEST_NUMBER = 999_999_999
FIXED_OPTIONS = {Q.YES_NO: ("yes", "no"), Q.YES_NO_NOT_SURE: ("yes", "no", "not_sure")}


def parse_question(raw: object, where: str) -> Question:
    """One question; FormDefinitionError names ``where`` and the path of the first fault."""
    entry = Entry(raw, where)
    kind = entry.one_of("type", QuestionType)
    role = entry.optional("role")
    errors = {code: read_text(text, f"{where}.errors.{code}") for code, text in entry.mapping("errors").items()}
    question = Question(
        id=entry.string("id"),
        type=kind,
        label=entry.need_text("label"),
        hint=entry.text("hint"),
        why=entry.text("why"),
        required=entry.flag("required", default=kind is not Q.FILES),
        options=_options(entry, kind),
        when=entry.rule("when"),
        errors=MappingProxyType(errors),
        wordings=tuple(_wording(each, f"{where}.wordings[{n}]") for n, each in enumerate(entry.several("wordings"))),
        role=None if role is None else _role(role, where),
        limit=entry.whole("limit", DEFAULT_LIMITS.get(kind, 0)),
        past_only=entry.flag("past_only", default=True),
        ways=tuple(_way(each, where) for each in entry.words("ways")) or tuple(SafeWay),
        safe_word=entry.flag("safe_word"),
        autocomplete=entry.string("autocomplete", ""),
        locked=entry.flag("locked"),
        minimum=entry.whole("min", 0) if kind is Q.NUMBER else 0,
        maximum=entry.whole("max", LARGEST_NUMBER) if kind is Q.NUMBER else 0,
        columns=_columns(entry, kind),
        each=(entry.text("each") or EACH[kind]) if kind in IN_ROWS else None,
        sensitive_images=entry.flag("sensitive_images") if kind is Q.FILES else False,
        at_least=entry.whole("at_least", 0) if kind in IN_ROWS else 0,
        checks=tuple(parse_check(each, f"{where}.checks[{n}]") for n, each in enumerate(entry.several("checks"))),
    )
    entry.finish()
    return question


def _role(name: str, where: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise FormDefinitionError(f"{where}.role", f"there is no role called {name!r}") from None


def _way(name: str, where: str) -> SafeWay:
    try:
        return SafeWay(name)
    except ValueError:
        raise FormDefinitionError(f"{where}.ways", f"there is no way called {name!r}") from None


def _options(entry: Entry, kind: QuestionType) -> tuple[Option, ...]:
    where = entry.at("options")
    given = entry.several("options")
    fixed = FIXED_OPTIONS.get(kind)
    if fixed is not None:
        if given:
            raise FormDefinitionError(where, f"the options of {kind} are fixed")
        return tuple(Option(code, PHRASES[code]) for code in fixed)
    takes_options = kind in (QuestionType.CHOICE, QuestionType.CHOICES)
    if takes_options is not (len(given) >= 2):
        raise FormDefinitionError(where, "two options at least" if takes_options else f"{kind} has no options")
    return tuple(_option(each, f"{where}[{n}]") for n, each in enumerate(given))


def _columns(entry: Entry, kind: QuestionType) -> tuple[Column, ...]:
    """A form describes the columns of ``rows``; of the engine's own kinds of rows it may name those it needs."""
    where = entry.at("columns")
    own = OWN_COLUMNS.get(kind)
    if own is not None:
        names = entry.words("columns") or tuple(column.id for column in own)
        needed = [column.id for column in own if column.required and column.id not in names]
        for name in {*names} - {column.id for column in own}:
            raise FormDefinitionError(where, f"{kind} has no column {name!r}")
        for name in needed:
            raise FormDefinitionError(where, f"{kind} needs the column {name!r}")
        return tuple(column for column in own if column.id in names)
    if kind is not Q.ROWS:
        return ()
    columns = tuple(_column(each, f"{where}[{n}]") for n, each in enumerate(entry.several("columns")))
    if not columns:
        raise FormDefinitionError(where, "rows need columns")
    return columns


def _column(raw: object, where: str) -> Column:
    entry = Entry(raw, where)
    kind = entry.one_of("type", ColumnType)
    options = tuple(_option(each, f"{where}.options[{n}]") for n, each in enumerate(entry.several("options")))
    if (kind is ColumnType.CHOICE) is not (len(options) >= 2):
        raise FormDefinitionError(
            where, "two options at least" if kind is ColumnType.CHOICE else f"{kind} has no options"
        )
    column = Column(
        id=entry.string("id"),
        type=kind,
        label=entry.need_text("label"),
        hint=entry.text("hint"),
        options=options,
        required=entry.flag("required"),
        limit=entry.whole("limit", COLUMN_LIMITS.get(kind, 0)),
        past_only=entry.flag("past_only", default=True),
        minimum=entry.whole("min", 0) if kind is ColumnType.NUMBER else 0,
        maximum=entry.whole("max", 0) if kind is ColumnType.NUMBER else 0,
    )
    entry.finish()
    return column


def _option(raw: object, where: str) -> Option:
    entry = Entry(raw, where)
    option = Option(
        code=entry.string("code"),
        label=entry.need_text("label"),
        hint=entry.text("hint"),
        exclusive=entry.flag("exclusive"),
        refused=entry.text("refused"),
    )
    entry.finish()
    return option


def _wording(raw: object, where: str) -> Wording:
    entry = Entry(raw, where)
    rule = entry.rule("when")
    if rule is None:
        raise FormDefinitionError(where, "a wording needs a rule")
    wording = Wording(rule, entry.text("label"), entry.text("hint"))
    entry.finish()
    return wording

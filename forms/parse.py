"""A definition as plain data (from YAML or canonical JSON) read into a Form; anything unknown is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from forms.entry import Entry, read_text
from forms.errors import FormDefinitionError
from forms.messages import PHRASES
from forms.parts import (
    Block,
    BlockKind,
    Hint,
    HintRule,
    Option,
    Page,
    PageKind,
    Promise,
    Question,
    QuestionType,
    Review,
    Role,
    SafeWay,
    Section,
    StopHere,
    Wording,
)
from forms.schema import Form
from forms.text import T

DEFAULT_LIMITS = {QuestionType.TEXT: 200, QuestionType.LONG_TEXT: 4000, QuestionType.ITEMS: 10, QuestionType.PLACE: 500}
FIXED_OPTIONS = {QuestionType.YES_NO: ("yes", "no"), QuestionType.YES_NO_NOT_SURE: ("yes", "no", "not_sure")}
DANGER_QUESTION = T("Is anyone in danger now?", "A oes unrhyw un mewn perygl nawr?")


def parse_form(raw: object, where: str) -> Form:
    """The form that ``raw`` describes; FormDefinitionError names ``where`` and the path of the first fault."""
    entry = Entry(raw, where)
    form_id = entry.string("id")
    category = entry.string("category")
    form = Form(
        id=form_id,
        version=entry.whole("version"),
        title=entry.need_text("title"),
        category=category,
        sensitive=entry.flag("sensitive"),
        estimated_minutes=entry.whole("estimated_minutes"),
        promise=_promise(Entry(entry.pop("promise"), entry.at("promise"))),
        review=_review(Entry(entry.pop("review"), entry.at("review"))),
        danger_question=entry.text("danger_question") or DANGER_QUESTION,
        asks_danger_itself=entry.flag("asks_danger_itself"),
        anonymous_allowed=entry.flag("anonymous_allowed"),
        acknowledge=entry.flag("acknowledge", default=True),
        prescribed=entry.optional("prescribed"),
        stop_here=_stop_here(entry),
        start=_blocks(entry, "start"),
        help=_blocks(entry, "help"),
        hints=tuple(_hint(each, f"{where}.hints[{n}]", category) for n, each in enumerate(entry.several("hints"))),
        sections=tuple(_section(each, f"{where}.sections[{n}]") for n, each in enumerate(entry.several("sections"))),
        force=entry.optional("force"),
    )
    entry.finish()
    if not form.pages:
        raise FormDefinitionError(where, "a form needs a page")
    return form


def _section(raw: object, where: str) -> Section:
    entry = Entry(raw, where)
    section_id = entry.string("id")
    pages = tuple(_page(each, f"{where}.pages[{n}]", section_id) for n, each in enumerate(entry.several("pages")))
    section = Section(id=section_id, title=entry.need_text("title"), pages=pages)
    entry.finish()
    return section


def _page(raw: object, where: str, section_id: str) -> Page:
    entry = Entry(raw, where)
    page = Page(
        id=entry.string("id"),
        kind=entry.one_of("kind", PageKind, PageKind.QUESTION),
        title=entry.text("title"),
        questions=tuple(
            _question(each, f"{where}.questions[{n}]") for n, each in enumerate(entry.several("questions"))
        ),
        before=_blocks(entry, "before"),
        after=_blocks(entry, "after"),
        when=entry.rule("when"),
        section_id=section_id,
        locked=entry.flag("locked"),
    )
    entry.finish()
    if (page.kind is PageKind.QUESTION) is not bool(page.questions):
        raise FormDefinitionError(
            where, f"a page of kind {page.kind} {'needs' if not page.questions else 'has no'} questions"
        )
    if page.title is None and len(page.questions) != 1:
        raise FormDefinitionError(where, "a page without a title has exactly one question")
    return page


def _question(raw: object, where: str) -> Question:
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
        required=entry.flag("required", default=True),
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


def _option(raw: object, where: str) -> Option:
    entry = Entry(raw, where)
    option = Option(entry.string("code"), entry.need_text("label"), entry.text("hint"), entry.flag("exclusive"))
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


def _blocks(parent: Entry, key: str) -> tuple[Block, ...]:
    where = parent.at(key)
    return tuple(_block(raw, f"{where}[{n}]") for n, raw in enumerate(parent.several(key)))


def _block(raw: object, where: str) -> Block:
    """``{text: …}``, ``{list: [..], text: lead-in}``, ``{link: …, url: …}``, ``{phone: name, number: …}`` and so on."""
    entry = Entry(raw, where)
    kinds = [kind for kind in BlockKind if isinstance(raw, Mapping) and kind in raw]
    # A list may have a lead-in text; then the list is the kind.
    kind = BlockKind.LIST if BlockKind.LIST in kinds else kinds[0] if kinds else None
    if kind is None:
        raise FormDefinitionError(where, "a block is one of: " + ", ".join(BlockKind))
    block = Block(
        kind=kind,
        text=(entry.text("text") or T("")) if kind is BlockKind.LIST else entry.need_text(kind),
        items=entry.texts("list") if kind is BlockKind.LIST else (),
        url=entry.string("url") if kind is BlockKind.LINK else "",
        number=entry.string("number") if kind is BlockKind.PHONE else "",
        when=entry.rule("when"),
    )
    entry.finish()
    return block


def _hint(raw: object, where: str, category: str) -> HintRule:
    entry = Entry(raw, where)
    hint = Hint(
        code=entry.string("code", category),
        grade=entry.optional("grade"),
        flags=entry.words("flags"),
        advise_999=entry.flag("advise_999"),
        reason_code=entry.string("reason"),
    )
    rule = entry.rule("when")
    entry.finish()
    return HintRule(rule, hint)


def _stop_here(form: Entry) -> StopHere | None:
    raw = form.pop("stop_here")
    if raw is None:
        return None
    entry = Entry(raw, form.at("stop_here"))
    stop_here = StopHere(entry.need_text("label"), entry.need_text("text"), entry.words("asks"))
    entry.finish()
    return stop_here


def _promise(entry: Entry) -> Promise:
    promise = Promise(entry.whole("answer_hours"), entry.texts("steps"))
    entry.finish()
    return promise


def _review(entry: Entry) -> Review:
    keys: dict[str, Any] = {key: entry.optional(key) for key in ("reviewer", "review_date", "welsh_reviewer")}
    review = Review(owner=entry.string("owner"), source=entry.string("source", ""), **keys)
    entry.finish()
    return review

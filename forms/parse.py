"""A definition as plain data (from YAML or canonical JSON) read into a Form; anything unknown is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.entry import Entry
from forms.errors import FormDefinitionError
from forms.parse_question import parse_question
from forms.parts import (
    Block,
    BlockKind,
    Desk,
    Hint,
    HintRule,
    Page,
    PageKind,
    Promise,
    Review,
    Section,
    StopHere,
)
from forms.schema import Form
from forms.text import T

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
        review=read_review(Entry(entry.pop("review"), entry.at("review"))),
        danger_question=entry.text("danger_question") or DANGER_QUESTION,
        asks_danger_itself=entry.flag("asks_danger_itself"),
        anonymous_allowed=entry.flag("anonymous_allowed"),
        acknowledge=entry.flag("acknowledge", default=True),
        source_apart=entry.flag("source_apart"),
        prescribed=entry.optional("prescribed"),
        desk=entry.one_of("desk", Desk, Desk.CONTROL_ROOM),
        stop_here=_stop_here(entry),
        start=read_blocks(entry, "start"),
        help=read_blocks(entry, "help"),
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
            parse_question(each, f"{where}.questions[{n}]") for n, each in enumerate(entry.several("questions"))
        ),
        before=read_blocks(entry, "before"),
        after=read_blocks(entry, "after"),
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


def read_blocks(parent: Entry, key: str) -> tuple[Block, ...]:
    """The content under ``key``."""
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


def read_review(entry: Entry) -> Review:
    """Who answers for the texts."""
    keys: dict[str, Any] = {key: entry.optional(key) for key in ("reviewer", "review_date", "welsh_reviewer")}
    review = Review(owner=entry.string("owner"), source=entry.string("source", ""), **keys)
    entry.finish()
    return review

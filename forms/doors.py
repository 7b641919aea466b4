"""The doors of the chooser, and the signposts behind some of them, as data (practice 7)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from forms.entry import Entry
from forms.errors import FormDefinitionError
from forms.loader import ROOT, form_ids, read_yaml
from forms.parse import read_blocks, read_review
from forms.parts import Block, BlockKind, Review
from forms.soundness import Problem
from forms.text import LANGUAGES, T

DOORS = ROOT / "doors.yml"
SIGNPOSTS = ROOT / "signposts"
_ADDRESS = re.compile(r"/(?:[a-z0-9-]+/)+")
NATIONS = ("england", "wales", "scotland", "northern_ireland")


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: to a form, a signpost, or a page of the service. `words` by language are what people type for it.

    ``address`` begins and ends with a slash; ``behind`` are the forms that its page leads to.
    """

    id: str
    label: T
    hint: T
    categories: tuple[str, ...]
    form: str | None
    signpost: str | None
    words: Mapping[str, tuple[str, ...]]
    address: str | None = None
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Doors that belong together."""

    id: str
    title: T
    doors: tuple[Door, ...]


@dataclass(frozen=True, slots=True)
class Doors:
    """The whole chooser. ``danger_question`` stands before every signpost that has none of its own (practice 20)."""

    groups: tuple[Group, ...]
    danger_question: T
    review: Review

    def __iter__(self) -> Iterator[Door]:
        return (door for group in self.groups for door in group.doors)


@dataclass(frozen=True, slots=True)
class Signpost:
    """Whose job it is. ``nations`` are added where the nation is known, else all; ``still``: when it is for us."""

    id: str
    title: T
    danger_question: T
    who: T
    steps: tuple[Block, ...]
    nations: Mapping[str, tuple[Block, ...]]
    still: tuple[tuple[str, T], ...]
    review: Review


@cache
def load_doors() -> Doors:
    """Every door, in the order people need them. Raises FormDefinitionError."""
    entry = Entry(read_yaml(DOORS), DOORS.name)
    entry.whole("version")
    groups = tuple(_group(raw, f"{DOORS.name}.groups[{n}]") for n, raw in enumerate(entry.several("groups")))
    review = read_review(Entry(entry.pop("review"), entry.at("review")))
    doors = Doors(groups, entry.need_text("danger_question"), review)
    entry.finish()
    return doors


def _group(raw: object, where: str) -> Group:
    entry = Entry(raw, where)
    doors = tuple(_door(each, f"{where}.doors[{n}]") for n, each in enumerate(entry.several("doors")))
    group = Group(entry.string("id"), entry.need_text("title"), doors)
    entry.finish()
    return group


def _door(raw: object, where: str) -> Door:
    entry = Entry(raw, where)
    words = entry.mapping("words")
    door = Door(
        id=entry.string("id"),
        label=entry.need_text("label"),
        hint=entry.need_text("hint"),
        categories=tuple(entry.words("categories")),
        form=entry.optional("form"),
        signpost=entry.optional("signpost"),
        words={language: tuple(words.get(language, ())) for language in LANGUAGES},
        address=entry.optional("address"),
        behind=entry.words("behind"),
    )
    entry.finish()
    if sum(way is not None for way in (door.form, door.signpost, door.address)) != 1:
        raise FormDefinitionError(where, "a door leads to a form, to a signpost or to a page of the service")
    if door.address is not None and not _ADDRESS.fullmatch(door.address):
        raise FormDefinitionError(where, f"{door.address!r} is no address of the service's own, like /firearms/")
    if door.behind and door.address is None:
        raise FormDefinitionError(where, "only a page of the service has forms behind it")
    return door


@cache
def load_signposts() -> Mapping[str, Signpost]:
    """Every signpost by id. Raises FormDefinitionError."""
    found = (_signpost(read_yaml(path), path.name) for path in sorted(SIGNPOSTS.glob("*.yml")))
    return {signpost.id: signpost for signpost in found}


def _signpost(raw: object, where: str) -> Signpost:
    entry = Entry(raw, where)
    nations = Entry(entry.mapping("nations"), entry.at("nations"))
    signpost = Signpost(
        id=entry.string("id"),
        title=entry.need_text("title"),
        danger_question=entry.text("danger_question") or load_doors().danger_question,
        who=entry.need_text("who"),
        steps=read_blocks(entry, "steps"),
        nations={nation: blocks for nation in NATIONS if (blocks := read_blocks(nations, nation))},
        still=tuple(_still(each, f"{where}.still[{n}]") for n, each in enumerate(entry.several("still"))),
        review=read_review(Entry(entry.pop("review"), entry.at("review"))),
    )
    nations.finish()
    entry.finish()
    return signpost


def _still(raw: object, where: str) -> tuple[str, T]:
    entry = Entry(raw, where)
    found = (entry.string("form"), entry.need_text("text"))
    entry.finish()
    return found


def check_doors(categories: Collection[str]) -> list[Problem]:
    """Every fault: a category without a door, a door to nowhere, a form that no door leads to, a gap in Welsh."""
    try:
        doors, signposts = load_doors(), load_signposts()
    except FormDefinitionError as error:
        return [Problem(error.where, error.what)]
    problems = [Problem(DOORS.name, what) for what in _faults(doors, signposts, set(categories))]
    for signpost in signposts.values():
        problems += [Problem(f"signposts/{signpost.id}.yml", what) for what in _signpost_faults(signpost)]
    return problems


def _faults(doors: Doors, signposts: Mapping[str, Signpost], categories: set[str]) -> Iterator[str]:
    ids = [door.id for door in doors]
    yield from (f"two doors are called {each!r}" for each in sorted({each for each in ids if ids.count(each) > 1}))
    open_to = {category for door in doors for category in door.categories}
    yield from (f"no door for the category {each}" for each in sorted(categories - open_to))
    yield from (f"{each!r} is not in the taxonomy" for each in sorted(open_to - categories))
    for door in doors:
        for form in (door.form, *door.behind):
            if form is not None and form not in form_ids():
                yield f"{door.id} leads to the form {form!r}, which is not there"
        if door.signpost is not None and door.signpost not in signposts:
            yield f"{door.id} leads to the signpost {door.signpost!r}, which is not there"
    led_to = {form for door in doors for form in (door.form, *door.behind)}
    yield from (f"no door leads to the form {each!r}" for each in sorted({*form_ids()} - led_to))
    yield from (
        f"no door leads to the signpost {each!r}" for each in sorted({*signposts} - {door.signpost for door in doors})
    )
    texts = [doors.danger_question, *(group.title for group in doors.groups)]
    yield from _gaps([*texts, *(text for door in doors for text in (door.label, door.hint))])


def _signpost_faults(signpost: Signpost) -> Iterator[str]:
    blocks = [*signpost.steps, *(block for added in signpost.nations.values() for block in added)]
    yield from (f"{block.url} is not a safe address" for block in blocks if _unsafe(block))
    yield from (
        f"leads to the form {form!r}, which is not there" for form, _ in signpost.still if form not in form_ids()
    )
    texts = [signpost.title, signpost.danger_question, signpost.who, *(text for _, text in signpost.still)]
    yield from _gaps([*texts, *(text for block in blocks for text in (block.text, *block.items))])
    if not any(block.kind in (BlockKind.LINK, BlockKind.PHONE) for block in blocks):
        yield "points nowhere: it needs a link or a number"


def _unsafe(block: Block) -> bool:
    return block.kind is BlockKind.LINK and not block.url.startswith("https://")


def _gaps(texts: Iterable[T]) -> Iterator[str]:
    yield from (f"no Welsh for {text.en!r}" for text in texts if text.en and not text.cy)

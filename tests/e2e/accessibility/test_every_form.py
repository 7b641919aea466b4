"""Every page of every form, in every look that answers give it, for everybody and in both languages (practice 23).

What a page shows is looked at once in each language, on a screen 320 pixels wide, in English with axe. What it is
built of is looked at once in every way there is: with axe in Welsh, wide, at 400 %, spaced out, in forced colours, by
keyboard, without JavaScript, and with nothing answered. So two cores can look at it all (engineering 31).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cache

import psycopg
import pytest
from playwright.sync_api import Browser, Page

import forms
from contact.run.private_database import DEFAULT_DATABASE
from forms.doors import load_signposts
from forms.loader import OVERLAYS
from tests.e2e.accessibility.conftest import LOOKED_AT
from tests.support.answers import complete, example
from tests.support.browser import DESKTOP, NARROW, People, Person, follow
from tests.support.pages_looked_at import Faults, look, look_at_narrow, tab_through
from tests.support.pages_of_forms import Answers, State, states, to_look_at
from tests.support.stack import Stack

NOW = dt.datetime.now(dt.UTC)
SERVED = [
    *((form_id, None) for form_id in forms.form_ids()),
    *sorted((path.stem, path.parent.name) for path in OVERLAYS.glob("*/*.yml")),
]
"""Each form by itself and as each force with an overlay serves it."""


@cache
def every_state(form_id: str, force_id: str | None) -> list[State]:
    """Each look of each page of a form."""
    return list(states(forms.compile_for(form_id, force_id).form, now=NOW))


@cache
def plan() -> dict[tuple[str, str | None], list[State]]:
    """The states to look at, by form and force."""
    return dict(zip(SERVED, to_look_at(every_state(*served) for served in SERVED), strict=True))


@cache
def by_shape() -> dict[Hashable, State]:
    """For each shape the state that stands for all that are built like it."""
    found: dict[Hashable, State] = {}
    for chosen in plan().values():
        for state in chosen:
            found.setdefault(state.shape, state)
    return found


def test_nothing_that_a_form_can_show_is_left_out() -> None:
    """Every page of every form, and every look that answers give it, is one of those looked at below."""
    planned = {state.content for chosen in plan().values() for state in chosen}
    said = {each for chosen in plan().values() for state in chosen for each in state.around}
    for served in SERVED:
        form = forms.compile_for(*served).form
        found = every_state(*served)
        assert {state.page.id for state in found} == {page.id for page in form.pages}, "no answers lead there"
        for state in found:
            assert state.content in planned, state.name
            assert state.around <= said, state.name
            assert state.shape in by_shape(), state.name


@dataclass
class Reader:
    """Somebody at a narrow screen, and the same without JavaScript, with one draft."""

    stack: Stack
    database: psycopg.Connection
    person: Person
    page: Page
    without: Page
    language: str
    looked: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    draft: str = ""
    count: Callable[[str, object], None] = lambda name, value: None

    def tell(self) -> None:
        """How many pages were looked at, and everything that was wrong with them."""
        self.count(LOOKED_AT, len(self.looked))
        self.faults.check()

    def begin(self, form_id: str, force_id: str | None) -> None:
        """A draft of that form."""
        self.open(f"/report/{form_id}/before-you-start?lang={self.language}&force={force_id or ''}")
        self.look(f"{form_id}, before you start")
        follow(self.page, self.page.locator("main form button").last)
        self.draft = self.page.url.removeprefix(self.stack.address).rsplit("/", 1)[0]
        for each in self.person.context.cookies(self.stack.address):
            self.without.context.add_cookies(
                [{"name": each["name"], "value": each["value"], "url": self.stack.address}]  # the same session
            )

    def answer(self, answers: Answers) -> None:
        """Behind the web's back: only how a page looks is of interest here."""
        sql = "UPDATE drafts SET answers = %s WHERE id = %s"
        self.database.execute(sql, (json.dumps(answers), self.draft.rsplit("/", 1)[1]))

    def open(self, path: str) -> None:
        """A page of ours, in the reader's language."""
        self.page.goto(self.stack.address + path)
        wanted, there = path.split("?")[0], self.page.url.removeprefix(self.stack.address).split("?")[0]
        assert there == wanted, f"{wanted} cannot be opened: {there}"

    def look(self, name: str, *, axe: bool = True) -> None:
        """At the page that is open."""
        assert self.page.evaluate("document.documentElement.lang") == self.language, name
        look_at_narrow(self.page, f"{name} in {self.language}", self.faults, axe=axe)
        self.looked.append(name)

    def look_at_errors(self, name: str) -> None:
        """At what comes after `Continue` without an answer."""
        follow(self.page, self.page.locator("button[name=go][value=on]").last, surely=False)
        if self.page.locator(".govuk-error-summary").count():
            assert self.page.title().startswith(("Error: ", "Gwall: ")), name
            look_at_narrow(self.page, f"{name}, nothing answered, in {self.language}", self.faults)

    def look_in_every_way(self, state: State) -> None:
        """As it was left with answers: wide, at 400 %, in other colours, by keyboard, without JavaScript."""
        name = f"{state.name}, answered, in {self.language}"
        asked = [each for each in state.page.questions if each.type is not forms.QuestionType.FILES]
        self.answer({**state.answers, **{question.id: example(question, now=NOW) for question in asked}})
        self.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        self.open(f"{self.draft}/{state.page.id}")
        look(self.page, name, self.faults)
        with self.faults.at():
            tab_through(self.page, name)
        self.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        self.without.goto(self.page.url)
        assert self.without.url == self.page.url
        look_at_narrow(self.without, f"{name}, without JavaScript", self.faults, axe=False)


@pytest.fixture(scope="module")
def readers(browser: Browser, stack: Stack) -> Iterator[dict[str, Reader]]:
    """One reader of each language."""
    crowd = People(browser, stack, axe=True)
    found: dict[str, Reader] = {}
    url = stack.server.url("contact_superuser", DEFAULT_DATABASE)
    database = psycopg.connect(url, autocommit=True, connect_timeout=5)  # one for thousands of answers
    for language in forms.LANGUAGES:
        person = crowd.come(NARROW)
        without = crowd.come(NARROW, javascript=False)
        for each in (person, without):  # a watched line fetches every style sheet anew
            each.context.unroute_all()
        found[language] = Reader(stack, database, person, person.page(), without.page(), language)
    before = stack.log_end()
    yield found
    database.close()
    faults = stack.faults(before)
    assert not faults, faults[-4000:]
    crowd.go()


@pytest.fixture
def reader(readers: dict[str, Reader], language: str, record_property: Callable[[str, object], None]) -> Reader:
    """That of the test's language, who has looked at nothing yet."""
    one = readers[language]
    one.looked, one.faults, one.count = [], Faults(), record_property
    return one


@pytest.mark.parametrize("language", forms.LANGUAGES)
@pytest.mark.parametrize(("form_id", "force_id"), SERVED)
def test_every_page_of_a_form_is_for_everybody(
    reader: Reader, form_id: str, force_id: str | None, language: str
) -> None:
    chosen = plan()[form_id, force_id]
    form = forms.compile_for(form_id, force_id).form
    if not form.asks_danger_itself:
        reader.open(f"/report/{form_id}/start?lang={language}")
        reader.look(f"{form_id}, the danger question")
    if form.sensitive:
        reader.open(f"/report/{form_id}/leaving?lang={language}")
        reader.look(f"{form_id}, how to leave")
    reader.begin(form_id, force_id)
    for state in chosen:
        reader.answer(state.answers)
        reader.open(f"{reader.draft}/{state.page.id}")
        whole = by_shape()[state.shape] is state
        reader.look(state.name, axe=whole or language == "en")  # Welsh pages are built as the English are
        if whole and any(question.required for question in state.page.questions):
            reader.look_at_errors(state.name)
        if whole and language == "en":
            reader.look_in_every_way(state)
    longest = max(every_state(form_id, force_id), key=lambda state: len(form.visible(state.answers, NOW)))
    reader.answer(complete(form, longest.answers, now=NOW))
    reader.open(f"{reader.draft}/check")
    reader.look(f"{form_id}, check your answers")
    assert {state.name for state in chosen} <= set(reader.looked)
    reader.tell()


@pytest.mark.parametrize("language", forms.LANGUAGES)
def test_every_signpost_is_for_everybody(reader: Reader, language: str) -> None:
    for signpost in load_signposts():
        for path in (f"/signpost/{signpost}", f"/signpost/{signpost}/way"):
            reader.open(f"{path}?lang={language}")
            reader.look(path)
    assert len(reader.looked) == 2 * len(load_signposts())
    reader.tell()

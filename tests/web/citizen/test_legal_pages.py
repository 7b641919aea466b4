"""Privacy, cookies, accessibility: in both languages, as the force says it, true of the settings (practice 23)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.go_live import PageFact
from contact.settings import ContactMode, Settings
from contact.store import go_live
from tests.support.clients import Clock, make_app

PAGES = ("privacy", "cookies", "accessibility")
FIRST_WORDS = {
    "en": {"privacy": "Your privacy", "cookies": "Cookies", "accessibility": "Accessibility statement"},
    "cy": {"privacy": "Eich preifatrwydd", "cookies": "Cwcis", "accessibility": "Datganiad hygyrchedd"},
}
MARKS = {"en": "[for the force", "cy": "[i’r heddlu"}
SAID = {
    PageFact.OFFICER.value: "Data protection office, 01632 960203",
    PageFact.HELP.value: "<b>access</b> [x](https://x.example)",
}


def text(app: Flask, page: str, language: str = "en", force: str = "southshire") -> str:
    return app.test_client().get(f"/{page}?force={force}&lang={language}").get_data(as_text=True)


def service(settings: Settings, session_clock: Clock, **other: object) -> Flask:
    return make_app(replace(settings, mode=ContactMode.SERVICE, **other), session_clock)  # type: ignore[arg-type]


@pytest.fixture
def live(system: sessionmaker[Session], two_forces: tuple[str, str]) -> Iterator[None]:
    """Southshire is live and has said one thing or two."""
    with system.begin() as session:
        go_live.note(session, force_id="southshire", page_facts=SAID)
        go_live.set_live(session, force_id="southshire", since=datetime.now(UTC))
    yield
    with system.begin() as session:
        go_live.note(session, force_id="southshire", page_facts={})
        go_live.set_live(session, force_id="southshire", since=None)


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("page", PAGES)
def test_each_is_whole_in_each_language(app: Flask, page: str, language: str) -> None:
    shown = text(app, page, language)
    assert f'<h1 class="govuk-heading-l">{FIRST_WORDS[language][page]}</h1>' in shown
    assert f'<html lang="{language}"' in shown
    assert 'lang="en"' not in shown.split("<main", 1)[1].split("</main>")[0]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_until_a_force_is_live_what_it_must_say_is_marked(app: Flask, language: str) -> None:
    for page in ("privacy", "accessibility"):
        shown = text(app, page, language)
        assert MARKS[language] in shown
        assert ("Draft, not yet approved." if language == "en" else "Drafft, heb ei gymeradwyo eto.") in shown


@pytest.mark.parametrize("language", ["en", "cy"])
def test_once_live_no_place_is_left_open(settings: Settings, session_clock: Clock, live: None, language: str) -> None:
    app = service(settings, session_clock)
    for page in PAGES:
        shown = text(app, page, language)
        assert not any(mark in shown for mark in MARKS.values())
        assert "contact-unapproved" not in shown
        assert "Draft, not" not in shown
        assert "Drafft, heb" not in shown
    assert SAID["officer"] in text(app, "privacy", language)
    assert ("ask us on 101" if language == "en" else "gofynnwch i ni ar 101") in text(app, "privacy", language)


def test_what_a_force_typed_is_shown_and_never_run(settings: Settings, session_clock: Clock, live: None) -> None:
    shown = text(service(settings, session_clock), "accessibility")
    assert "&lt;b&gt;access&lt;/b&gt; [x](https://x.example)" in shown


def test_the_controller_is_the_force(app: Flask) -> None:
    assert "The Chief Constable of Southshire Police is the controller" in text(app, "privacy")
    assert "The chief officer of the force that gets your report" in text(app, "privacy", force="nowhere")


def test_they_say_what_the_settings_are(settings: Settings, session_clock: Clock) -> None:
    plain = service(settings, session_clock, clamd_address=None, map_tiles_url=None)
    other = service(
        settings,
        session_clock,
        clamd_address="127.0.0.1:3310",
        map_tiles_url="https://tiles.example/{z}/{x}/{y}.png",
        public_url="https://report.example",
    )
    assert "not checked for viruses yet" in text(plain, "privacy")
    assert "Our map comes from this website" in text(plain, "privacy")
    assert "A program looks for viruses in each file" in text(other, "privacy")
    assert "tiles.example" in text(other, "privacy")
    assert "sent only over a locked connection" in text(other, "cookies")


def test_the_footer_leads_to_the_pages_of_the_force(app: Flask) -> None:
    shown = app.test_client().get("/force/southshire/").get_data(as_text=True)
    for page in PAGES:
        assert f'href="/{page}?force=southshire"' in shown

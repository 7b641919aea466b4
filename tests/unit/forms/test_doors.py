"""Every matter has a door, and people find it in their own words."""

from __future__ import annotations

from typing import Any

import pytest

from contact.domain.taxonomy import Category
from forms import doors
from forms.door_search import find_doors
from forms.doors import check_doors, load_doors, load_signposts


@pytest.mark.parametrize("category", list(Category))
def test_every_category_has_a_door(category: Category) -> None:
    assert [door.id for door in load_doors() if category in door.categories]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("someone nicked my bike", "theft"),
        ("i was mugged", "robbery"),
        ("noisy neighbours", "noise"),
        ("my husband hits me", "domestic-abuse"),
        ("pothole", "road-faults"),
        ("they stole my van", "vehicle-crime"),
        ("lladrad beic wedi'i ddwyn", "theft"),
        ("gwrthdrawiad", "collision"),
        ("I AM BEING STALKED!!", "harassment-stalking"),
        ("revenge porn", "sexual-offence"),
        ("lost passport", "lost-documents"),
        ("scammed", "fraud"),
    ],
)
def test_people_find_it_in_their_own_words(typed: str, expected: str) -> None:
    assert expected in [door.id for door in find_doors(typed)[:3]]


@pytest.mark.parametrize("typed", ["", "   ", "the of and", "xyzzy", "\x00", "🚗"])
def test_what_says_nothing_finds_nothing(typed: str) -> None:
    assert find_doors(typed) == []


def test_a_signpost_points_somewhere_after_its_danger_question() -> None:
    for signpost in load_signposts().values():
        assert signpost.danger_question.en.endswith("?")
        assert signpost.danger_question.cy


def test_faults_are_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    broken: dict[str, Any] = {
        "version": 1,
        "review": {"owner": "Somebody"},
        "danger_question": "Danger?",
        "groups": [
            {
                "id": "one",
                "title": "One",
                "doors": [
                    {"id": "a", "form": "nowhere", "categories": ["theft"], "label": "A", "hint": "A"},
                    {"id": "a", "signpost": "nowhere", "categories": ["thefft"], "label": "B", "hint": "B"},
                ],
            }
        ],
    }
    monkeypatch.setattr(doors, "read_yaml", lambda _path: broken)
    load_doors.cache_clear()
    monkeypatch.setattr(doors, "load_signposts", dict)
    told = " | ".join(problem.what for problem in check_doors(["theft", "burglary"]))
    load_doors.cache_clear()
    for part in (
        "two doors are called 'a'", "no door for the category burglary", "'thefft' is not in the taxonomy",
        "a leads to the form 'nowhere'", "a leads to the signpost 'nowhere'", "no Welsh for 'One'",
        "no door leads to the form 'theft'",
    ):  # fmt: skip
        assert part in told

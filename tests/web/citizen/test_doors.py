"""The chooser and the signposts: found in one's own words, danger first, counted and nowhere kept."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from forms.doors import load_signposts
from tests.support.clients import StrictClient


def shown(system: sessionmaker[Session], signpost_id: str) -> list[str | None]:
    """The forces under which it was counted."""
    query = sa.text("SELECT force_id FROM events WHERE name = 'signpost_shown' AND data->>'signpost_id' = :id")
    with system() as session:
        return list(session.scalars(query, {"id": signpost_id}))


def test_a_door_is_found_in_ones_own_words(client: StrictClient) -> None:
    html = client.send("/report/?force=northshire", {"words": "someone nicked my bike"}).get_data(as_text=True)
    assert html.index("What fits your words best") < html.index("/report/theft/start?force=northshire")
    assert 'value="someone nicked my bike"' in html


def test_words_of_danger_bring_999_before_the_doors(client: StrictClient) -> None:
    html = client.send("/report/", {"words": "he has a knife and is outside my house now"}).get_data(as_text=True)
    assert html.index("If anyone is in danger now, call 999") < html.index("What fits your words best")


def test_what_somebody_looks_for_is_kept_nowhere(
    client: StrictClient, system: sessionmaker[Session], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.send("/report/", {"words": "zebrafinch my husband"})
    assert "zebrafinch" not in answer.request.full_path
    assert "zebrafinch" not in caplog.text
    with system() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM events WHERE data::text LIKE '%zebrafinch%'")) == 0


def test_nothing_found_still_leads_somewhere(client: StrictClient) -> None:
    assert "Try other words" in client.send("/report/", {"words": "xyzzy"}).get_data(as_text=True)
    assert "Enter a few words" in client.send("/report/", {"words": " "}).get_data(as_text=True)


@pytest.mark.parametrize("signpost_id", sorted(load_signposts()))
def test_the_danger_question_stands_before_every_signpost(
    client: StrictClient, system: sessionmaker[Session], signpost_id: str
) -> None:
    """Practice 20. Yes leads to the door and counts for nothing; no is counted once."""
    page = f"/signpost/{signpost_id}"
    before = len(shown(system, signpost_id))
    assert "Choose yes or no" in client.send(page, {}).get_data(as_text=True)
    assert client.send(page, {"danger": "yes"}).headers["Location"] == "/emergency"
    assert len(shown(system, signpost_id)) == before
    way = client.send(f"{page}?force=northshire", {"danger": "no"}).headers["Location"]
    assert shown(system, signpost_id)[before:] == ["northshire"]
    for language in ("en", "cy"):
        answer = client.get(f"{way}&lang={language}")
        assert answer.status_code == 200
        assert load_signposts()[signpost_id].who.in_(language).split(".")[0][:40] in " ".join(
            "".join(client.tree(f"{way}&lang={language}").itertext()).split()
        )


def test_a_signpost_that_is_not_there(client: StrictClient) -> None:
    assert client.get("/signpost/nowhere").status_code == 404
    assert client.get("/signpost/nowhere/way").status_code == 404


def test_only_the_forces_own_nation_is_shown(client: StrictClient) -> None:
    everywhere = client.get("/signpost/noise/way").get_data(as_text=True)
    here = client.get("/signpost/noise/way?force=northshire").get_data(as_text=True)
    assert "In Scotland" in everywhere
    assert "In Scotland" not in here

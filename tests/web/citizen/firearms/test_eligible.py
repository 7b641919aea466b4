"""The front and the checker: it answers in words, keeps nothing, and never says that nobody may apply."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from tests.support.clients import Clock, StrictClient
from tests.support.html_checks import parse, text_of

PLAIN = {"nation": "england-and-wales", "licence": "firearm", "age": "18", "sentence": ["none"]}


def asked(client: StrictClient, **more: object) -> str:
    """The words of the page that answers."""
    answer = client.send("/firearms/eligible", {**PLAIN, **more})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def checked(page: str) -> list[str]:
    """What is chosen on a page, in order."""
    boxes = [box for box in parse(page)[0].iter("input") if box.get("checked") is not None]
    return [box.get("value") or "" for box in boxes]


def test_the_front_leads_to_the_checker_and_to_a_worry_about_guns(client: StrictClient) -> None:
    page = client.tree("/firearms/")
    links = {link.get("href") for link in page.iter("a")}
    assert {"/firearms/eligible", "/report/guns-worry/start"} <= links


def test_the_front_tells_what_a_certificate_costs_and_only_where_a_figure_is_known(client: StrictClient) -> None:
    page = client.get("/firearms/").get_data(as_text=True)
    for figure in ("£198", "£131", "£194", "£126", "£202", "£155"):
        assert figure in page


def test_the_front_offers_no_form_of_another_law(client: StrictClient, system: sessionmaker[Session]) -> None:
    """Domain 3.1: Northern Ireland has ages, fees and forms of its own; guns are given up and lost everywhere."""
    nation = sa.text("UPDATE forces SET nation = :nation WHERE id = 'southshire'")
    with system.begin() as session:
        session.execute(nation, {"nation": "northern-ireland"})
    try:
        links = " ".join(link.get("href") or "" for link in client.tree("/firearms/?force=southshire").iter("a"))
        page = client.get("/firearms/?force=southshire").get_data(as_text=True)
    finally:
        with system.begin() as session:
            session.execute(nation, {"nation": "england-and-wales"})
    assert "Another law holds in Northern Ireland" in page
    assert "£" not in page
    assert "firearms-surrender" in links
    assert "firearms-loss" in links
    for form_id in ("firearms-certificate", "firearms-variation", "firearms/renew", "firearms/eligible"):
        assert form_id not in links


def test_nothing_in_the_way(client: StrictClient) -> None:
    assert "Nothing you told us stops you" in asked(client)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"age": "13"}, "Nobody under 14"),
        ({"sentence": ["3_years_or_more"]}, "for life"),
        ({"sentence": ["3_months_to_3_years"]}, "from the day of release"),
        ({"sentence": ["suspended_3_months"]}, "A licensing officer checks this"),
    ],
)
def test_a_bar_is_told_and_does_not_stop_anybody(client: StrictClient, given: dict[str, object], said: str) -> None:
    page = asked(client, **given)
    assert said in page
    assert "You may still apply. A person decides, not this page." in page


def test_five_years_after_release(client: StrictClient, clock: Clock) -> None:
    day = clock.now.date()
    day = day.replace(day=min(day.day, 28))  # four years ago and six there was that day too
    boxes = {"released-day": str(day.day), "released-month": str(day.month)}
    inside = asked(client, sentence=["3_months_to_3_years"], **boxes, **{"released-year": str(day.year - 4)})
    assert f"{day.year + 1}" in inside
    assert "the law bans you from having guns until" in inside
    over = asked(client, sentence=["3_months_to_3_years"], **boxes, **{"released-year": str(day.year - 6)})
    assert "Nothing you told us stops you" in over


def test_a_child_may_ask_for_a_shotgun_certificate_and_hears_the_limits(client: StrictClient) -> None:
    page = asked(client, licence="shotgun", age="13")
    assert "Nothing you told us stops you" in page
    assert "someone aged 21 or older" in page


@pytest.mark.parametrize(
    ("nation", "said"), [("northern-ireland", "Another law holds"), ("elsewhere", "visitor’s permit")]
)
def test_where_another_law_holds_we_say_who_knows(client: StrictClient, nation: str, said: str) -> None:
    assert said in asked(client, nation=nation)


def test_what_is_missing_is_said_beside_the_question_and_nothing_is_lost(client: StrictClient) -> None:
    answer = client.send("/firearms/eligible", {**PLAIN, "age": "", "nation": "scotland"})
    page = answer.get_data(as_text=True)
    assert "Choose how old you are" in page
    assert checked(page) == ["scotland", "firearm", "none"]
    assert "Nothing you told us" not in page


def test_a_date_that_cannot_be_is_caught(client: StrictClient) -> None:
    boxes = {"released-day": "31", "released-month": "2", "released-year": "2024"}
    tree = client.send("/firearms/eligible", {**PLAIN, "sentence": ["3_months_to_3_years"], **boxes})
    assert "There is a problem" in tree.get_data(as_text=True)


def test_nothing_is_kept(client: StrictClient, system: sessionmaker[Session]) -> None:
    with system() as session:
        before = [session.scalar(sa.text(f"SELECT count(*) FROM {each}")) for each in ("drafts", "contacts", "events")]
    answer = client.send("/firearms/eligible", {**PLAIN, "sentence": ["3_years_or_more"]})
    assert "no-store" in answer.headers["Cache-Control"]
    with system() as session:
        after = [session.scalar(sa.text(f"SELECT count(*) FROM {each}")) for each in ("drafts", "contacts", "events")]
    assert after == before


def test_it_answers_in_welsh(client: StrictClient) -> None:
    client.get("/firearms/?lang=cy")
    page = asked(client, sentence=["3_years_or_more"])
    assert "Cewch wneud cais o hyd" in page
    assert text_of(client.tree("/firearms/").find(".//h1")) == "Tystysgrifau arfau tanio a drylliau haels"

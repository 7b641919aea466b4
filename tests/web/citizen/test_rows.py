"""Rows of things come and go by buttons: nothing typed is lost, and the Enter key goes on."""

from __future__ import annotations

from typing import Any

from tests.support.clients import StrictClient
from tests.support.html_checks import parse, text_of
from tests.web.citizen.journeys import begin, fill

NAME = "itemsTaken"
PHONE = {f"{NAME}-0-what": "A phone", f"{NAME}-0-value": "lots", f"{NAME}-0-imei": "1"}
BIKE = {f"{NAME}-1-what": "A bicycle", f"{NAME}-1-serial": "WTU123"}


def things(client: StrictClient) -> str:
    """The address of the page that asks what was taken, in a draft that has reached it."""
    check = fill(client, begin(client))
    return check.replace("/check", "/items")


def shown(html: str) -> dict[str, str]:
    """What stands in the boxes of the rows."""
    boxes = {box.get("name") or "": box.get("value") or "" for box in parse(html)[0].iter("input")}
    return {name: text for name, text in boxes.items() if name.startswith(f"{NAME}-") and text}


def press(client: StrictClient, page: str, button: str, boxes: dict[str, str]) -> str:
    answer = client.send(page, {**boxes, "go": button})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def buttons(html: str) -> list[tuple[str, str]]:
    found: list[Any] = list(parse(html)[0].iter("button"))
    return [(each.get("value") or "", " ".join(text_of(each).split())) for each in found if each.get("name") == "go"]


def test_one_more_row_keeps_everything_typed_even_what_is_wrong(client: StrictClient) -> None:
    page = things(client)
    html = press(client, page, f"add:{NAME}", PHONE)
    assert shown(html) == PHONE
    assert f'name="{NAME}-1-what"' in html
    assert f'name="{NAME}-2-what"' not in html
    assert "There is a problem" not in html


def test_a_row_is_removed_and_the_others_close_up(client: StrictClient) -> None:
    page = things(client)
    html = press(client, page, f"remove:{NAME}:0", {**PHONE, **BIKE})
    assert shown(html) == {f"{NAME}-0-what": "A bicycle", f"{NAME}-0-serial": "WTU123"}
    assert f'name="{NAME}-1-what"' not in html


def test_every_row_says_which_one_its_button_takes_away_and_a_lone_row_stays(client: StrictClient) -> None:
    page = things(client)
    two = dict(buttons(press(client, page, f"add:{NAME}", PHONE)))
    assert two[f"remove:{NAME}:1"] == "Remove Thing 2"
    assert not any(value.startswith("remove:") for value, _ in buttons(client.get(page).get_data(as_text=True)))


def test_the_first_button_goes_on_for_whoever_presses_enter(client: StrictClient) -> None:
    assert buttons(client.get(things(client)).get_data(as_text=True))[0] == ("on", "Continue")


def test_no_row_is_offered_beyond_the_limit_and_none_is_lost_beyond_it(client: StrictClient) -> None:
    page = things(client)
    ten = {f"{NAME}-{number}-what": f"Thing {number}" for number in range(10)}
    assert f"add:{NAME}" not in dict(buttons(press(client, page, f"add:{NAME}", ten)))
    eleven = {**ten, f"{NAME}-40-what": "One too many"}
    html = press(client, page, "on", eleven)
    assert "at most here" in html
    assert 'value="One too many"' in html


def test_buttons_that_nobody_was_given_change_nothing(client: StrictClient) -> None:
    page = things(client)
    for button in (
        "add:",
        "remove:",
        f"remove:{NAME}:",
        f"remove:{NAME}:x",
        f"remove:{NAME}:7:1",
        "remove:other:0",
        "add:x",
    ):
        assert shown(press(client, page, button, PHONE)) == PHONE

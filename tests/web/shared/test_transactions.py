"""One request is one transaction: what went well is kept, what did not leaves nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.clients import StrictClient


@pytest.mark.parametrize(("how", "status", "kept"), [("fine", 200, 1), ("taken", 409, 0), ("anyway", 409, 1)])
def test_the_edge_commits_or_rolls_back(
    client: StrictClient, count_marks: Callable[[str], int], how: str, status: int, kept: int
) -> None:
    answer = client.send(f"/trial/form?how={how}&mark=edge-{how}", page="/trial/form", lax=how != "taken")
    assert answer.status_code == status
    assert count_marks(f"edge-{how}") == kept


def test_a_database_error_leaves_nothing_and_gives_a_page(
    client: StrictClient, count_marks: Callable[[str], int]
) -> None:
    answer = client.send("/trial/form?how=broken&mark=edge-broken", page="/trial/form")
    assert answer.status_code == 400
    assert count_marks("edge-broken") == 0
    assert client.send("/trial/form?mark=edge-after", page="/trial/form", lax=True).status_code == 200


def test_a_refusal_names_the_owner(client: StrictClient) -> None:
    answer = client.send("/trial/form?how=taken&mark=x", page="/trial/form")
    assert "Asha Ahmed has it" in answer.get_data(as_text=True)


def test_a_post_replayed_without_its_token_does_nothing(
    client: StrictClient, count_marks: Callable[[str], int]
) -> None:
    assert {client.post("/trial/form?mark=replay", data={"text": "x"}).status_code for _ in range(5)} == {400}
    assert count_marks("replay") == 0


def test_a_get_that_writes_fails_its_test(client: StrictClient) -> None:
    with pytest.raises(AssertionError, match=r"GET /trial/writing wrote to \['attempts'\]"):
        client.get("/trial/writing")


def test_limits_count_refusals_too(trial_app: Flask, client: StrictClient) -> None:
    token = client.token("/trial/form")
    statuses = [
        client.post("/trial/limited", data={"csrf_token": token}, environ_base={"REMOTE_ADDR": "192.0.2.7"}, lax=True)
        for _ in range(5)
    ]
    assert [answer.status_code for answer in statuses] == [200, 200, 200, 429, 429]
    assert int(statuses[3].headers["Retry-After"]) > 0
    other = client.post(
        "/trial/limited", data={"csrf_token": token}, environ_base={"REMOTE_ADDR": "192.0.2.8"}, lax=True
    )
    assert other.status_code == 200

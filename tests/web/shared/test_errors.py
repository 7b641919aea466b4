"""Every error is a calm page with 999 and 101 in sight; nothing typed is lost."""

from __future__ import annotations

import inspect

import pytest
from flask import Flask
from jinja2 import TemplateNotFound

from contact.domain import errors as domain
from contact.web.shared.errors import FAILSAFE, TABLE
from tests.support.clients import StrictClient


def _family() -> list[type[Exception]]:
    return [
        found
        for _, found in inspect.getmembers(domain, inspect.isclass)
        if issubclass(found, domain.DomainError) and found is not domain.DomainError
    ]


@pytest.mark.parametrize("error", _family())
def test_each_domain_error_has_a_row(error: type[Exception]) -> None:
    assert error in TABLE


@pytest.mark.parametrize("page", sorted({page for _, page in TABLE.values()} | {"gone", "away", "failed"}))
def test_each_row_has_its_page(trial_app: Flask, page: str) -> None:
    try:
        trial_app.jinja_env.get_template(f"errors/{page}.html")
    except TemplateNotFound as missing:
        pytest.fail(f"templates/{missing.name} is missing")


def test_a_missing_page(client: StrictClient) -> None:
    for path in ("/nothing/here", "/control-room/nothing"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "We cannot find that page" in answer.get_data(as_text=True)


def test_a_missing_page_of_the_public_shows_999_and_101(client: StrictClient) -> None:
    page = client.get("/nothing/here").get_data(as_text=True)
    assert "tel:999" in page
    assert "tel:101" in page


def test_a_form_without_its_token_keeps_what_was_typed_and_offers_it_again(client: StrictClient) -> None:
    typed = "They took the bicycle <b>and</b> the lock."
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = client.post("/trial/form?mark=again", data={"text": typed, "password": "secret words"}, headers=headers)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "They took the bicycle &lt;b&gt;and&lt;/b&gt; the lock." in page
    assert "Send it again" in page
    assert "secret words" not in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post("/trial/form?mark=again", data={"text": typed, "csrf_token": token}, lax=True).status_code == 200


def test_a_form_of_another_site_is_not_offered_again(client: StrictClient) -> None:
    answer = client.post("/trial/form?mark=no", data={"text": "evil"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert "Send it again" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_ten_megabytes_in_a_text_area_get_our_page(client: StrictClient, kind: str) -> None:
    token = client.token("/trial/form")
    data = {"text": "x" * 10_000_000, "csrf_token": token}
    answer = client.post("/trial/form?mark=big", data=data, content_type=kind)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 413
    assert "1 megabyte" in page
    assert "All that you saved before is still there" in page
    assert "tel:999" in page


def test_just_under_the_limit_is_taken(client: StrictClient) -> None:
    token = client.token("/trial/form")
    for size in (600_000, 900_000):
        data = {"text": "x" * size, "csrf_token": token}
        assert client.post("/trial/form?mark=fits", data=data, lax=True).status_code == 200
        kind = "multipart/form-data"
        assert client.post("/trial/form?mark=fits", data=data, content_type=kind, lax=True).status_code == 200


def test_the_last_resort_says_999_by_itself() -> None:
    assert "call 999" in FAILSAFE
    assert "call 101" in FAILSAFE


@pytest.mark.parametrize(
    "path", ["/trial/form?text=%00", "/nothing%00", "/trial/contact/%ff", "/trial/draft/not-a-uuid"]
)
def test_strange_addresses_are_no_faults_of_ours(client: StrictClient, path: str) -> None:
    assert client.get(path).status_code in {200, 400, 403, 404}


def test_control_characters_are_dropped_and_the_rest_is_kept(client: StrictClient) -> None:
    typed = "They\x00 went\x07 left\x1b[31m,\tthen\r\nright \ud83d\ude00".encode("utf-16", "surrogatepass").decode(
        "utf-16"
    )
    answer = client.post("/trial/form?mark=a%00b", data={"text": typed}, headers={"Sec-Fetch-Site": "same-origin"})
    page = answer.get_data(as_text=True)
    assert "They went left[31m,\tthen" in page
    assert "right \U0001f600" in page

"""STOP is an opt-out only where it is all that was said."""

import pytest

from contact.domain.opt_out import Keyword, keyword


@pytest.mark.parametrize(
    "body",
    ["STOP", "stop", " Stop. ", "s t o p", "STOP!!!", "StopAll", "stop all", "unsubscribe", "cancel", "End.", "QUIT"],
)
def test_the_family_of_stop(body: str) -> None:
    assert keyword(body) is Keyword.STOP


@pytest.mark.parametrize(
    "body",
    [
        "please stop him",
        "stop it",
        "he wont stop",
        "HELP",
        "yes",
        "",
        "   ",
        "end of the road",
        "dont stop",
        "stopp",
        "\U0001f6d1",
    ],
)
def test_what_is_about_something_is_no_keyword(body: str) -> None:
    assert keyword(body) is None


def test_texts_again_and_what_this_is() -> None:
    assert keyword("Start") is Keyword.START
    assert keyword("UNSTOP") is Keyword.START
    assert keyword("info?") is Keyword.INFO
    assert keyword("Web") is Keyword.WEB


def test_what_the_company_did_already_counts() -> None:
    assert keyword("arrêt", company_says="STOP") is Keyword.STOP
    assert keyword("HELP", company_says="HELP") is None

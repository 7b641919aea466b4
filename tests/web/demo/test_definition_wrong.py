"""Whoever writes a form reads on the page what is wrong with it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from contact.cli import main
from forms import FormDefinitionError
from tests.support.clients import StrictClient


def test_a_faulty_definition_is_told_on_the_page(client: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(form_id: str, force_id: str | None) -> None:
        raise FormDefinitionError("theft.sections[0].pages[1]", "a page without a title has exactly one question")

    monkeypatch.setattr("contact.web.citizen.start.forms.compile_for", faulty)
    answer = client.get("/report/theft/start")
    assert answer.status_code == 500
    html = answer.get_data(as_text=True)
    assert "theft.sections[0].pages[1]" in html
    assert "a page without a title has exactly one question" in html


def test_a_form_that_is_not_there_is_answered_with_those_that_are() -> None:
    answer = CliRunner().invoke(main, ["forms", "preview", "theftt"])
    assert answer.exit_code == 2
    assert "theft," in answer.output

"""A link from form to form leads to a form that is there; any other is https."""

from __future__ import annotations

from typing import Any

import pytest

from forms.links import check_links
from forms.parse import parse_form
from tests.unit.forms.tiny import with_pages

KNOWN = ("theft", "made")


def _link(url: str) -> list[dict[str, Any]]:
    return [{"link": "Elsewhere", "url": url}]


def _faults(**changes: Any) -> list[str]:  # noqa: ANN401 - any keys of a form
    asked = {"id": "name", "type": "text", "label": "Name", "required": False}
    page = {"id": "only", "title": "Page", "questions": [asked], **changes.pop("page", {})}
    return [each.what for each in check_links(parse_form(with_pages(page, **changes), "made"), KNOWN)]


@pytest.mark.parametrize("url", ["/report/theft/start", "/report/made/start", "/report/", "https://example.org/x"])
def test_a_link_to_what_is_there(url: str) -> None:
    assert _faults(page={"before": _link(url)}) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"page": {"before": _link("/report/nowhere/start")}}, "leads to a form that is not there"),
        ({"page": {"after": _link("/report/theft")}}, "neither https nor the start of a form"),
        ({"help": _link("http://example.org")}, "neither https nor the start of a form"),
        ({"start": _link("javascript:alert(1)")}, "neither https nor the start of a form"),
    ],
)
def test_a_link_to_nowhere(changes: dict[str, Any], says: str) -> None:
    assert [says in what for what in _faults(**changes)] == [True]

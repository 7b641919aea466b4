"""The look is our own: nothing of it belongs to GOV.UK alone, and a first visit stays small."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from contact.web.shared.static_files import STATIC
from tests.support.clients import StrictClient

FRONTEND = STATIC / "govuk-frontend-6.3.0"


def test_the_vendored_styles_are_neutral() -> None:
    css = (FRONTEND / "neutral.min.css").read_text(encoding="utf-8")
    assert "GDS Transport" not in css
    assert "crest" not in css
    assert "@font-face" not in css
    assert "/assets/" not in css
    assert (FRONTEND / "LICENSE.txt").read_text(encoding="utf-8").startswith("The MIT License")


def test_a_first_visit_stays_under_100_kb_and_the_next_page_under_15_kb(client: StrictClient) -> None:
    html = client.get("/report/theft/before-you-start").get_data(as_text=True)
    page = len(gzip.compress(html.encode()))
    files = {Path(found).name for found in re.findall(r'(?:href|src)="/static/[0-9a-f]+/([^"]+)"', html)}
    found = [path for path in STATIC.rglob("*") if path.name in files] + [FRONTEND / "govuk-frontend.min.js"]
    assert page < 15_000
    assert page + sum(len(gzip.compress(path.read_bytes())) for path in found) < 100_000

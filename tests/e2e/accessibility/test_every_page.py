"""Every page that there is, in every state it can be brought into from outside, for everybody (practice 23).

The list is made from the application's own routes: a page that nobody visits here fails the first test.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.test_routes_declare_access import build
from tests.e2e.accessibility.chat_visits import CHATS
from tests.e2e.accessibility.citizen_visits import CITIZENS
from tests.e2e.accessibility.conftest import World
from tests.e2e.accessibility.firearms_visits import FIREARMS
from tests.e2e.accessibility.licensing_visits import LICENSING
from tests.e2e.accessibility.money_visits import MONEY
from tests.e2e.accessibility.pay_visits import PAY
from tests.e2e.accessibility.register_visits import REGISTER
from tests.e2e.accessibility.staff_visits import STAFF
from tests.e2e.accessibility.visits import Visit
from tests.support.pages_looked_at import Faults, look

NOT_PAGES = {
    "health.live", "health.health", "health.metrics", "static", "static_other", "controlroom.events",
    "controlroom.thread", "map.places",
    "citizen.leave",  # leads away at once
    # Bytes and states, asked for by pages that tests/e2e/journeys/test_evidence.py looks at.
    "citizen.draft_files_state", "citizen.link_files_state", "citizen.practice_files_state",
    "citizen.report_files_state",
    "controlroom.evidence_download", "controlroom.evidence_view",
    "licensing.evidence_download", "licensing.evidence_view",
    "citizen.application_calendar",  # a file for a calendar
    "licensing.evidence",  # the page of `controlroom.evidence`
    # PDFs
    "citizen.chat_copy_file", "citizen.copy_file", "citizen.paper_form", "citizen.receipt_file",
    "citizen.acknowledgement_file",
    "licensing.letter_file",
    "citizen.chat_events", "citizen.chat_files_state", "widget.chat_events", "widget.script",
    "widget.chat_copy_file", "widget.chat_files_state",
    "admin.paper_file",  # Markdown
    "licensing.money_csv", "licensing.export_file",
}  # fmt: skip

VISITS: dict[str, Visit] = {**CHATS, **CITIZENS, **FIREARMS, **STAFF, **LICENSING, **MONEY, **PAY, **REGISTER}


def test_every_page_is_visited(tmp_path: Path) -> None:
    app = build("demo", tmp_path)
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    missing = sorted(pages - NOT_PAGES - set(VISITS))
    assert missing == [], "pages that nobody looks at: add them to VISITS"
    assert sorted(name for name in VISITS if " " not in name and name not in pages) == []


@pytest.mark.parametrize("name", sorted(VISITS))
def test_a_page_is_for_everybody(world: World, name: str) -> None:
    faults = Faults()
    for state, page in VISITS[name](world):
        page.wait_for_load_state()
        look(page, f"{name}, {state}", faults)
    faults.check()

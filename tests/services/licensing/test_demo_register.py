"""The demonstration's holders are there once, with their guns."""

from __future__ import annotations

from contact.demo import register
from contact.store import certificates
from tests.support.cases import NOW, Cases


def test_the_demonstrations_register_is_filled_once(cases: Cases) -> None:
    for _ in range(2):
        with cases.system.begin() as session:
            register.fill(session, force_id=cases.north, now=NOW)
    with cases.system() as session:
        page = certificates.page(session, force_ids=[cases.north], since=NOW.date())
        guns = [len(certificates.list_firearms(session, certificate_id=each.id)) for each in page.rows]
    assert sorted(guns) == [0, 1, 2]

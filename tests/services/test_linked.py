"""Other contacts of a person: that they are there and how grave, for whoever may see them (practice 15)."""

from __future__ import annotations

from uuid import UUID

from contact.domain.access import Role
from contact.domain.taxonomy import Channel
from contact.services import chat, linked
from contact.store import links
from contact.store.identifiers import new_id
from tests.support.cases import KEYS, NOW, Cases, Person

PHONE = "+447700900456"


def text(cases: Cases, body: str, *, force: str | None = None, phone: str = PHONE) -> UUID:
    """A first text of somebody."""
    contact_id = new_id()
    with cases.system.begin() as session:
        chat.begin(
            session, contact_id=contact_id, force_id=force or cases.north, body=body, language="en", keys=KEYS,
            now=NOW, channel=Channel.SMS, phone=phone,
        )  # fmt: skip
    return contact_id


def seen(cases: Cases, person: Person, contact_id: UUID) -> list[links.Linked]:
    """What that agent is shown beside a contact."""
    with cases.acting(person.actor) as session:
        return links.list_linked(session, contact_id=contact_id)


def test_the_same_telephone_links_and_tells_no_word(cases: Cases) -> None:
    agent = cases.agent()
    bicycle, abuse = text(cases, "my bike was taken"), text(cases, "a man touched me last month")
    text(cases, "somebody else", phone="+447700900457")
    (found,) = seen(cases, agent, bicycle)
    assert (found.contact_id, found.sensitive, found.open, found.by) == (abuse, True, True, "telephone")
    assert "touched" not in str(found)
    cases.change(abuse, state="closed")
    assert not seen(cases, agent, bicycle)[0].open


def test_another_force_a_restricted_contact_and_an_application_are_not_there(cases: Cases) -> None:
    """Practice 8: absent from others' links."""
    agent = cases.agent()
    here, restricted, elsewhere = text(cases, "one"), text(cases, "two"), text(cases, "three", force=cases.south)
    cases.change(restricted, restricted=True)
    assert seen(cases, agent, here) == []
    assert [each.contact_id for each in seen(cases, cases.agent(force=cases.south), elsewhere)] == []


def test_a_contact_that_goes_on_from_another_is_linked_both_ways(cases: Cases) -> None:
    agent = cases.agent()
    old, new = text(cases, "one", phone="+447700900458"), text(cases, "two", phone="+447700900459")
    cases.change(new, follows_id=old)
    assert [(each.contact_id, each.by) for each in seen(cases, agent, new)] == [(old, "before")]
    assert [(each.contact_id, each.by) for each in seen(cases, agent, old)] == [(new, "after")]


def test_an_informants_report_is_there_for_the_intelligence_unit_alone(cases: Cases) -> None:
    """Practice 17: the link itself would say who told us."""
    old, new = text(cases, "one", phone="+447700900460"), text(cases, "two", phone="+447700900461")
    cases.change(old, source_apart=True)
    cases.change(new, follows_id=old)
    for role in (Role.CALL_HANDLER, Role.SUPERVISOR, Role.PROFESSIONAL_STANDARDS):
        assert seen(cases, cases.agent(role), new) == []
    officer = cases.agent(Role.CALL_HANDLER, Role.INTELLIGENCE_OFFICER)
    assert [each.contact_id for each in seen(cases, officer, new)] == [old]


def test_a_linked_reference_is_known_however_it_is_typed(cases: Cases) -> None:
    agent = cases.agent()
    here, there = text(cases, "one"), text(cases, "two")
    reference = cases.contact(there).reference
    with cases.acting(agent.actor) as session:
        for typed in (reference, reference.lower().replace("-", " "), f"As in {reference}, thank you"):
            assert linked.betrayed_in(session, contact_id=here, words=typed).reference == reference
        assert linked.betrayed_in(session, contact_id=here, words=cases.contact(here).reference).reference == ""
        assert linked.betrayed_in(session, contact_id=here, words="We will ring you").reference == ""

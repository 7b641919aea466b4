"""From a text to the web in the same contact: a link that works once and not for long."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID

import pytest

from contact.services import chat, text_link
from contact.store import contacts, models
from tests.support.clients import StrictClient
from tests.support.texting import Texting


def link_in(texting: Texting) -> str:
    """The address in the last text, on this service."""
    found = re.search(r"/t/[\w-]{16}$", texting.company.sent[-1].body or "")
    assert found is not None
    return found[0]


def test_whoever_texts_web_goes_on_in_a_browser_in_the_same_contact(
    texting: Texting, client: StrictClient, theirs: str
) -> None:
    texting.text("my bike was nicked", theirs=theirs)
    texting.text("Web", theirs=theirs)
    contact_id = texting.only(theirs)
    link = link_in(texting)
    assert text_link.SENT["en"] in texting.said(contact_id, "system")
    assert link not in " ".join(texting.said(contact_id))
    assert "bike" not in client.get(link).get_data(as_text=True)  # looking uses nothing up and tells nothing
    opened = client.send(link)
    assert opened.status_code == 303
    page = client.get(opened.headers["Location"])
    assert page.status_code == 200
    assert "my bike was nicked" in page.get_data(as_text=True)
    assert len(texting.contacts(theirs)) == 1
    with texting.system() as session:
        assert chat.who_talks(contacts.get(session, contact_id=contact_id).state) == "waiting"


def test_the_link_works_once_and_for_half_an_hour(texting: Texting, client: StrictClient, theirs: str) -> None:
    texting.text("my bike was nicked", theirs=theirs)
    texting.text("web", theirs=theirs)
    link = link_in(texting)
    assert client.send(link).status_code == 303
    assert texting.client().send(link).status_code >= 400
    texting.text("web", theirs=theirs)
    late = link_in(texting)
    texting.clock.advance(dt.timedelta(minutes=31))
    assert texting.client().send(late).status_code >= 400
    assert texting.client().send("/t/never-was-one-xx").status_code >= 400


def test_no_link_goes_into_a_sensitive_matter_unasked_by_a_person(texting: Texting, theirs: str) -> None:
    texting.text("my bike was nicked", theirs=theirs)
    contact_id = texting.only(theirs)
    with texting.system.begin() as session:
        contact = session.get(models.Contact, contact_id)
        assert contact is not None
        contact.sensitive = True
    texting.text("web", theirs=theirs)
    assert "/t/" not in str([each.body for each in texting.company.sent])
    assert texting.said(contact_id, "inbound")[-1] == "web"


def _long_closed(texting: Texting, contact_id: UUID) -> None:
    """A person closed it more than 28 days ago."""
    with texting.system.begin() as session:
        contact = session.get(models.Contact, contact_id)
        assert contact is not None
        contact.state, contact.closed_reason = "closed", "resolved"
        contact.closed_at = texting.clock.now - dt.timedelta(days=29)
        for entry in session.query(models.QueueEntry).filter_by(contact_id=contact_id):
            entry.state = "closed"


def _says_on_the_page(client: StrictClient, page: str, words: str) -> None:
    found = next(each for each in client.tree(page).iter("input") if each.get("name") == "key")
    assert client.send(page, {"body": words, "key": found.get("value") or ""}).status_code == 303


@pytest.mark.parametrize("first", ["text", "web"])
def test_what_goes_on_after_28_days_is_one_thread_by_text_and_web(
    texting: Texting, client: StrictClient, theirs: str, first: str
) -> None:
    """Engineering 28: whichever way the person writes first, what they write the other way joins it."""
    texting.text("my bike was nicked", theirs=theirs)
    texting.text("web", theirs=theirs)
    old = texting.only(theirs)
    page = client.send(link_in(texting)).headers["Location"]
    _long_closed(texting, old)
    if first == "web":
        _says_on_the_page(client, page, "said on the web")
    texting.text("said by text", theirs=theirs)
    if first == "text":
        _says_on_the_page(client, page, "said on the web")
    with texting.system() as session:
        (anew,) = session.query(models.Contact).filter_by(follows_id=old)
    said = texting.said(anew.id, "inbound")
    assert sorted(said) == ["said by text", "said on the web"]
    assert said[0].endswith(first)
    texting.text("and again by text", theirs=theirs)
    assert texting.said(anew.id, "inbound")[-1] == "and again by text"
    assert {each.id for each in texting.contacts(theirs)} == {old, anew.id}, "their number is known in both"


def test_stop_is_noted_in_what_was_begun_on_the_web(texting: Texting, client: StrictClient, theirs: str) -> None:
    texting.text("my bike was nicked", theirs=theirs)
    texting.text("web", theirs=theirs)
    old = texting.only(theirs)
    page = client.send(link_in(texting)).headers["Location"]
    _long_closed(texting, old)
    _says_on_the_page(client, page, "said on the web")
    texting.text("STOP", theirs=theirs)
    with texting.system() as session:
        (anew,) = session.query(models.Contact).filter_by(follows_id=old)
    assert texting.said(anew.id, "inbound") == ["said on the web", "STOP"]


def test_what_may_not_be_read_online_any_more_is_not_joined_by_text(
    texting: Texting, client: StrictClient, theirs: str
) -> None:
    """Practice 5: they ended access to it, so that a text begins one apart, and is not lost."""
    texting.text("my bike was nicked", theirs=theirs)
    texting.text("web", theirs=theirs)
    old = texting.only(theirs)
    page = client.send(link_in(texting)).headers["Location"]
    _long_closed(texting, old)
    _says_on_the_page(client, page, "said on the web")
    with texting.system.begin() as session:
        (on_the_web,) = session.query(models.Contact).filter_by(follows_id=old)
        on_the_web.online_access_stopped_at = texting.clock.now
    texting.text("said by text", theirs=theirs)
    with texting.system() as session:
        following = {each.id for each in session.query(models.Contact).filter_by(follows_id=old)}
    (apart,) = following - {on_the_web.id}
    assert texting.said(apart, "inbound") == ["said by text"]


@pytest.mark.parametrize("grave", [{"sensitive": True}, {"grade": "emergency"}])
def test_a_link_does_not_open_what_became_grave_since(
    texting: Texting, client: StrictClient, theirs: str, grave: dict[str, object]
) -> None:
    """Practice 4: it lies among the texts, and whoever holds the phone must not find what was said."""
    texting.text("my bike was nicked", theirs=theirs)
    texting.text("web", theirs=theirs)
    link = link_in(texting)
    with texting.system.begin() as session:
        contact = session.get(models.Contact, texting.only(theirs))
        assert contact is not None
        for name, value in grave.items():
            setattr(contact, name, value)
    refused = client.send(link)
    assert refused.status_code >= 400
    assert "bike" not in refused.get_data(as_text=True)


def test_a_telephone_that_asks_for_links_without_end_gets_a_few(texting: Texting, theirs: str) -> None:
    texting.text("my bike was nicked", theirs=theirs)
    for _ in range(10):
        texting.text("WEB", theirs=theirs)
    assert len([each for each in texting.company.sent if "/t/" in (each.body or "")]) == text_link.MOST
    assert texting.said(texting.only(theirs), "inbound") == ["my bike was nicked", *["WEB"] * 10], "nothing is lost"
    texting.clock.advance(dt.timedelta(minutes=31))
    texting.text("it is red", theirs=theirs)
    texting.text("WEB", theirs=theirs)
    link_in(texting)

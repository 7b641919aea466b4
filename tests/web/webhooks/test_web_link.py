"""From a text to the web in the same contact: a link that works once and not for long."""

from __future__ import annotations

import datetime as dt
import re

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

"""In a chat the day stands where it changes, and else the hour alone: on the page, and in what its script is told."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session, sessionmaker

from contact.services.chat import ChatLine
from contact.store import contacts, messages
from contact.store.identifiers import new_id
from contact.web.shared.chat import words
from tests.support.clients import StrictClient
from tests.support.html_checks import text_of
from tests.web.citizen.test_chat import begin

LATE = dt.datetime(2027, 3, 5, 23, 50, tzinfo=dt.UTC)


def test_the_day_stands_where_it_changes(client: StrictClient, system: sessionmaker[Session]) -> None:
    chat = begin(client, system, "My bicycle was taken last spring")
    with system.begin() as session:
        contacts.lock(session, contact_id=chat.contact_id)
        for minutes in (0, 5, 20):
            messages.add(
                session, contact_id=chat.contact_id, kind="outbound", channel="chat", body=f"after {minutes}",
                now=LATE + dt.timedelta(minutes=minutes),
            )  # fmt: skip
    times = [text for each in client.tree(chat.path).iter("time") if (text := text_of(each))]
    assert times[-3:] == ["11:50 pm on Friday 5 March", "11:55 pm", "12:10 am on Saturday 6 March"]


def test_the_script_is_told_both_and_the_day_of_the_united_kingdom() -> None:
    summer = dt.datetime(2027, 7, 1, 23, 30, tzinfo=dt.UTC)
    told = words.told(ChatLine(new_id(), 1, "bot", "Hello", summer, None, "stored"), "en")
    assert (told["day"], told["time"], told["at"]) == ("2027-07-02", "12:30 am", "12:30 am on Friday 2 July")

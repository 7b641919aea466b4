"""A copy of the chat to keep: a tagged PDF with a name that says nothing, and by email only where that is safe."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from contact.gateways import papers
from contact.gateways.wording import when
from contact.services import chat
from contact.services.apart import apart
from contact.store import forces
from contact.store.contacts import Contact
from contact.web.citizen.blueprint import room, wear
from contact.web.citizen.copy import head, paper_answer
from contact.web.citizen.progress import waits_for_safe_word
from contact.web.shared import database
from contact.web.shared.access import proven
from contact.web.shared.chat import words
from contact.web.shared.chat.place import proven_chat
from contact.web.shared.failures import NotProven
from contact.web.shared.frame import show_exit
from contact.web.shared.language import current_language, gettext, speaking


@room.get("/chat/<reference>/copy")
@proven
def chat_copy(reference: str) -> ResponseReturnValue:
    """What the file holds and who could find it, before it is on anybody's device (practice 13)."""
    urls = {code: url_for("citizen.chat_copy_file", reference=reference, language=code) for code in ("en", "cy")}
    back_url = url_for("citizen.chat_talk", reference=reference)
    return page(opened_chat(reference), back_url=back_url, english_url=urls["en"], welsh_url=urls["cy"])


@room.get("/chat/<reference>/copy/<any(en,cy):language>/copy.pdf")
@proven
def chat_copy_file(reference: str, language: str) -> ResponseReturnValue:
    """The file itself."""
    return file(opened_chat(reference), language)


def page(
    contact: Contact,
    *,
    back_url: str,
    english_url: str,
    welsh_url: str,
    leave_url: str = "",
    layout: str = "layouts/citizen.html",
) -> str:
    """The page before the file; `layout` and `leave_url` are another's in a frame."""
    return render_template(
        "citizen/chat_copy.html",
        sensitive=contact.sensitive,
        back_url=back_url,
        english_url=english_url,
        welsh_url=welsh_url,
        language=current_language(),
        layout=layout,
        leave_url=leave_url,
    )


def file(contact: Contact, language: str) -> ResponseReturnValue:
    """The paper of that chat."""
    with speaking(language):
        data = copy_data(contact, language)
    return paper_answer(apart(lambda: papers.render(papers.PaperName.COPY, data)))


def opened_chat(reference: str) -> Contact:
    """The chat that this browser has proven. Raises NotProven, also while it waits for its safe word."""
    contact = proven_chat(reference)
    wear(contact.force_id)
    show_exit()
    if waits_for_safe_word(contact):
        raise NotProven(what="safe_word")
    return contact


def copy_data(contact: Contact, language: str) -> dict[str, Any]:
    """What the copy's template reads, in the language that the request speaks now."""
    session = database.session()()
    force = forces.get(session, force_id=contact.force_id)
    begun = [(gettext("Begun"), when(contact.received_at, language))]
    said = chat.thread(session, contact_id=contact.id)
    who = words.names(force.name_in(language))
    return {
        **head(gettext("Copy of your chat"), contact.force_id, contact.reference, language, begun),
        "sections": [
            {
                "title": gettext("What was said"),
                "rows": [
                    {"label": f"{who[line.who]}, {when(line.at, language)}", "lines": line.body.splitlines() or [""]}
                    for line in said
                ],
            }
        ],
        "parts": [
            {
                "title": gettext("About this copy"),
                "lines": [
                    gettext("This is what you and we wrote. It is not a police record and has no crime number."),
                    gettext(
                        "Your four words are not in it. With them and the reference you can read our answer online."
                    ),
                ],
            }
        ],
    }

"""What stands beside a chat inside a frame: files, a copy, an email. The same pages as outside; none leaves the frame.

The frame holds its own session; its blueprint lets only the sites that the force named show these pages.
"""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from contact.services import drafts
from contact.services.keys import Keys
from contact.store.contacts import Contact
from contact.web.citizen import chat_copy, chat_files, chat_mail
from contact.web.citizen.blueprint import settings
from contact.web.citizen.chat_form import begun as chat_form_begun
from contact.web.citizen.chat_mail import Around
from contact.web.citizen.evidence import take_files
from contact.web.citizen.evidence_place import Place
from contact.web.citizen.progress import waits_for_safe_word
from contact.web.shared import database
from contact.web.shared.access import proven
from contact.web.shared.chat.frame_room import room as frame
from contact.web.shared.chat.place import proven_chat
from contact.web.shared.failures import NotProven
from contact.web.shared.language import current_language
from contact.web.shared.request_actor import act_for_draft
from contact.web.shared.session import web_session

_CHAT = "/widget/<force_id>/chat/<reference>"


def _place_of_frame(force_id: str, reference: str) -> Place:
    return chat_files.place_at(
        proven_chat(reference),
        base=url_for("widget.chat_files_add", force_id=force_id, reference=reference),
        page=_url("files", force_id, reference),
        query=f"?lang={current_language()}",
    )


take_files("chat_files", f"{_CHAT}/files/sent", _place_of_frame, of=frame)


@frame.get(f"{_CHAT}/files", endpoint="chat_files")
@proven
def chat_files_page(force_id: str, reference: str) -> ResponseReturnValue:
    """Add photos or files to the chat."""
    _opened(reference)
    around, upload = _around(force_id, reference), chat_files.drawn(_place_of_frame(force_id, reference))
    return render_template("widget/files.html", upload=upload, back_url=around.back_url, leave_url=around.leave_url)


@frame.get(f"{_CHAT}/mail", endpoint="chat_mail")
@proven
def chat_mail_page(force_id: str, reference: str) -> ResponseReturnValue:
    """Ask what may be sent, and where to."""
    return chat_mail.ask(_opened(reference), _around(force_id, reference))


@frame.post(f"{_CHAT}/mail")
@proven
def chat_mail_send(force_id: str, reference: str) -> ResponseReturnValue:
    """Send it."""
    return chat_mail.send(lambda: _opened(reference), reference, _around(force_id, reference))


@frame.get(f"{_CHAT}/copy", endpoint="chat_copy")
@proven
def chat_copy_page(force_id: str, reference: str) -> ResponseReturnValue:
    """What the file holds, before it is on anybody's device."""
    contact, around = _opened(reference), _around(force_id, reference)
    urls = {
        code: url_for("widget.chat_copy_file", force_id=force_id, reference=reference, language=code)
        for code in ("en", "cy")
    }
    return chat_copy.page(
        contact,
        back_url=around.back_url,
        english_url=urls["en"],
        welsh_url=urls["cy"],
        leave_url=around.leave_url,
        layout=around.layout,
    )


@frame.get(f"{_CHAT}/copy/<any(en,cy):language>/copy.pdf")
@proven
def chat_copy_file(force_id: str, reference: str, language: str) -> ResponseReturnValue:
    """The file itself."""
    return chat_copy.file(_opened(reference), language)


@frame.post(f"{_CHAT}/form", endpoint="chat_form")
@proven
def chat_form(force_id: str, reference: str) -> ResponseReturnValue:
    """Begin the offered form; it opens in a tab of its own, which holds nothing of this frame's session.

    So the way there is a link like that to a saved report: to the draft alone, and once, since it stays in the
    browser's history for whoever sits down there next.
    """
    around, draft = _around(force_id, reference), chat_form_begun(_opened(reference).id)
    if draft is None:
        address = url_for("citizen.firearms", force=force_id)
    else:
        act_for_draft(draft.id)
        ticket = drafts.make_link_on(database.session()(), draft_id=draft.id, keys=Keys.from_settings(settings()))
        address = url_for("citizen.saved_link", ticket=ticket)
    return render_template("widget/form.html", address=address, filled=draft is not None, around=around)


def _opened(reference: str) -> Contact:
    """The chat that this frame holds. Raises NotProven, also while it waits for its safe word."""
    contact = proven_chat(reference)
    if waits_for_safe_word(contact):
        raise NotProven(what="safe_word")
    return contact


def _around(force_id: str, reference: str) -> Around:
    return Around(
        back_url=_url("talk", force_id, reference),
        copy_url=_url("copy", force_id, reference),
        leave_url=url_for("citizen.leave", frame=web_session().cookie.id_hash.hex()),
        layout="widget/layout.html",
    )


def _url(name: str, force_id: str, reference: str) -> str:
    return url_for(f"widget.chat_{name}", force_id=force_id, reference=reference, lang=current_language())

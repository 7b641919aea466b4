"""The public's room: report, save and come back, send, follow up, leave. One module a page; `room` is the blueprint.

Nobody needs JavaScript, an email address or a phone to use any of it (practice 13).
"""

from contact.web.citizen import (
    chat,
    chat_copy,
    chat_files,
    chat_form,
    chat_talk,
    check_answers,
    chooser,
    copy,
    emergency,
    equality,
    evidence_later,
    exit,
    firearms,
    front,
    legal,
    messages,
    progress,
    question,
    return_later,
    sent,
    signpost,
    start,
    text_link,
)
from contact.web.citizen.blueprint import room

__all__ = [
    "chat",
    "chat_copy",
    "chat_files",
    "chat_form",
    "chat_talk",
    "check_answers",
    "chooser",
    "copy",
    "emergency",
    "equality",
    "evidence_later",
    "exit",
    "firearms",
    "front",
    "legal",
    "messages",
    "progress",
    "question",
    "return_later",
    "room",
    "sent",
    "signpost",
    "start",
    "text_link",
]

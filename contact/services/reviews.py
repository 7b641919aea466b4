"""What nobody has reviewed yet: danger words, fixed texts, messages, forms, signposts, Welsh … (engineering 35)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from importlib.resources import files

from contact.domain import approved_replies, fixed_texts, reading, retention, screen
from contact.domain.licensing import fees
from contact.domain.screen import DataReview
from contact.gateways import chatbot_words, wording
from contact.gateways.papers import document, licensing_letter
from forms.check import all_unreviewed as unreviewed_forms

_CATALOGUES = ("cy",)
_FACT = re.compile(r"^# (Owner|Reviewer|Review date): *(.+?)\.?$", re.MULTILINE)
_NOBODY = {"", "none"}


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """One text or list that no named person has read. `kind` says which sort of text; `name` which one."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


def list_unreviewed() -> list[Unreviewed]:
    """Everything that `contact screen check` prints and that go-live refuses, kind by kind."""
    return [
        *_unread("danger words", screen.reviews()),
        *_unread("learnt weights", reading.reviews()),
        *_unread("fixed text", fixed_texts.reviews()),
        *(Unreviewed("fixed text", f"{key.value}, in Welsh") for key in fixed_texts.unread_welsh()),
        *_unread("approved reply", approved_replies.reviews()),
        *(Unreviewed("approved reply", f"{each}, in Welsh") for each in approved_replies.unread_welsh()),
        *_unread("chatbot", chatbot_words.reviews()),
        *(Unreviewed("chatbot", f"{each}, in Welsh") for each in chatbot_words.unread_welsh()),
        *(Unreviewed("message", f"{name}, {language}") for name, language in wording.unreviewed()),
        *_unread("retention", retention.reviews()),
        *(Unreviewed("form", line) for line in unreviewed_forms()),
        *(Unreviewed("paper", f"{name} (owner: {owner})") for name, owner in document.unreviewed()),
        *_unread("fees", fees.reviews()),
        *(Unreviewed("letters", f"{name} (owner: {owner})") for name, owner in licensing_letter.unreviewed()),
        *(Unreviewed("pages", f"{each}, the whole catalogue") for each in _CATALOGUES if not _catalogue_read(each)),
    ]


def list_out_of_date(day: dt.date) -> list[Unreviewed]:
    """What its owner had to look at again before `day` and has not: the assistant gives no such answer."""
    return [Unreviewed("chatbot", f"{each.name} (owner: {each.owner})") for each in chatbot_words.out_of_date(day)]


def _unread(kind: str, reviews: tuple[DataReview, ...]) -> list[Unreviewed]:
    return [Unreviewed(kind, f"{each.name} (owner: {each.owner})") for each in reviews if not each.is_reviewed]


def _catalogue_read(language: str) -> bool:
    """Whether the catalogue's head names a reviewer and a day."""
    text = files("contact").joinpath(f"translations/{language}/contact.po").read_text("utf-8")
    return is_signed_off(text.partition("msgid")[0])


def is_signed_off(head: str) -> bool:
    """Whether comment lines `# Reviewer: …` and `# Review date: …` both name something other than `none`."""
    facts = {name: value.strip().lower() for name, value in _FACT.findall(head)}
    return all(facts.get(name, "") not in _NOBODY for name in ("Reviewer", "Review date"))

"""Approved replies as data: handlers put them into the reply box and change them; none is ever sent by itself."""

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from contact.domain.screen import DataReview
from contact.domain.taxonomy import Category


@dataclass(frozen=True)
class ApprovedReply:
    """One reply of `data/approved_replies.json`, in both languages.

    `categories`: where it is offered first; none means everywhere. `in_grave_matters`: fit for sensitive and emergency
    contacts. `locked_screen`: shows nothing to whoever holds the phone (practice 4).
    """

    id: str
    title: str
    categories: frozenset[Category]
    in_grave_matters: bool
    locked_screen: bool
    words: dict[str, str]
    welsh_read_by_translator: bool
    review: DataReview

    def in_(self, language: str) -> str:
        """The words in `language` (en or cy), in English for any other."""
        return self.words.get(language, self.words["en"])


@lru_cache(maxsize=1)
def approved_replies() -> tuple[ApprovedReply, ...]:
    """Every reply, in the order of the file."""
    raw = json.loads(files("contact.domain").joinpath("data/approved_replies.json").read_text("utf-8"))
    return tuple(
        ApprovedReply(
            id=each["id"],
            title=each["title"],
            categories=frozenset(map(Category, each["categories"])),
            in_grave_matters=each["in_grave_matters"],
            locked_screen=each["locked_screen"],
            words={"en": each["en"], "cy": each["cy"]},
            welsh_read_by_translator=each["welsh_read_by_translator"],
            review=DataReview(each["id"], each["source"], each["owner"], each["reviewer"], each["reviewed_on"]),
        )
        for each in raw["replies"]
    )


def find(reply_id: str) -> ApprovedReply | None:
    """The reply of that id; None for one that is not approved."""
    return next((each for each in approved_replies() if each.id == reply_id), None)


def reviews() -> tuple[DataReview, ...]:
    """Who has reviewed each, for `contact screen check` and go-live (engineering 35)."""
    return tuple(each.review for each in approved_replies())


def unread_welsh() -> tuple[str, ...]:
    """The replies whose Welsh no translator has read (engineering 20)."""
    return tuple(each.id for each in approved_replies() if not each.welsh_read_by_translator)

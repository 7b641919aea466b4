"""Words never improvised: 999 advice, crisis help, the demonstration's warning, and who answers for them."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from contact.domain.screen import DataReview


class FixedText(StrEnum):
    """The keys of `data/fixed_texts.json`."""

    CHAT_999 = "chat_999"
    DANGER_REPLY = "danger_reply"
    DEMO_BANNER = "demo_banner"
    NOBODY_HAS_SEEN_THIS = "nobody_has_seen_this"
    SMS_999 = "sms_999"
    SMS_999_DEMO = "sms_999_demo"
    SMS_CODE = "sms_code"
    SMS_DEMO_PREFIX = "sms_demo_prefix"
    SMS_FILES = "sms_files"
    SMS_FILES_QUIET = "sms_files_quiet"
    SMS_FORM = "sms_form"
    SMS_INFO = "sms_info"
    SMS_WEB_LINK = "sms_web_link"
    SUICIDE_HELP = "suicide_help"
    WEB_999 = "web_999"


@dataclass(frozen=True)
class _Entry:
    words: dict[str, str]
    welsh_read_by_translator: bool
    review: DataReview


def fixed_text(key: FixedText, language: str = "en") -> str:
    """Answer the words in `language` (en or cy, for some also others), in English for any other.

    Lines stand below each other; one that begins with `# ` heads the next ones, and `[words](address)` is a link.
    """
    words = _entries()[key].words
    return words.get(language, words["en"])


def reviews() -> tuple[DataReview, ...]:
    """Answer who has reviewed each text, for `contact screen check` and go-live (engineering 35)."""
    return tuple(entry.review for entry in _entries().values())


def unread_welsh() -> tuple[FixedText, ...]:
    """Answer the texts whose Welsh no translator has read (engineering 20)."""
    return tuple(key for key, entry in _entries().items() if not entry.welsh_read_by_translator)


@lru_cache(maxsize=1)
def _entries() -> dict[FixedText, _Entry]:
    raw = json.loads(files("contact.domain").joinpath("data/fixed_texts.json").read_text("utf-8"))
    answer = {}
    for name, entry in raw["texts"].items():
        review = DataReview(name, entry["source"], entry["owner"], entry["reviewer"], entry["reviewed_on"])
        words = {"en": entry["en"], "cy": entry["cy"], **entry.get("languages", {})}
        answer[FixedText(name)] = _Entry(words, entry["welsh_read_by_translator"], review)
    return answer

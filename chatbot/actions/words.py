"""Words of a text in their plainest form, and whether a phrase stands in them; linear, no phrase is a pattern."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u0060\u00b4'’]")
_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_PLAIN = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u2026": "..."}


def words_of(text: str) -> list[str]:
    """Answer the words in order, in lower case, without accents and apostrophes."""
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text.casefold()))
    return _WORD.findall("".join(letter for letter in decomposed if not unicodedata.combining(letter)))


def stands_in(words: Sequence[str], phrases: Iterable[Sequence[str]]) -> bool:
    """Say whether one of the phrases stands in the words, word by word."""
    joined = f" {' '.join(words)} "
    return any(f" {' '.join(phrase)} " in joined for phrase in phrases)


def for_sms(text: str) -> str:
    """Answer the same words in the cheap alphabet of text messages: no accent that costs a second text."""
    answer = []
    for one in unicodedata.normalize("NFC", "".join(_PLAIN.get(letter, letter) for letter in text)):
        if one in _GSM_7:
            answer.append(one)
        else:
            answer.extend(part for part in unicodedata.normalize("NFD", one) if not unicodedata.combining(part))
    return "".join(answer)

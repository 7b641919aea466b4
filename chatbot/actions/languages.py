"""Tells which language a message is in, among the few the bot has a word for; Welsh and English are its own."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from actions.book import Book
from actions.words import words_of

OWN = ("en", "cy")
ENOUGH = 2  # common words that make a language likely


def language_of(text: str, book: Book) -> str:
    """Answer a code of `languages.yml`, `unknown` for a script it does not know, or "" when it cannot be told."""
    by_script = _script(text, book.languages)
    if by_script:
        return by_script
    words = words_of(text)
    hits = Counter({code: _hits(words, text, about) for code, about in book.languages.items()})
    best, found = hits.most_common(1)[0] if hits else ("", 0)
    if best != "en" and found <= hits["en"]:
        return "en"
    if found < ENOUGH:
        return "en" if best == "en" and found else ""
    return best


def _hits(words: list[str], text: str, about: Mapping[str, Any]) -> int:
    """Common words, and letters that hardly any other language has."""
    if "script" in about:
        return 0
    return sum(word in about.get("words", ()) for word in words) + sum(
        letter in about.get("letters", "") for letter in text
    )


def _script(text: str, languages: Mapping[str, Mapping[str, Any]]) -> str:
    """The language of a script that is not Latin, when it makes up most of the letters."""
    letters = [letter for letter in text if letter.isalpha()]
    if not letters:
        return ""
    strange = sum(ord(letter) > 0x36F for letter in letters)
    if strange * 2 < len(letters):
        return ""
    best, most = "unknown", 0
    for code, about in languages.items():
        ranges = about.get("script", ())
        inside = sum(any(low <= ord(letter) <= high for low, high in ranges) for letter in letters)
        inside += 2 * sum(letter in about.get("letters", "") for letter in letters)
        if inside > most:
            best, most = code, inside
    return best

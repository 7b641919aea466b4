"""Hears the talk around a matter: a wish for a person, tricks, abuse, silence; by words first, then by the model."""

import re

from actions.book import Book
from actions.heard import Heard
from actions.words import stands_in, words_of

_TOLD_BY_PICTURES = frozenset({"emergency", "priority"})  # an SOS sign is no silence
_WORD = re.compile(r"[^\W_]+(?:['\u2019\u02bc][^\W_]+)*")
SURE_OF_TALK = 0.6
_IN_WORDS = ("five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen")
_AGES = frozenset(
    {*_IN_WORDS, "sixteen", "seventeen", *(f"{age}{end}" for age in range(5, 18) for end in ("", "yo", "yr", "yrs"))}
)
_BEFORE_AN_AGE = frozenset({"only", "just", "nearly", "almost", "yn"})
_NO_AGE = tuple(
    [word] for word in ("minutes", "mins", "min", "miles", "weeks", "months", "hours", "foot", "ft", "days", "stone")
)
LONG_GOODBYE = 10  # words, at most
SHORT = 6  # words up to which a rude message is only rude
# What is looked for, in this order: the truth about being a machine comes before "person" in "are you a person?".
_BY_WORDS = ("ask_robot", "injection", "ask_for_person", "goodbye", "thanks", "greet", "dont_know", "deny", "affirm")
_TRUSTED_INTENTS = frozenset({*_BY_WORDS, "abuse", "repeat", "other_language"})
# A message of nothing but these is the first that stands in it: "thanks, no", "no that's all thanks, bye".
_CLOSING = ("goodbye", "thanks")
_AROUND = (*_CLOSING, "deny", "affirm", "greet")
# Taken from the model only when the words are few: a long message that begins politely is about something.
_SHORT_ONLY = frozenset({"greet", "thanks", "goodbye", "affirm", "deny", "dont_know", "abuse", "ask_for_person"})


def wish_in(heard: Heard, book: Book) -> str:
    """Answer the talk that this message is, as the name of an intent; an empty string when it is about a matter."""
    words = words_of(heard.text)
    danger = heard.triage.grade == "emergency" or heard.triage.advise_999  # then it is not taken for mere talk
    if not words:
        return "" if heard.text.strip() and heard.triage.grade in _TOLD_BY_PICTURES else "silence"
    for wish in _BY_WORDS:
        if is_cued(wish, words, book):
            return wish
    if len(words) <= LONG_GOODBYE and (closing := _closes(tuple(words), book)):
        return closing
    if len(words) <= SHORT and is_cued("abuse", words, book):
        return "abuse"
    trusted = heard.intent in _TRUSTED_INTENTS and heard.intent_confidence >= SURE_OF_TALK and not danger
    if trusted and (heard.intent not in _SHORT_ONLY or len(words) <= SHORT):
        return heard.intent
    return ""


def _closes(words: tuple[str, ...], book: Book) -> str:
    """The thanks or goodbye that a message is made of, with yes, no and hello around it and no other word; else ""."""
    phrases = {phrase: cue for cue in reversed(_AROUND) for phrase in book.cues.get(cue, {}).get("whole", ())}
    heard: list[frozenset[str] | None] = [frozenset(), *(None for _ in words)]  # cues of the words up to each place
    for end in range(1, len(words) + 1):
        for begin in range(end):
            before, cue = heard[begin], phrases.get(words[begin:end])
            if before is not None and cue is not None and heard[end] is None:
                heard[end] = before | {cue}
    made_of = heard[-1] or frozenset()
    return next((cue for cue in _CLOSING if cue in made_of), "")


def is_cued(cue: str, words: list[str], book: Book) -> bool:
    """Say whether the words are one of the cue's whole messages, begin with one of its beginnings or hold a phrase."""
    found = book.cues.get(cue)
    if not found:
        return False
    whole = tuple(words)
    # "please" and "x" change nothing about a one-word wish.
    bare = tuple(word for word in whole if word not in {"please", "pls", "plz", "x", "xx", "os", "gwelwch", "dda"})
    if whole in found["whole"] or bare in found["whole"]:
        return True
    return any(whole[: len(each)] == each for each in found["begins"]) or stands_in(words, found["within"])


def corrects(heard: Heard, book: Book) -> int:
    """Answer where the corrected words begin after "no, I meant" and its like; 0 when the message corrects nothing."""
    words = words_of(heard.text)
    begins = [each for each in book.cues["correct"]["begins"] if tuple(words[: len(each)]) == each]
    length = max((len(each) for each in begins), default=0)
    if not length or len(words) == length:
        return 0
    counted = 0
    for found in _WORD.finditer(heard.text):
        counted += len(words_of(found.group()))
        if counted >= length:
            return found.end()
    return 0


def is_question(text: str, book: Book) -> bool:
    """Say whether the words ask something."""
    return "?" in text or is_cued("question", words_of(text), book)


def speaks_as_child(text: str, book: Book) -> bool:
    """Say whether a person under 18 seems to be writing ("i am 12", "im only nine and", "im in year 8")."""
    words = [word for word in words_of(text) if word not in _BEFORE_AN_AGE]
    for place, word in enumerate(words[:-1]):
        begins = word in {"im", "dwi", "rwyn"} or (word == "am" and place and words[place - 1] == "i")
        if begins and words[place + 1] in _AGES and words[place + 2 : place + 3] not in _NO_AGE:
            return True
    return is_cued("child", words, book)

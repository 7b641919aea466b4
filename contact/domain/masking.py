"""Personal data taken out of words that others will learn from: what could reach or name a person is a placeholder.

Rather too much than too little: what is masked in vain costs a model little. Names nobody knows of cannot be found;
whoever exports says so. Source: practice 16.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_STREET = (
    r"(?:street|st|road|rd|lane|ln|avenue|ave|drive|dr|close|way|court|ct|place|pl|terrace|crescent|grove|gardens?|"
    r"square|sq|park|hill|row|walk|mews|rise|view|green|heol|ffordd|stryd|lôn|rhodfa|clos)"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), placeholder)
    for pattern, placeholder in (
        (r"(?:https?://|www\.)\S+", "[link]"),
        (r"(?<!\S)@\w{2,}(?![\w.]*@)", "[handle]"),
        (r"[^\s@<>,;]+\s?@\s?[^\s@<>,;]+", "[email]"),
        (r"\S+ ?(?:\(at\)|\[at\]) ?\S+\.\S+", "[email]"),
        (r"(?:\S+ (?:dot|underscore|dash) )*\S+ (?:at|\(at\)|\[at\]) \S+ (?:dot|\(dot\)|\[dot\]) \S+", "[email]"),
        (r"@", " "),
        (r"\b\d{1,4}[/.\-]\d{1,2}[/.\-]\d{2,4}\b", "[date]"),
        (rf"\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}\b[,.]? ?\d{{2,4}}\b", "[date]"),
        (rf"\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b", "[date]"),
        (r"\b\d+(?:/\d+){1,3}\b", "[reference]"),
        (r"\b[0o]7(?:[\s.\-]?[\do]){9}\b", "[phone]"),
        (r"(?:\+|\(|\b)\d(?:[\s().\-/]{0,3}\d){6,}", "[phone]"),
        (r"(?<![a-z\d])[a-z]{1,2}[\s.\-]?\d[a-z\d]?[\s.\-]*\d[\s.\-]?[a-z][\s.\-]?[a-z](?![a-z\d])", "[postcode]"),
        (r"\b[a-z]{2}[\s\-]?\d{2}[\s\-]?[a-z]{3}\b", "[registration]"),
        (r"\b(?=(?:[a-z]*\d){3})(?=\d*[a-z])[a-z\d]{6,}\b", "[reference]"),
        (rf"\b\d{{1,4}}[a-z]?(?=,? +(?:[a-z'’\-]+ +){{1,3}}{_STREET}\b)", "[number]"),
        (r"\b((?:flat|room|unit|house|plot|number|no\.?)(?: number| no\.?)?) \d{1,4}[a-z]?\b", r"\1 [number]"),
        (r"\d{5,}", "[number]"),
    )
)
_SPOKEN = re.compile(r"\b([a-z\d]{3})([- ])([a-z\d]{3})\2([a-z\d]{3})\b", re.IGNORECASE)
_OLD_PLATE = re.compile(r"\b(?:[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,4}[A-Z]?)\b")
_GOES_ON = (
    "and|but|i|im|i'm|my|the|a|an|he|she|it|its|we|they|who|so|or|is|was|has|had|have|am|are|from|at|in|on|of|to|for|with|"
    "by|here|calling|living|live|please|can|could|there|just|because|when|ac|a'r|o|yn|dw|mae|rwy"
)
"""What a name in small letters ends before: the rest of the sentence is to be learned from."""
_NAME = r"[^\W\d_][\w'’\-]*"
_REST = rf"(?:(?: [A-Z][\w'’\-]*)+|(?: (?!(?i:{_GOES_ON})\b)[a-z][\w'’\-]+)?)"
_SAYS_NAME = re.compile(
    r"((?i:\bmy (?:full )?name(?:['’]?s| is)|\bi am called|\bi['’]?m called|\bthey call me|\bname:"
    r"|\b(?:fy )?enw i (?:yw|ydy)) +)"
    rf"({_NAME}{_REST})"
)
_IS_NAMED = re.compile(
    r"((?i:\bcalled|\bnamed|\bby the name of|\bi['’]?m|\bi am|\bthis is|\bit['’]?s|\bo'r enw) +)"
    r"((?!(?:Mrs|Mr|Miss|Ms|Mx|Dr|Prof)\b)[A-Z][a-z'’\-]+(?: [A-Z][\w'’\-]+)*)"
)
"""Where only a great letter tells a name from other words."""
_TITLED = re.compile(rf"\b((?i:mrs|mr|miss|ms|mx|dr|prof|rev|pc|sgt|dc)\.? )({_NAME}(?: [A-Z][\w'’\-]*)*)")
_INSURANCE = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE)
_DIGIT = r"(?:zero|nought|oh|one|two|three|four|five|six|seven|eight|nine|hundred|(?:double|treble|triple) \w+)"
_SAID_NUMBER = re.compile(rf"\b{_DIGIT}(?:[ ,\-]+(?:and )?{_DIGIT}){{5,}}\b", re.IGNORECASE)
_WORDS = (
    "a an the my our his her their your this that some someone somebody any two three four five six seven "
    "several of and from with in on at by called named who he she they them him me we us you old young "
    "little big tall boy boys girl girls man men woman women lad lads kid kids child children baby "
    "teenager teenagers son daughter wife husband partner ex boyfriend girlfriend mum mom mam mother dad "
    "father nan nana gran granny grandma grandad grandpa brother sister stepdad stepmum stepson "
    "stepdaughter cousin uncle aunt auntie nephew niece friend friends mate mates neighbour neighbours "
    "neighbor boss manager lodger landlord tenant stranger driver teacher carer nurse doctor dr police "
    "officer pc people person lady guy bloke group gang family year next door upstairs downstairs one "
    "ones "
)
_NOBODY = frozenset(_WORDS.split())
"""Words for somebody that name nobody."""


def mask(text: str, *, known: Iterable[str] = (), people: Iterable[str] = ()) -> str:
    """The words without what could reach or name a person. `known`: names, addresses and the like that we have.

    Emails, links, handles, telephone numbers, postcodes, registrations, references, dates with a year, house numbers
    and long numbers go, however they are spaced; and every known word of three letters or more, wherever it stands.
    `people`: how somebody was spoken of ("my daughter Ellie"): of that, the names.
    """
    words = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    named = {name for one in people for name in _names(one)}
    for each in sorted({part for one in known for part in _parts(one)} | named, key=len, reverse=True):
        words = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", "[name]", words, flags=re.IGNORECASE)
    words = re.sub(r"\[name\](?: \[name\])+", "[name]", words)
    words = _SPOKEN.sub(_reference, words)
    words = _INSURANCE.sub("[number]", words)
    words = _SAID_NUMBER.sub("[phone]", words)
    for pattern, placeholder in _PATTERNS:
        words = pattern.sub(placeholder, words)
    words = _OLD_PLATE.sub("[registration]", words)
    for pattern in (_SAYS_NAME, _TITLED, _IS_NAMED):
        words = pattern.sub(r"\1[name]", words)
    return words


def _reference(found: re.Match[str]) -> str:
    """Three groups of three are one of our references, unless they are three short words."""
    groups = [found[1], found[3], found[4]]
    with_digits = sum(any(one.isdigit() for one in group) for group in groups)
    return "[reference]" if with_digits > (found[2] == " ") else found[0]


def _parts(known: str) -> list[str]:
    """A known name or address whole, and its words that could be told alone."""
    whole = " ".join(unicodedata.normalize("NFKC", known).split())
    parts = [part.strip(",.;()") for part in whole.split()]
    return [part for part in (whole, *parts) if len(part) > 2 and not part.startswith("[")]


def _names(spoken_of: str) -> list[str]:
    """The names in words for somebody: what has a great letter; where nothing has one, what is no common word."""
    words = [each.strip(",.;()'’") for each in unicodedata.normalize("NFKC", spoken_of).split()]
    told = [each for each in words if len(each) > 2 and each.isalpha() and each.casefold() not in _NOBODY]
    great = [each for each in told if each[0].isupper()]
    return great or (told if len(words) <= 3 else [])

"""How a text message will really be sent: which alphabet, how many parts, and its words in the cheaper alphabet."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_PLAIN = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "\u02bc": "'", "\u0060": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "\u2010": "-", "\u2011": "-", "\u2012": "-",
    "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-", "\u2026": "...", "\u00a0": " ", "\u202f": " ",
    "\u2009": " ", "\t": " ", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
    "\u2022": "-",
}  # fmt: skip


class Alphabet(StrEnum):
    """How the letters travel."""

    GSM_7 = "gsm-7"
    UCS_2 = "ucs-2"


_ONE_PART = {Alphabet.GSM_7: 160, Alphabet.UCS_2: 70}
_EACH_OF_MANY = {Alphabet.GSM_7: 153, Alphabet.UCS_2: 67}


@dataclass(frozen=True)
class Measure:
    """What a text costs: `units` are septets or 16-bit units, `parts` the messages it becomes (0 for no text)."""

    alphabet: Alphabet
    units: int
    parts: int

    @property
    def left_in_part(self) -> int:
        """How many units still fit before one part more is needed."""
        size = _ONE_PART[self.alphabet] if self.parts <= 1 else _EACH_OF_MANY[self.alphabet]
        return max(self.parts, 1) * size - self.units


def measure(text: str) -> Measure:
    """Answer alphabet, length and parts of `text` exactly as given.

    One letter outside GSM-7, such as an emoji or a Welsh circumflex, turns the whole text to UCS-2. A letter that
    takes two units is never cut between parts, so full parts can be a unit short.
    """
    alphabet = Alphabet.GSM_7 if all(one in _BASIC or one in _EXTENDED for one in text) else Alphabet.UCS_2
    sizes = [_size(one, alphabet) for one in text]
    units = sum(sizes)
    if units <= _ONE_PART[alphabet]:
        return Measure(alphabet, units, 1 if text else 0)
    parts, filled, room = 1, 0, _EACH_OF_MANY[alphabet]
    for size in sizes:
        if filled + size > room:
            parts, filled = parts + 1, 0
        filled += size
    return Measure(alphabet, units, parts)


def plain(text: str) -> str:
    """Answer the same words in GSM-7 wherever that loses nothing a reader needs.

    Curly quotes, long dashes and odd spaces become plain ones. Letters are kept: an accent may be part of a name, and a
    word that changes its letters may change its sense in Welsh.
    """
    return "".join(_PLAIN.get(one, one) for one in unicodedata.normalize("NFC", text))


def without_accents(text: str) -> str:
    """Answer `plain(text)` without the accents that GSM-7 lacks (ŵ to w), for fixed texts that must fit one part."""
    answer = []
    for one in plain(text):
        if one in _BASIC or one in _EXTENDED:
            answer.append(one)
        else:
            answer.extend(part for part in unicodedata.normalize("NFD", one) if not unicodedata.combining(part))
    return "".join(answer)


def _size(letter: str, alphabet: Alphabet) -> int:
    if alphabet is Alphabet.GSM_7:
        return 2 if letter in _EXTENDED else 1
    return 2 if ord(letter) > 0xFFFF else 1

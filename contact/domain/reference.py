"""References that can be read aloud and mistyped, and spoken codes of four words, kept as a digest."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Protocol

from contact.domain.errors import MalformedReference

# 23 is prime, so one weighted sum catches each wrong symbol and each swap of two. No vowels, so no words; none of
# B, S, Z, G, Q, O, I, L, which look like digits; neither N nor V, which sound like M and B.
ALPHABET = "0123456789CDFHJKMPRTWXY"
LENGTH = 9
GROUP = 3

_FORGIVEN = str.maketrans("OQILBSZG", "00118526")
_SPOKEN = {
    **dict(
        zip("0123456789", ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], strict=True)
    ),
    **dict(
        zip(
            "CDFHJKMPRTWXY",
            [
                "Charlie",
                "Delta",
                "Foxtrot",
                "Hotel",
                "Juliet",
                "Kilo",
                "Mike",
                "Papa",
                "Romeo",
                "Tango",
                "Whiskey",
                "X-ray",
                "Yankee",
            ],
            strict=True,
        )
    ),
}
_SPOKEN_CY = dict(
    zip("0123456789", ["dim", "un", "dau", "tri", "pedwar", "pump", "chwech", "saith", "wyth", "naw"], strict=True)
)

CODE_WORDS = 4


class Random(Protocol):
    """What `random.Random` and `secrets.SystemRandom` both offer."""

    def randrange(self, stop: int, /) -> int:
        """Answer a whole number from 0 to `stop` - 1."""
        ...


_SYSTEM_RANDOM = secrets.SystemRandom()


def new(random: Random = _SYSTEM_RANDOM) -> str:
    """Answer a new reference such as `K7R-D4M-X2P`: eight random symbols (36 bits) and a check symbol.

    Two can collide; the store's unique constraint decides and the caller makes another.
    """
    values = [random.randrange(len(ALPHABET)) for _ in range(LENGTH - 1)]
    return _grouped([*values, _check(values)])


def parse(text: str) -> str:
    """Answer the reference as it is stored, whatever case, spaces, dashes or look-alikes it was typed with.

    Raises MalformedReference (reason empty, length, symbol or check).
    """
    plain = unicodedata.normalize("NFKC", text[:200]).upper()
    symbols = re.sub(r"[^0-9A-Z]", "", plain).translate(_FORGIVEN)
    if not symbols:
        raise MalformedReference(reason="empty")
    if len(symbols) != LENGTH:
        raise MalformedReference(reason="length")
    if any(symbol not in ALPHABET for symbol in symbols):
        raise MalformedReference(reason="symbol")
    values = [ALPHABET.index(symbol) for symbol in symbols]
    if _check(values[:-1]) != values[-1]:
        raise MalformedReference(reason="check")
    return _grouped(values)


def spell(reference: str, language: str = "en") -> str:
    """Answer the reference for reading aloud: `Kilo seven Romeo, Delta four Mike, X-ray two Papa`."""
    spoken = _SPOKEN | _SPOKEN_CY if language == "cy" else _SPOKEN
    groups = parse(reference).split("-")
    return ", ".join(" ".join(spoken[symbol] for symbol in group) for group in groups)


def new_code(random: Random = _SYSTEM_RANDOM) -> str:
    """Answer four words, at least 40 bits (engineering 25): `maple-harbour-violin-sugar`."""
    words = code_words()
    return "-".join(words[random.randrange(len(words))] for _ in range(CODE_WORDS))


def normalise_code(text: str) -> str:
    """Answer a typed or dictated code as it was made: lower case, single dashes between words."""
    plain = unicodedata.normalize("NFKC", text[:200]).lower()
    return "-".join(re.findall(r"[a-z]+", plain))


def code_hash(code: str, *, key: bytes) -> str:
    """Answer what may be stored: `v1$salt$digest`, salted for each row and keyed.

    `key` never stands in the database, so a stolen table alone cannot be guessed at; so no slow hash is
    needed, which would stop the web's event loop (engineering 14).
    """
    salt = secrets.token_bytes(16)
    return f"v1${salt.hex()}${_digest(code, salt, key)}"


def code_matches(code: str, stored: str | None, *, key: bytes) -> bool:
    """Say whether `code` made `stored`; takes the same time when there is nothing stored (engineering 25)."""
    version, _, rest = (stored or "v1$" + "00" * 16 + "$").partition("$")
    salt, _, digest = rest.partition("$")
    found = _digest(code, bytes.fromhex(salt), key)
    return hmac.compare_digest(found, digest) and stored is not None and version == "v1"


@lru_cache(maxsize=1)
def code_words() -> tuple[str, ...]:
    """The word list, in its fixed order."""
    return tuple(files("contact.domain").joinpath("data/words.txt").read_text("utf-8").split())


def _digest(code: str, salt: bytes, key: bytes) -> str:
    return hmac.new(key, b"spoken code\0" + salt + normalise_code(code).encode(), hashlib.sha256).hexdigest()


def _check(values: Sequence[int]) -> int:
    """Answer the last value, which makes the sum of position x value a multiple of 23."""
    total = sum(place * value for place, value in enumerate(values, start=1))
    return -total * pow(LENGTH, -1, len(ALPHABET)) % len(ALPHABET)


def _grouped(values: Sequence[int]) -> str:
    symbols = "".join(ALPHABET[value] for value in values)
    return "-".join(symbols[start : start + GROUP] for start in range(0, LENGTH, GROUP))

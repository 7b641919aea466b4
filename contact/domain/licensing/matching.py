"""Who in a contact may be a certificate holder: the keys that both sides make, so that the database only compares.

Practice 9: the person who reports, who is named, and every place, against the holder, their address and household.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

_LETTERS = re.compile(r"[^a-z0-9]+")
_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b(\d{1,5}[a-z]?)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MOST_NAMES, _MOST_SURNAMES = 200, 40


class MatchedBy(StrEnum):
    """How a contact and a certificate met, the surest first."""

    NUMBER = "number"  # of the certificate, in a report of loss or theft
    SERIAL = "serial"  # of a gun reported lost or stolen
    APPLICATION = "application"  # the danger was written to licensing about this holder's application
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    HOUSEHOLD = "household"  # the same surname at the same postcode
    NAME = "name"  # of the force the contact stands with
    POSTCODE = "postcode"  # and no house was named

    @property
    def sure(self) -> bool:
        """Whether it opens a licensing review; the same postcode alone is a neighbour as likely as not."""
        return self is not MatchedBy.POSTCODE


def _plain(words: str) -> str:
    """Letters and figures alone, without accents and case."""
    bare = unicodedata.normalize("NFKD", words.casefold())
    return _LETTERS.sub(" ", "".join(letter for letter in bare if not unicodedata.combining(letter))).strip()


def postcode_key(postcode: str) -> str | None:
    """The postcode in capitals without spaces; None where it is none."""
    found = _POSTCODE.search(postcode)
    return (found[1] + found[2]).upper() if found else None


def name_key(given: str, surname: str) -> str | None:
    """First given name and surname; None unless both are there."""
    first, last = _plain(given).split(" ")[0], _plain(surname).replace(" ", "")
    return f"{first} {last}" if first and last else None


def household_key(surname: str, postcode: str) -> str | None:
    """Surname and postcode; None unless both are there."""
    last, code = _plain(surname).replace(" ", ""), postcode_key(postcode)
    return f"{last} {code}" if last and code else None


def address_key(address: str, postcode: str) -> str | None:
    """House and postcode: its number, or else the first words of the first line; None unless both are there."""
    code = postcode_key(postcode) or postcode_key(address)
    lines = [line for part in address.splitlines() for line in part.split(",") if line.strip()]
    lines = [line for line in (_POSTCODE.sub(" ", each) for each in lines) if line.strip()]
    if code is None or not lines:
        return None
    number = next((found[1].lower() for line in lines[:2] if (found := _NUMBER.search(line))), None)
    house = number or _plain(lines[0])
    return f"{house} {code}" if house else None


@dataclass(frozen=True, slots=True)
class Probes:
    """What a contact tells of people and places, as keys. Empty ones ask nothing."""

    names: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    households: frozenset[str] = frozenset()
    postcodes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return any((self.names, self.phones, self.emails, self.addresses, self.households, self.postcodes))


@dataclass(slots=True)
class Gathering:
    """Collects probes from what was said, piece by piece."""

    names: set[str] = field(default_factory=set)
    surnames: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    postcodes: set[str] = field(default_factory=set)

    def person(self, given: str, surname: str) -> None:
        """Somebody by both names."""
        key = name_key(given, surname)
        if key:
            self.names.add(key)
        if surname.strip():
            self.surnames.add(surname)

    def described(self, words: str) -> None:
        """Somebody described in words: each two words that follow each other may be a name."""
        found = [each[0] for each in _WORD.finditer(words)][:_MOST_NAMES]
        self.names |= {key for first, last in pairwise(found) if (key := name_key(first, last))}
        capitals = [each for each in found if len(each) > 1 and each[0].isupper()]
        self.surnames |= set((capitals or found)[:_MOST_SURNAMES])
        self.place(words)

    def place(self, address: str, postcode: str = "") -> None:
        """Somewhere: an address in words, its postcode beside it or in it."""
        given = f"{postcode} {address}"
        for found in _POSTCODE.finditer(given):
            self.postcodes.add((found[1] + found[2]).upper())
        key = address_key(address, postcode)
        if key:
            self.addresses.add(key)

    def reached(self, *, phone: str | None = None, email: str | None = None) -> None:
        """A way to somebody: a number in E.164, an address of email."""
        if phone:
            self.phones.add(phone)
        if email:
            self.emails.add(email.strip().casefold())

    def probes(self) -> Probes:
        """The keys. A postcode asks by itself only where no house was named there."""
        housed = {key.rsplit(" ", 1)[1] for key in self.addresses}
        households = _pairs(self.surnames, self.postcodes)
        return Probes(
            names=frozenset(self.names),
            phones=frozenset(self.phones),
            emails=frozenset(self.emails),
            addresses=frozenset(self.addresses),
            households=frozenset(households),
            postcodes=frozenset(self.postcodes - housed),
        )


def _pairs(surnames: Iterable[str], postcodes: Iterable[str]) -> set[str]:
    codes = sorted(postcodes)
    return {key for last in surnames for code in codes if (key := household_key(last, code))}

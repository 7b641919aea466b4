"""What only the web can refuse: no session, no proof. Domain errors stand in `contact.domain.errors`."""

from dataclasses import dataclass

from contact.domain.errors import DomainError


class SignedOut(DomainError):
    """The page is for agents, and nobody is signed in here any more."""


@dataclass
class NotProven(DomainError):
    """The page is for the citizen who holds a draft or contact, and this browser has not proven it.

    `what`: draft, contact.
    """

    what: str

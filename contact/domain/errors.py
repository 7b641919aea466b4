"""What can go wrong, named after what happened: data only, no HTTP, no HTML, no words of a citizen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


class DomainError(Exception):
    """The root of the family; the web's table of errors has a row for each class below it."""

    def __str__(self) -> str:
        """Name and data, for logs; the data are ids and codes, so a log line betrays nobody."""
        return repr(self)


@dataclass(eq=False)
class MoveNotAllowed(DomainError):
    """The state table has no such move."""

    state: str
    move: str


@dataclass(eq=False)
class MessageUnread(DomainError):
    """The person has said something since that nobody has marked as read: it would be closed away unseen."""

    contact_id: UUID


@dataclass(eq=False)
class ContactAlreadyTaken(DomainError):
    """Somebody else holds the contact (scenario 8: the refusal names the owner)."""

    contact_id: UUID
    holder_id: UUID
    holder_name: str
    force_id: str | None = None
    since: datetime | None = None


@dataclass(eq=False)
class NotYours(DomainError):
    """Only the person who holds the contact may do this."""

    contact_id: UUID
    holder_id: UUID | None = None
    holder_name: str | None = None


@dataclass(eq=False)
class LeaseLost(DomainError):
    """You held it, but your lease has ended. `holder_id` is None when one key takes it back (engineering 10)."""

    contact_id: UUID
    ended_at: datetime | None = None
    holder_id: UUID | None = None
    holder_name: str | None = None


@dataclass(eq=False)
class EmergencyNeedsLivePage(DomainError):
    """A page without JavaScript cannot hold an emergency (engineering 10)."""

    contact_id: UUID


@dataclass(eq=False)
class ReleaseNeedsLogNumber(DomainError):
    """An emergency or priority contact cannot be let go before an incident log says who was told (practice 3)."""

    contact_id: UUID | None
    grade: str


@dataclass(eq=False)
class NothingWaiting(DomainError):
    """`claim next` found no entry this agent may take."""


@dataclass(eq=False)
class AtCapacity(DomainError):
    """The agent already holds as many contacts as allowed."""

    held: int
    limit: int


@dataclass(eq=False)
class NotFound(DomainError):
    """No such thing, or none this person may see: the two look the same on purpose."""

    kind: str
    key: str = ""


@dataclass(eq=False)
class Forbidden(DomainError):
    """The person is known, the thing may be known to exist, and the act is not theirs to do."""

    permission: str
    force_id: str | None = None


@dataclass(eq=False)
class MalformedReference(DomainError):
    """What was typed cannot be a reference: a symbol is missing, strange, or the check does not hold.

    `reason` is one of: empty, length, symbol, check.
    """

    reason: str


@dataclass(eq=False)
class TooManyTries(DomainError):
    """The door is closed for a while; `until` is UTC."""

    until: datetime | None = None
    retry_after_seconds: int | None = None


@dataclass(eq=False)
class OnlineAccessStopped(DomainError):
    """The person ended every link and code (practice 5)."""


@dataclass(eq=False)
class ContactClosedTooLong(DomainError):
    """The contact was closed more than 28 days ago: what is new begins a new one (engineering 28)."""

    contact_id: UUID


@dataclass(eq=False)
class DraftIncomplete(DomainError):
    """A page that must be answered is not; `page_id` is where to go on."""

    page_id: str


@dataclass(eq=False)
class ForceNotKnown(DomainError):
    """The answers do not say whose ground it is: the person must choose the force before sending."""

    draft_id: UUID


@dataclass(eq=False)
class DraftExpired(DomainError):
    """The draft's time is over and its answers are gone."""


@dataclass(eq=False)
class UnsafeToReply(DomainError):
    """Nothing may leave by this way: the person did not call it safe (practice 13)."""

    contact_id: UUID
    how: str


@dataclass(eq=False)
class ReasonNeeded(DomainError):
    """The act needs a reason in words or from a list; `what` names the act."""

    what: str


@dataclass(eq=False)
class ForceNotLive(DomainError):
    """The force has not completed go-live (practice 10)."""

    force_id: str
    missing: tuple[str, ...] = ()


@dataclass(eq=False)
class TransferRefused(DomainError):
    """A transfer cannot go there. `reason`: same_force, already_asked, already_there, unknown_force."""

    to_force_id: str
    reason: str


@dataclass(eq=False)
class SignInRefused(DomainError):
    """Email, password or code was wrong; never says which."""


@dataclass(eq=False)
class LinkExpired(DomainError):
    """An invitation or reset link was used before or is too old."""


@dataclass(eq=False)
class PasswordTooWeak(DomainError):
    """`reason`: short, common, contains_name, contains_email."""

    reason: str


@dataclass(eq=False)
class StepUpNeeded(DomainError):
    """The act needs the second factor again."""


@dataclass(eq=False)
class UndeclaredEvent(DomainError):
    """Code tried to write an event, or a field of one, that `domain/events.py` does not declare."""

    name: str
    fields: tuple[str, ...] = ()


@dataclass(eq=False)
class OffsetMismatch(DomainError):
    """A stretch of a file that does not begin where the last one ended: send from `current` on."""

    current: int


@dataclass(eq=False)
class UploadRefused(DomainError):
    """The file cannot be taken. `reason`: too_big, too_many, too_many_pieces, empty, not_receiving."""

    reason: str


@dataclass(eq=False)
class TooBig(UploadRefused):
    """More than 100 MB, or more than it said it was."""

    reason: str = "too_big"


@dataclass(eq=False)
class EvidenceNotOpen(DomainError):
    """The file cannot be shown. `why`: not_here_yet, refused, no_preview, sealed, to_strip, not_scanned_yet."""

    why: str


@dataclass(eq=False)
class EvidenceDamaged(DomainError):
    """What the store gave back is not what was put there: cut, reordered, exchanged or altered."""

    key: str = ""

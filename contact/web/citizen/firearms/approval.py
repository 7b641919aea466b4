"""The gate of practice 24 on a draft's own pages: no declaration before it is known that the force takes one online."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contact.domain.licensing.kinds import Nation
from contact.services.drafts import DraftView
from contact.services.licensing.approval import must_be_posted
from contact.store import forces
from contact.web.citizen.ground import Ground, ground_of
from contact.web.shared import clock, database
from forms import Desk, Page, Role

DECLARATION = "declaration"
"""The section of a licensing form that is signed: of a form to be posted it is left blank, for a pen."""


class Gate(StrEnum):
    """Whether a draft's declaration may be signed here."""

    OPEN = "open"
    POSTED = "posted"  # the force has not approved the form online
    UNKNOWN = "unknown"  # nobody knows yet which force it is for
    ANOTHER_LAW = "another_law"  # Northern Ireland has forms of its own


@dataclass(frozen=True, slots=True)
class Standing:
    """How a draft stands with the gate. `asked` says that the writer chooses the force, or has chosen it."""

    gate: Gate
    force_id: str | None = None
    asked: bool = False


def standing_of(draft: DraftView) -> Standing:
    """What the home address, the force chosen and its approval say; OPEN for every form that nothing prescribes."""
    if not _is_prescribed(draft):
        return Standing(Gate.OPEN)
    ground = ground_of(draft)
    asked = ground.asks and _has_home(draft)
    if ground.force_id is None:
        return Standing(Gate.UNKNOWN, asked=asked)
    session = database.session()()
    if forces.get(session, force_id=ground.force_id).nation == Nation.NORTHERN_IRELAND:
        return Standing(Gate.ANOTHER_LAW, ground.force_id, asked)
    posted = must_be_posted(session, form=draft.form, force_id=ground.force_id)
    return Standing(Gate.POSTED if posted else Gate.OPEN, ground.force_id, asked)


def choice_of(draft: DraftView) -> Ground | None:
    """The forces among which the writer of a prescribed form chooses; None where there is nothing to choose."""
    return ground_of(draft) if standing_of(draft).asked else None


def posted_to(draft: DraftView) -> str | None:
    """The force that a draft must be posted to; None where it may be sent, or no force is known yet."""
    standing = standing_of(draft)
    return standing.force_id if standing.gate is Gate.POSTED else None


def is_withheld(draft: DraftView, page: Page) -> bool:
    """Whether this page asks for a declaration that may not be taken here, or not yet."""
    return page.section_id == DECLARATION and standing_of(draft).gate is not Gate.OPEN


def _has_home(draft: DraftView) -> bool:
    """Whether the address is told: before that there is nothing to choose a force by."""
    return bool(draft.form.by_role(Role.PLACE, draft.answers, clock.utcnow()))


def _is_prescribed(draft: DraftView) -> bool:
    return draft.form.desk is Desk.LICENSING and draft.form.prescribed is not None

"""Where a citizen adds files: to a draft's question, to a report sent before, or by a link; and how that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, request

from contact.domain.errors import NotFound, UploadRefused
from contact.domain.evidence import MAX_BYTES, State
from contact.services import evidence
from contact.services.evidence import DraftOwner, Owner, UploadView
from contact.web.citizen import evidence_words as words
from contact.web.citizen.photo_words import photo_in_words
from contact.web.shared import clock, database
from contact.web.shared.language import gettext


@dataclass(frozen=True, slots=True)
class Place:
    """One place for files. Its endpoints stand below `base`; `page` is where a person sees it.

    `query`: what each address says beside that, as the language in a frame, to which no cookie of it comes.
    """

    owner: Owner
    question_id: str
    base: str
    page: str
    most: int
    sensitive: bool
    closed: bool = False
    query: str = ""

    def at(self, below: str = "") -> str:
        """The address of an endpoint below this place."""
        return f"{self.base}{below}{self.query}"

    @property
    def later(self) -> bool:
        """Whether the report was sent already: what arrives stays, and goes before people at once."""
        return not isinstance(self.owner, DraftOwner)


def listed(place: Place) -> list[UploadView]:
    """The files of this place, in the order they were begun: never those that came with a report sent before.

    Their names may tell what happened to whoever has the report's keys (practice 15).
    """
    found = evidence.list_files(database.session()(), owner=place.owner, now=clock.utcnow())
    return [each for each in found if each.question_id == place.question_id]


def find(place: Place, upload_id: UUID) -> UploadView:
    """One file of this place. Raises NotFound."""
    found = next((each for each in listed(place) if each.id == upload_id), None)
    if found is None:
        raise NotFound(kind="evidence", key=str(upload_id))
    return found


def must_have_room(place: Place) -> None:
    """Raises UploadRefused where nothing more can be added: `too_many`, `closed`."""
    if place.closed:
        raise UploadRefused(reason="closed")
    if len(_counting(listed(place))) >= place.most:
        raise UploadRefused(reason="too_many")


def _counting(files: Sequence[UploadView]) -> list[UploadView]:
    return [each for each in files if each.state is not State.REFUSED]


def shown(place: Place, *, left_out: str) -> dict[str, Any]:
    """What templates/citizen/evidence/_files.html draws. `left_out` says that nobody has to add any."""
    files = listed(place)
    fault = request.args.get("fault", "")
    return {
        "id": f"files-{place.question_id}",
        "form": form_name(place),
        "add_url": place.at(),
        "begin_url": place.at("/begin"),
        "files": [file_row(place, each) for each in files],
        "open": not place.closed and len(_counting(files)) < place.most,
        "closed": place.closed,
        "most": place.most,
        "largest": MAX_BYTES,
        "largest_mb": words.LARGEST_MB,
        "sensitive": place.sensitive,
        "in_chat": False,
        "left_out": left_out,
        "words": words.script_words(place.most),
        "error": words.upload_fault(fault, place.most) if fault else "",
    }


def form_name(place: Place) -> str:
    """The form that the boxes of this place belong to, by its id."""
    return f"files-{place.question_id}-form"


def file_row(place: Place, file: UploadView) -> dict[str, Any]:
    """What templates/citizen/evidence/_file.html draws."""
    size = file.size if file.size is not None else file.offset
    return {
        "id": file.id,
        "name": file.name,
        "size": size,
        "about": words.about(size, file.kind),
        "state": words.shown_state(file.state),
        "said": state_said(file),
        "url": place.at(f"/{file.id}"),
        "form": form_name(place),
        "remove_url": "" if place.later and file.arrived else place.at(f"/{file.id}/remove"),
    }


def state_said(file: UploadView) -> str:
    """One sentence on how it stands."""
    part = file.offset / file.size if file.size else 0
    said = words.state_in_words(file.state, scan=file.scan, refused=file.refused, part=part)
    return said if file.photo is None or file.refused else f"{said} {photo_in_words(file.photo)}"


def row_html(place: Place, file: UploadView) -> str:
    """The very row that the page itself would show, for its script."""
    return render_template("citizen/evidence/_file.html", file=file_row(place, file))


def can_be_left_out() -> str:
    """What stands on a form's page of files."""
    return gettext("You do not have to add any. You can carry on without, and send them later.")

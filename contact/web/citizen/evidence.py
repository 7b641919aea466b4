"""Files of the citizen's arrive: whole by a plain form, or piece by piece and resumable by the page's script.

Session, length and count are looked at before a body is read, and no database connection is held while it comes
(engineering 14). The same five endpoints stand at every place (see `evidence_place.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from contact.domain.errors import ContactClosedTooLong, OffsetMismatch, TooBig, UploadRefused
from contact.domain.evidence import MAX_BYTES, State
from contact.extensions import db
from contact.services import evidence, evidence_receiving, incoming
from contact.services.evidence import PRACTICE, UploadView
from contact.services.typed import one_time_key
from contact.store.engine import make_sessions
from contact.web.citizen import evidence_words as words
from contact.web.citizen.blueprint import room
from contact.web.citizen.evidence_place import Place, find, listed, must_have_room, row_html
from contact.web.shared import clock, database
from contact.web.shared.access import proven
from contact.web.shared.body_limits import drain_file
from contact.web.shared.errors import error_page
from contact.web.shared.evidence_vault import vault
from contact.web.shared.language import gettext
from contact.web.shared.limits import limit
from contact.web.shared.request_actor import current_actor
from contact.web.shared.streamed_body import FORM_BYTES, body_pieces, check_length, read_file_form, streams_body
from contact.web.shared.transaction import commit_now

PlaceOf = Callable[..., Place]
_TOLD_ONCE_IN = 600
"""Seconds: so many files as come in that time are told to the handler by one line."""


def take_files(name: str, base: str, place_of: PlaceOf, *, of: Blueprint = room) -> None:
    """Open the five endpoints of a kind of place below the address `base`; `place_of` is given what it names."""
    one = f"{base}/<uuid:upload_id>"

    def add(**ids: Any) -> ResponseReturnValue:  # noqa: ANN401 - what the address names
        return _add(place_of(**ids))

    def begin(**ids: Any) -> ResponseReturnValue:  # noqa: ANN401 - as above
        return _begin(place_of(**ids))

    def state(upload_id: UUID, **ids: Any) -> ResponseReturnValue:  # noqa: ANN401 - as above
        return _state(place_of(**ids), upload_id)

    def piece(upload_id: UUID, **ids: Any) -> ResponseReturnValue:  # noqa: ANN401 - as above
        return _piece(place_of(**ids), upload_id)

    def remove(upload_id: UUID, **ids: Any) -> ResponseReturnValue:  # noqa: ANN401 - as above
        return _remove(place_of(**ids), upload_id)

    of.add_url_rule(base, f"{name}_add", proven(streams_body(add)), methods=["POST"])
    of.add_url_rule(f"{base}/begin", f"{name}_begin", proven(begin), methods=["POST"])
    of.add_url_rule(one, f"{name}_state", proven(state), methods=["GET"])
    of.add_url_rule(one, f"{name}_piece", proven(streams_body(piece)), methods=["PATCH"])
    of.add_url_rule(f"{one}/remove", f"{name}_remove", proven(remove), methods=["POST"])


def _add(place: Place) -> ResponseReturnValue:
    """One whole file by a form; back to the page, which shows it or says what is wrong."""
    try:
        check_length(MAX_BYTES + FORM_BYTES)
        form = read_file_form(MAX_BYTES + FORM_BYTES)
        if not form.name:
            raise UploadRefused(reason="none")
        taken = _take_whole(place, form.name, form.pieces)
    except UploadRefused as refused:
        if isinstance(refused, TooBig):
            return _too_big_page(place)
        drain_file()
        return _back(place, refused.reason)
    except RequestEntityTooLarge:
        return _too_big_page(place)
    except CSRFError:
        drain_file()
        raise
    except BadRequest:
        return _back(place, "broken")
    drain_file()
    _tell(place, taken)
    return _back(place, taken.refused.value if taken.refused else "")


def _take_whole(place: Place, name: str, pieces: Iterator[bytes]) -> UploadView:
    """Take it, or leave nothing behind: half a file of unknown length cannot be gone on with."""
    upload = _make_room(place, name, None)
    try:
        return _receive(place, upload.id, 0, pieces)
    except (BadRequest, RequestEntityTooLarge):
        evidence.remove(database.session()(), owner=place.owner, upload_id=upload.id, now=clock.utcnow())
        commit_now()
        raise


def _make_room(place: Place, name: str, size: int | None) -> UploadView:
    limit("upload", at_most=300, window=timedelta(hours=1))
    must_have_room(place)
    made = evidence.begin(
        database.session()(),
        vault=vault(),
        owner=place.owner,
        question_id=place.question_id,
        name=name,
        size=size,
        now=clock.utcnow(),
    )
    commit_now()
    return made


def _receive(place: Place, upload_id: UUID, offset: int, pieces: Iterator[bytes]) -> UploadView:
    """The connection goes back to the pool for as long as the bytes come."""
    commit_now()
    return evidence_receiving.receive(
        make_sessions(db.engine, current_actor()),
        vault(),
        owner=place.owner,
        upload_id=upload_id,
        offset=offset,
        chunks=pieces,
        now=clock.utcnow(),
    )


def _begin(place: Place) -> ResponseReturnValue:
    """Make room for a file that the page's script will send: `{name, size}` in, its address out."""
    told = request.get_json(silent=True)
    name, size = (told.get("name"), told.get("size")) if isinstance(told, dict) else (None, None)
    if not isinstance(name, str) or not isinstance(size, int) or isinstance(size, bool) or size < 0:
        return _refused("broken", 400, place)
    try:
        upload = _make_room(place, name, size)
    except TooBig:
        return _refused("too_big", 413, place)
    except UploadRefused as refused:
        return _refused(refused.reason, 409, place)
    return _told(place, upload), 201


def _state(place: Place, upload_id: UUID) -> ResponseReturnValue:
    """How far it is: for going on after a lost connection (HEAD is enough), and for seeing how the checks went."""
    upload = find(place, upload_id)
    answer = _told(place, upload)
    answer.headers["Upload-Offset"] = str(upload.offset)
    answer.headers["Upload-Complete"] = "?0" if upload.state is State.RECEIVING else "?1"
    return answer


def _piece(place: Place, upload_id: UUID) -> ResponseReturnValue:
    """The piece that begins at `Upload-Offset`; any other offset is answered with the one to go on from."""
    offset = request.headers.get("Upload-Offset", "")
    if not offset.isascii() or not offset.isdecimal() or len(offset) > 12:
        return _refused("broken", 400, place)
    try:
        taken = _receive(place, upload_id, int(offset), body_pieces(MAX_BYTES))
    except OffsetMismatch as behind:
        return jsonify(error="offset", offset=behind.current), 409
    except (TooBig, RequestEntityTooLarge):
        drain_file()
        return _refused("too_big", 413, place)
    except UploadRefused as refused:
        return _refused(refused.reason, 409, place)
    if taken.refused is not None:
        drain_file()
        return _told(place, taken), 422
    _tell(place, taken)
    return _told(place, taken)


def _remove(place: Place, upload_id: UUID) -> ResponseReturnValue:
    """Take it away again."""
    find(place, upload_id)
    evidence.remove(database.session()(), owner=place.owner, upload_id=upload_id, now=clock.utcnow())
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(removed=True)
    return _back(place, "")


def _told(place: Place, upload: UploadView) -> Response:
    """What the page's script is told of one file."""
    return jsonify(
        url=place.at(f"/{upload.id}"),
        offset=upload.offset,
        done=upload.state is not State.RECEIVING,
        state=words.shown_state(upload.state),
        words=words.refusal_in_words(upload.refused) if upload.refused else "",
        row=row_html(place, upload),
    )


def _refused(reason: str, status: int, place: Place) -> ResponseReturnValue:
    """Why not, in words; with what is here already, and the number that matters more."""
    return jsonify(
        error=reason,
        words=words.upload_fault(reason, place.most),
        saved=[each.name for each in listed(place) if each.arrived],
        emergency=gettext("In an emergency call 999."),
    ), status


def _too_big_page(place: Place) -> ResponseReturnValue:
    """Our own page for it: 999, what is here already, and the way back (engineering 14)."""
    drain_file()
    saved = [each.name for each in listed(place) if each.arrived]
    return error_page(413, "file_too_large", saved_files=saved, way_back=place.page, no_form=True)


def _back(place: Place, fault: str) -> ResponseReturnValue:
    mark = "&" if "?" in place.page else "?"
    more = f"{mark}fault={fault}#files-{place.question_id}" if fault else f"#files-{place.question_id}-list"
    return redirect(place.page + more, 303)


def _tell(place: Place, taken: UploadView) -> None:
    """A file that came after the report goes before people as a message does, also to reopen what was closed."""
    if not place.later or not taken.arrived:
        return
    now, session = clock.utcnow(), database.session()()
    _, contact_id, _ = evidence.speak_for(session, place.owner, now=now)
    if contact_id is None or taken.question_id == PRACTICE:
        return  # the applicant reads the thread, and not that a report came (practice 25)
    body = gettext("I have added photos or files.")
    key = one_time_key(contact_id, "files", int(now.timestamp()) // _TOLD_ONCE_IN, words=body)
    try:
        incoming.receive(session, contact_id=contact_id, body=body, now=now, once_key=key, by_itself=True)
    except ContactClosedTooLong:
        return

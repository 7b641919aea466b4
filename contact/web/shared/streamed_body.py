"""Bodies that are read as they come, never held whole: one piece of a file, or a form whose file comes last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, request
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Field, File, MultipartDecoder, NeedData
from wtforms import ValidationError

from contact.web.shared.session import CSRF_FIELD

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "__contact_streams__"
_TOKEN_HEADER = "X-CSRFToken"  # noqa: S105 - the name of a header
CHUNK_BYTES = 262_144
FORM_BYTES = 65_536
"""What a form may hold beside its file: a token, the parts' headers, the boundaries."""


def streams_body(view: View) -> View:
    """The view reads its body itself: nothing may touch `request.form` before, so the token comes by header, or first
    in the form (see `FileForm`)."""
    setattr(view, _MARK, True)
    return view


def is_streamed(app: Flask, endpoint: str | None) -> bool:
    """Whether an endpoint reads its own body."""
    return bool(getattr(app.view_functions.get(endpoint or ""), _MARK, False))


def check_token() -> None:
    """The form token of a streamed request. That of a form stands inside it, and `FileForm` looks at it."""
    in_form = request.method == "POST" and request.mimetype == "multipart/form-data"
    if request.method in {"POST", "PATCH"} and not in_form:
        _validate(request.headers.get(_TOKEN_HEADER))


def _validate(token: str | None) -> None:
    try:
        validate_csrf(token)
    except ValidationError as error:
        raise CSRFError(error.args[0]) from error


def check_length(longest: int) -> None:
    """Refuse a body that says it is longer before one byte of it is read. Raises RequestEntityTooLarge."""
    if (request.content_length or 0) > longest:
        raise RequestEntityTooLarge


def body_pieces(longest: int) -> Iterator[bytes]:
    """The body piece by piece, never more than `longest` bytes whatever its length says; a cut connection ends it.

    Raises RequestEntityTooLarge.
    """
    check_length(longest)
    stream = request.environ["wsgi.input"]
    told = request.content_length
    ends_itself = bool(request.environ.get("wsgi.input_terminated"))
    left = told if told is not None else longest + 1 if ends_itself else 0
    seen = 0
    while left > 0:
        try:
            piece: bytes = stream.read(min(CHUNK_BYTES, left))
        except (OSError, ValueError):  # the connection is gone: what came before is kept
            return
        if not piece:
            return
        left -= len(piece)
        seen += len(piece)
        if seen > longest:
            raise RequestEntityTooLarge
        yield piece


@dataclass(frozen=True, slots=True)
class FileForm:
    """A form of plain HTML with one file: its name, and its bytes as they come."""

    name: str
    pieces: Iterator[bytes]


def read_file_form(longest: int) -> FileForm:
    """Read as far as the file and check the token that stands before it.

    `longest` is that of the whole body. Raises CSRFError, RequestEntityTooLarge, BadRequest (no such form).
    """
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data" or not boundary:
        raise BadRequest
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), max_form_memory_size=4 * CHUNK_BYTES, max_parts=8)
    events = _events(decoder, body_pieces(longest))
    token, field = b"", ""
    for event in events:
        if isinstance(event, Field):
            field = event.name
        elif isinstance(event, Data):
            token += event.data if field == CSRF_FIELD else b""
        elif isinstance(event, File):
            _validate(token.decode("ascii", "replace"))
            return FileForm(_last_part(event.filename), _data(events))
        if len(token) > FORM_BYTES:
            break
    raise BadRequest


def _last_part(name: str) -> str:
    """A browser may send a path; the folders are nobody's business."""
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _data(events: Iterator[Any]) -> Iterator[bytes]:
    for event in events:
        if not isinstance(event, Data):
            return
        if event.data:
            yield bytes(event.data)
        if not event.more_data:
            return


def _events(decoder: MultipartDecoder, pieces: Iterator[bytes]) -> Iterator[Any]:
    """What the decoder finds. A form that breaks off raises BadRequest: a file that came half is no file."""
    for piece in pieces:
        _feed(decoder, piece)
        while not isinstance(event := _next(decoder), NeedData):
            yield event
    raise BadRequest


def _feed(decoder: MultipartDecoder, piece: bytes) -> None:
    try:
        decoder.receive_data(piece)
    except ValueError as error:
        raise BadRequest from error


def _next(decoder: MultipartDecoder) -> Any:  # noqa: ANN401 - Werkzeug's events have no name of their own
    try:
        return decoder.next_event()
    except ValueError as error:
        raise BadRequest from error

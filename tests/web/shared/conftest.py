"""An application with a few rooms of the tests' own, one for each way that a request can end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, render_template_string, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, sessionmaker

from contact.domain.access import Permission
from contact.domain.errors import ContactAlreadyTaken
from contact.domain.events import Event
from contact.settings import Settings
from contact.store import attempts, audit, sessions
from contact.store.identifiers import new_id
from contact.web.shared import clock as request_clock
from contact.web.shared import database
from contact.web.shared.access import proven, public, requires, webhook
from contact.web.shared.limits import limit
from contact.web.shared.proofs import prove_contact, prove_draft
from contact.web.shared.request_actor import current_actor
from contact.web.shared.session import web_session
from contact.web.shared.transaction import commit_anyway
from tests.support.clients import Clock, StrictClient, make_app

FORM = """<!DOCTYPE html><html lang="en"><head><title>Form</title></head><body><h1>Form</h1>
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<label for="text">Text</label><textarea id="text" name="text"></textarea></form></body></html>"""
room = Blueprint("trial", __name__, url_prefix="/trial")
staff_room = Blueprint("staff_trial", __name__, url_prefix="/control-room/trial")


@room.get("/form")
@public
def form() -> ResponseReturnValue:
    return render_template_string(FORM)


@room.post("/form")
@public
def take_form() -> ResponseReturnValue:
    audit.record(database.session()(), Event.SIGNED_OUT, at=request_clock.utcnow(), how=request.args["mark"])
    how = request.args.get("how", "fine")
    if how == "taken":
        raise ContactAlreadyTaken(contact_id=new_id(), holder_id=new_id(), holder_name="Asha Ahmed")
    if how == "anyway":
        commit_anyway()
    if how == "broken":
        database.session().execute(sa.text("SELECT 1 / 0"))
    if how == "cut":
        database.session().execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
    return "kept", 200 if how == "fine" else 409


@room.post("/limited")
@public
def limited() -> ResponseReturnValue:
    limit("trial", at_most=3, window=timedelta(minutes=10))
    return "fine"


@room.get("/writing")
@public
def writing() -> ResponseReturnValue:
    attempts.count(database.session()(), key=b"looking", window=timedelta(minutes=10), now=request_clock.utcnow())
    return "written by looking"


@room.post("/prove/<uuid:draft_id>")
@public
def prove(draft_id: UUID) -> ResponseReturnValue:
    prove_draft(draft_id)
    prove_contact("REF-1", draft_id)
    return "proven"


@room.get("/draft/<uuid:draft_id>")
@proven
def draft(draft_id: UUID) -> ResponseReturnValue:
    return str(current_actor().draft_id)


@room.get("/contact/<reference>")
@proven
def contact(reference: str) -> ResponseReturnValue:
    return str(current_actor().contact_id)


@room.post("/begin/<uuid:draft_id>")
@public
def begin(draft_id: UUID) -> ResponseReturnValue:
    prove_draft(draft_id)
    return "begun"


@room.post("/end-under-it")
@public
def end_under_it() -> ResponseReturnValue:
    """Another request ends the session after this one has read it and before it writes it back."""
    web_session().lock()
    web_session()["seen"] = True
    sessions.end(database.session()(), id_hash=web_session().cookie.id_hash)
    return "written"


@room.post("/hook")
@webhook
def hook() -> ResponseReturnValue:
    return "taken"


@room.post("/end")
@public
def end() -> ResponseReturnValue:
    web_session().end()
    return "ended"


@staff_room.get("/queue")
@requires(Permission.SEE_QUEUE)
def queue() -> ResponseReturnValue:
    return ",".join(current_actor().contact_forces)


@staff_room.post("/heartbeat")
@requires(Permission.SEE_QUEUE, background=True)
def heartbeat() -> ResponseReturnValue:
    return {"alive": True}


def _add_rooms(app: Flask) -> None:
    app.register_blueprint(room)
    app.register_blueprint(staff_room)


@pytest.fixture(scope="session")
def trial_app(settings: Settings, session_clock: Clock, two_forces: tuple[str, str]) -> Flask:
    """The application with the trial rooms."""
    return make_app(settings, session_clock, _add_rooms)


@pytest.fixture
def client(trial_app: Flask, clock: Clock) -> StrictClient:
    """A strict client of the trial application."""
    made = trial_app.test_client()
    assert isinstance(made, StrictClient)
    return made


@pytest.fixture
def count_marks(system: sessionmaker[Session]) -> CountMarks:
    """How many events carry a mark."""
    return CountMarks(system)


class CountMarks:
    """Counts the events that a trial request wrote under its mark."""

    def __init__(self, system: sessionmaker[Session]) -> None:
        self._system = system

    def __call__(self, mark: str) -> int:
        with self._system() as session:
            wanted = sa.text("SELECT count(*) FROM events WHERE data->>'how' = :mark")
            return int(session.execute(wanted, {"mark": mark}).scalar_one())

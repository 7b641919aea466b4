"""A file received by the web's role is examined by the worker of a real run: they share database and store alone."""

from __future__ import annotations

import base64
import datetime as dt
import io

from PIL import Image

from contact.domain.evidence import MAX_BYTES
from contact.gateways.evidence.folder import Folder
from contact.gateways.evidence.vault import Vault
from contact.run import demo_environment
from contact.run.private_database import DEFAULT_DATABASE
from contact.services import drafts, evidence, evidence_receiving
from contact.services.evidence import DraftOwner
from contact.store.engine import make_engine, make_sessions
from tests.support.evidence import FORM, QUESTION, holder, in_chunks, picture
from tests.support.stack import running_stack


def test_the_worker_of_a_real_run_makes_the_picture_anew() -> None:
    data, now = picture((640, 480)), dt.datetime.now(dt.UTC)
    assert len(data) < MAX_BYTES
    with running_stack() as stack:
        master = base64.b64decode(demo_environment.keys_of(stack.run.home)["EVIDENCE_KEY"])
        vault = Vault(Folder(stack.run.home / "evidence"), master)
        engine = make_engine(stack.server.urls(DEFAULT_DATABASE).web)
        with make_sessions(engine)() as session:
            draft = drafts.start(session, form_id=FORM, force_id="kent", language="en", now=now)
            session.commit()
        owner, sessions = DraftOwner(draft.id), make_sessions(engine, holder(draft.id))
        with sessions.begin() as session:
            upload = evidence.begin(
                session, vault=vault, owner=owner, question_id=QUESTION, name="a.jpg", size=len(data), now=now
            )
        evidence_receiving.receive(
            sessions, vault, owner=owner, upload_id=upload.id, offset=0, chunks=in_chunks(data), now=now
        )
        engine.dispose()
        query = "SELECT state, preview_key, preview_size, wrapped_key FROM evidence WHERE id = %s"
        stack.until(lambda: stack.rows(query, upload.id)[0][0] == "ready", "the worker did not examine the file")
        ((_state, object_key, size, wrapped),) = stack.rows(query, upload.id)
        key = vault.file_key(upload.id, bytes(wrapped))
        shown = b"".join(vault.read_preview(key, object_key=object_key, size=size))
        assert Image.open(io.BytesIO(shown)).size == (640, 480)

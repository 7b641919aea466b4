"""The application for gunicorn: `contact.wsgi:app`, settings from the environment."""

import contextlib
import datetime as dt
import gc
import os
import threading

from sqlalchemy.exc import SQLAlchemyError

from contact.app import create_app
from contact.domain import screen
from contact.extensions import db
from contact.services import force_clocks, warming
from contact.settings import Settings
from contact.store.engine import make_sessions

app = create_app(Settings.from_env(os.environ))

# What is otherwise read by the first message that comes, while every other request of the process waits for it.
screen.screen("")
force_clocks.bank_holidays("england-and-wales")

# All that stands now stays: a collector that walks through it holds every request up for a tenth of a second.
gc.collect()
gc.freeze()


def _warm() -> None:
    """The database may be away: then the first who come find it cold, and nothing else is different."""
    with contextlib.suppress(SQLAlchemyError), app.app_context():
        warming.warm(make_sessions(db.engine), now=dt.datetime.now(dt.UTC))


threading.Thread(target=_warm, name="contact-warming", daemon=True).start()

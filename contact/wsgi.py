"""The application for gunicorn: `contact.wsgi:app`, settings from the environment."""

import gc
import os

from contact.app import create_app
from contact.domain import screen
from contact.services import force_clocks
from contact.settings import Settings

app = create_app(Settings.from_env(os.environ))

# What is otherwise read by the first message that comes, while every other request of the process waits for it.
screen.screen("")
force_clocks.bank_holidays("england-and-wales")

# All that stands now stays: a collector that walks through it holds every request up for a tenth of a second.
gc.collect()
gc.freeze()

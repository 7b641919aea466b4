"""The application for gunicorn: `contact.wsgi:app`, settings from the environment."""

import os

from contact.app import create_app
from contact.settings import Settings

app = create_app(Settings.from_env(os.environ))

"""The room of signing in."""

from flask import Blueprint

room = Blueprint("auth", __name__, url_prefix="/control-room")

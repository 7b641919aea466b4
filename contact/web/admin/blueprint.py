"""The administrators' room."""

from flask import Blueprint

room = Blueprint("admin", __name__, url_prefix="/control-room/admin")

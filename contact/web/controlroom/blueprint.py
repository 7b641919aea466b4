"""The control room's blueprint, apart from its pages so that each page may import it."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("controlroom", __name__, url_prefix="/control-room")

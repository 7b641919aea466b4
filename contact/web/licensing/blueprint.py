"""The licensing desk's blueprint, apart from its pages so that each page may import it. Staff cookie, staff bar."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("licensing", __name__, url_prefix="/control-room/licensing")

"""The room in a frame: a chat inside a force's own site, in a window of its own that holds no citizen session."""

from contact.web.widget import begin, script, talk
from contact.web.widget.blueprint import room

__all__ = ["begin", "room", "script", "talk"]

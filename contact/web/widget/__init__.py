"""The room in a frame: a chat inside a force's own site, in a window of its own that holds no citizen session."""

from contact.web.shared.chat.frame_room import room
from contact.web.widget import begin, script, talk

__all__ = ["begin", "room", "script", "talk"]

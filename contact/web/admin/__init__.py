"""Where administrators look after agents: invitations, locks, roles and mutual aid."""

from contact.web.admin import agent, agents, invite, mutual_aid
from contact.web.admin.blueprint import room

__all__ = ["agent", "agents", "invite", "mutual_aid", "room"]

"""Where administrators look after agents (invitations, locks, roles, mutual aid) and take a force live."""

from contact.web.admin import agent, agents, fees, force, forces, invite, licensing, mutual_aid, papers, texts
from contact.web.admin.blueprint import room

__all__ = ["agent", "agents", "fees", "force", "forces", "invite", "licensing", "mutual_aid", "papers", "room", "texts"]

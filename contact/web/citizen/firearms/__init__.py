"""Firearms licensing before anything is sent: the front, who may apply, and those whom an applicant names."""

from contact.web.citizen.firearms import doctor, eligible, front, paper, parent, referee, renew, tasks, which_force

__all__ = ["doctor", "eligible", "front", "paper", "parent", "referee", "renew", "tasks", "which_force"]

"""Who acts, in which roles for which forces, and what a role may do."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID


class ActorKind(enum.StrEnum):
    """What kind of party a transaction speaks for; row-level security reads it."""

    AGENT = "agent"
    CITIZEN = "citizen"
    SYSTEM = "system"
    SIGNIN = "signin"
    WEBHOOK = "webhook"


class Role(enum.StrEnum):
    """An agent's role with one force. NATIONAL_ADMIN administers every force and reads no contact by it."""

    CALL_HANDLER = "call_handler"
    SUPERVISOR = "supervisor"
    LICENSING_OFFICER = "licensing_officer"
    PROFESSIONAL_STANDARDS = "professional_standards"
    INTELLIGENCE_OFFICER = "intelligence_officer"
    FINANCE_OFFICER = "finance_officer"
    FORCE_ADMIN = "force_admin"
    NATIONAL_ADMIN = "national_admin"


class Permission(enum.StrEnum):
    """One thing an agent may be allowed to do."""

    SEE_QUEUE = "see_queue"
    WORK_CONTACTS = "work_contacts"
    SUPERVISE = "supervise"
    ACCEPT_ALARM = "accept_alarm"
    RESTRICT = "restrict"
    LICENSING = "licensing"
    ADMINISTER_AGENTS = "administer_agents"
    ADMINISTER_FORCE = "administer_force"
    OWN_ACCOUNT = "own_account"
    OPEN_SEALED = "open_sealed"
    READ_SOURCES = "read_sources"
    FINANCE = "finance"


_GRANTS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.CALL_HANDLER: frozenset(
            {Permission.SEE_QUEUE, Permission.WORK_CONTACTS, Permission.ACCEPT_ALARM, Permission.OWN_ACCOUNT}
        ),
        Role.SUPERVISOR: frozenset(
            {
                Permission.SEE_QUEUE,
                Permission.WORK_CONTACTS,
                Permission.SUPERVISE,
                Permission.ACCEPT_ALARM,
                Permission.RESTRICT,
                Permission.OWN_ACCOUNT,
            }
        ),
        Role.LICENSING_OFFICER: frozenset({Permission.LICENSING, Permission.OWN_ACCOUNT}),
        # Named on every contact of the force that is about somebody who works for the police (practice 8).
        Role.PROFESSIONAL_STANDARDS: frozenset(
            {
                Permission.SEE_QUEUE,
                Permission.WORK_CONTACTS,
                Permission.ACCEPT_ALARM,
                Permission.RESTRICT,
                Permission.OWN_ACCOUNT,
                Permission.OPEN_SEALED,  # indecent images are sealed to this role (practice 6)
            }
        ),
        # Reads who told us where that stands apart from the matter, and alone replies to them (practice 17).
        Role.INTELLIGENCE_OFFICER: frozenset(
            {
                Permission.SEE_QUEUE,
                Permission.WORK_CONTACTS,
                Permission.ACCEPT_ALARM,
                Permission.OWN_ACCOUNT,
                Permission.READ_SOURCES,
            }
        ),
        # Sees what was paid for an application, never what was answered in it.
        Role.FINANCE_OFFICER: frozenset({Permission.FINANCE, Permission.OWN_ACCOUNT}),
        Role.FORCE_ADMIN: frozenset(
            {Permission.ADMINISTER_AGENTS, Permission.ADMINISTER_FORCE, Permission.OWN_ACCOUNT}
        ),
        Role.NATIONAL_ADMIN: frozenset(
            {Permission.ADMINISTER_AGENTS, Permission.ADMINISTER_FORCE, Permission.OWN_ACCOUNT}
        ),
    }
)


def permissions_of(role: Role) -> frozenset[Permission]:
    """What a role may do with its force."""
    return _GRANTS[role]


@dataclass(frozen=True, slots=True)
class Actor:
    """The party a transaction speaks for. `force_roles` maps force id to the agent's roles there (grants included)."""

    kind: ActorKind
    agent_id: UUID | None = None
    force_roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    contact_id: UUID | None = None
    draft_id: UUID | None = None

    def forces_with(self, permission: Permission) -> tuple[str, ...]:
        """Ids of the forces where this actor holds a permission, sorted."""
        return tuple(
            sorted(
                force_id
                for force_id, roles in self.force_roles.items()
                if any(permission in _GRANTS[role] for role in roles)
            )
        )

    @property
    def contact_forces(self) -> tuple[str, ...]:
        """The forces whose contacts this actor may see: the scope that row-level security enforces."""
        return self.forces_with(Permission.SEE_QUEUE)

    @property
    def admin_forces(self) -> tuple[str, ...]:
        """The forces whose agents this actor administers; ("*",) means all of them."""
        return ("*",) if self.is_national_admin else self.forces_with(Permission.ADMINISTER_AGENTS)

    @property
    def source_forces(self) -> tuple[str, ...]:
        """The forces whose sources this actor may read (practice 17)."""
        return self.forces_with(Permission.READ_SOURCES)

    @property
    def licensing_forces(self) -> tuple[str, ...]:
        """The forces whose licensing desk this actor works at: alone it reads applications (practice 29)."""
        return self.forces_with(Permission.LICENSING)

    @property
    def finance_forces(self) -> tuple[str, ...]:
        """The forces whose takings this actor may see."""
        return self.forces_with(Permission.FINANCE)

    @property
    def is_national_admin(self) -> bool:
        """True for an administrator of agents of every force."""
        return any(Role.NATIONAL_ADMIN in roles for roles in self.force_roles.values())


SYSTEM = Actor(kind=ActorKind.SYSTEM)
SIGNIN = Actor(kind=ActorKind.SIGNIN)
WEBHOOK = Actor(kind=ActorKind.WEBHOOK)


_EVERYWHERE = frozenset({Permission.ADMINISTER_AGENTS, Permission.ADMINISTER_FORCE})
"""What a national administrator does for every force."""


def may(actor: Actor, permission: Permission, force_id: str | None = None) -> bool:
    """True when the actor holds the permission with that force, or with any force when none is named."""
    if actor.kind is not ActorKind.AGENT:
        return False
    if permission in _EVERYWHERE and actor.is_national_admin:
        return True
    forces = actor.forces_with(permission)
    return bool(forces) if force_id is None else force_id in forces

"""Applications: reading one, locking one under its contact's lock, and how each force licenses."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contact.domain.errors import NotFound
from contact.store.models import Application, LicensingSettings

__all__ = [
    "Application",
    "LicensingSettings",
    "add",
    "copy_applicant",
    "find",
    "find_settings",
    "get",
    "lock",
    "settings_of",
]


def add(session: Session, application: Application) -> None:
    """Write a new application; its contact stands already in this transaction."""
    session.add(application)
    session.flush()


def find(session: Session, *, contact_id: UUID) -> Application | None:
    """The application, where this actor may see it."""
    return session.scalar(sa.select(Application).where(Application.contact_id == contact_id))


def get(session: Session, *, contact_id: UUID) -> Application:
    """The application. Raises NotFound, the same whether there is none or none for this actor."""
    found = find(session, contact_id=contact_id)
    if found is None:
        raise NotFound(kind="application", key=str(contact_id))
    return found


def lock(session: Session, *, contact_id: UUID) -> Application:
    """The application with its row locked; whoever changes the contact too has locked that first. Raises NotFound."""
    query = sa.select(Application).where(Application.contact_id == contact_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(kind="application", key=str(contact_id))
    return found


def find_settings(session: Session, *, force_id: str) -> LicensingSettings | None:
    """What the force has set, or None where it has set nothing."""
    return session.get(LicensingSettings, force_id)


def settings_of(session: Session, *, force_id: str) -> LicensingSettings:
    """What the force has set, else the careful defaults: not approved, money on decision. Not in the session."""
    found = find_settings(session, force_id=force_id)
    return found or LicensingSettings(force_id=force_id, collect_at="decision", two_person_above_pence=20_000)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applied, as they said: empty where they did not. `born` is an ISO date, `address` one line."""

    given_name: str
    surname: str
    born: str
    address: str
    postcode: str


def find_applicant(session: Session, *, contact_id: UUID) -> Applicant | None:
    """Who made the application that the session speaks for; None for any other. For words about danger alone."""
    query = sa.text("SELECT * FROM applicant_in_danger(:contact)")
    row = session.execute(query, {"contact": contact_id}).one_or_none()
    return None if row is None else Applicant(*row)


def copy_applicant(session: Session, *, application_id: UUID, contact_id: UUID) -> None:
    """Copy who applied to a contact made in this transaction, for which the session speaks; nothing else goes along."""
    session.execute(sa.text("SELECT copy_applicant(:one, :other)"), {"one": application_id, "other": contact_id})

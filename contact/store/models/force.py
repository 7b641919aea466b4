"""Police forces: data, never code; forces merge and are renamed."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contact.store.base import Base, Id


class Force(Base):
    """A police force as everyone may know it. `hours` is what `clocks.Hours.to_json` writes; empty: round the clock."""

    __tablename__ = "forces"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_cy: Mapped[str | None]
    ons_code: Mapped[str | None]
    territorial: Mapped[bool] = mapped_column(default=True)
    welsh: Mapped[bool] = mapped_column(default=False)
    hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    nation: Mapped[str] = mapped_column(default="england-and-wales")
    live_since_utc: Mapped[dt.datetime | None]
    successor_id: Mapped[str | None] = mapped_column(sa.ForeignKey("forces.id"))


class ForceAlarmNumber(Base):
    """A telephone number to ring, in order, when an emergency stands in an empty room (practice 2)."""

    __tablename__ = "force_alarm_numbers"
    __table_args__ = (sa.UniqueConstraint("force_id", "position"),)

    id: Mapped[Id]
    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"))
    position: Mapped[int]
    label: Mapped[str]
    number: Mapped[str]


class ForceGoLive(Base):
    """What a force has proved before it may go live; its banner stays until all stands (practice 10, 23)."""

    __tablename__ = "force_go_live"

    force_id: Mapped[str] = mapped_column(sa.ForeignKey("forces.id"), primary_key=True)
    emergency_route_tested_at: Mapped[dt.datetime | None]
    hours_set_at: Mapped[dt.datetime | None]
    privacy_notice_url: Mapped[str | None]
    dpia_reference: Mapped[str | None]
    page_facts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[dt.datetime | None]

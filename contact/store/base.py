"""The declarative base, the constraint naming convention and the column types every model shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

from contact.store.identifiers import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Plain typed models; times are UTC, money is pence, ids are UUIDv7 made by us."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        dt.datetime: sa.DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: ARRAY(sa.Text),
        str: sa.Text,
        bytes: sa.LargeBinary,
        int: sa.Integer,
        bool: sa.Boolean,
        UUID: sa.Uuid,
    }


Id = Annotated[UUID, mapped_column(primary_key=True, default=new_id)]
BigId = Annotated[int, mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)]


def one_of(column: str, values: Iterable[str]) -> sa.CheckConstraint:
    """A CHECK that a text column holds one of the codes (text and CHECK, never a native enum; stack.md)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")

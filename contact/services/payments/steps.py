"""How money's steps are taken: each in a transaction of its own, and none open while the provider is asked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

Transaction = Callable[[], AbstractContextManager[Session]]
"""Begins a transaction, committed at the end of the block: as a job's `sessions.begin` is."""

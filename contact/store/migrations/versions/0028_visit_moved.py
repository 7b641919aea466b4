"""An applicant may move a visit that is booked to another of the times offered, or call it off."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Widen the two guards."""
    run_script("0028_visit_moved.sql")


def downgrade() -> None:
    """Make them as narrow as they were."""
    run_script("0028_visit_moved_down.sql")

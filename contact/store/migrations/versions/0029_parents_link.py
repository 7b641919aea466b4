"""A parent agrees by a link of their own; and a practice's link is not the applicant's to end."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Add one column, and make three functions anew."""
    run_script("0029_parents_link.sql")


def downgrade() -> None:
    """Take it away again, with what parents said."""
    run_script("0029_parents_link_down.sql")

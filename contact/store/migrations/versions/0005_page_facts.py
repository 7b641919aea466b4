"""What a force says of itself on the pages that every site must have."""

from __future__ import annotations

from alembic import op

from contact.store.migrations.scripts import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column, and the function that shows it to the public."""
    run_script("0005_page_facts.sql")


def downgrade() -> None:
    """Take both away again."""
    op.execute("DROP FUNCTION page_facts(text)")
    op.execute("ALTER TABLE force_go_live DROP COLUMN page_facts")

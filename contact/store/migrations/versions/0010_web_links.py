"""A link that goes out by text and opens its conversation in a browser, once."""

from __future__ import annotations

from alembic import op

from contact.store.migrations.scripts import run_script

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the table, the function and the policies."""
    run_script("0010_web_links.sql")


def downgrade() -> None:
    """Take them away again."""
    op.execute("DROP FUNCTION open_web_link(bytea, timestamptz)")
    op.execute("DROP TABLE web_links")

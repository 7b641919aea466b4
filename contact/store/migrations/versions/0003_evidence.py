"""Evidence: the files people send, the sealed pieces they lie in, one-time upload links, and who may touch them."""

from __future__ import annotations

from alembic import op

from contact.store.migrations.scripts import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the tables, functions and policies."""
    run_script("0003_evidence.sql")


def downgrade() -> None:
    """Take them away again; the sweep then finds that no row names the files."""
    op.execute("DROP FUNCTION open_upload_link(bytea, timestamptz)")
    op.execute("DROP FUNCTION upload_link_contact(uuid, timestamptz, timestamptz)")
    op.execute("DROP TABLE upload_links, evidence_segments, evidence")

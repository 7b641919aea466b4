"""Referees and doctors' practices: asked by link, answered for licensing alone (practice 25)."""

from __future__ import annotations

from alembic import op

from contact.store.migrations.scripts import run_script

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the tables, the functions and the policies."""
    run_script("0015_asked_outside.sql")


def downgrade() -> None:
    """Take them away again; what a practice sent goes with its question, which nothing here can tell apart."""
    op.execute("DELETE FROM evidence WHERE question_id = 'practice'")
    op.execute(
        "DROP FUNCTION referee_of_link(bytea), ask_referee_code(bytea, timestamptz),"
        " try_referee_code(bytea, boolean, bytea, text[], timestamptz),"
        " answer_as_referee(bytea, text, integer, jsonb, timestamptz),"
        " add_referee_concern(bytea, uuid, text, timestamptz), note_applicant_network(bytea), practice_of_link(uuid),"
        " answer_as_practice(uuid, text, text, text, timestamptz), upload_link_question(uuid)"
    )
    op.execute("DROP TABLE medical_requests, referee_concerns, referees")
    op.execute("ALTER TABLE upload_links DROP COLUMN question_id")

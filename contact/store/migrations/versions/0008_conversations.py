"""Conversations by chat and text: who talks, what was understood, and the entry with the bot."""

from __future__ import annotations

from contact.store.migrations.scripts import run_script, run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the tables, the two new words, indexes and policies."""
    run_script("0008_conversations.sql")


def downgrade() -> None:
    """Take them away; what the bot said stays as lines of the system, and what was with the bot waits for a person."""
    run_sql("""
        DROP TABLE contact_facts, conversations;
        DROP INDEX ix_queue_entries_with_bot;
        DELETE FROM heartbeats WHERE kind = 'chatbot';
        ALTER TABLE heartbeats DROP CONSTRAINT ck_heartbeats_kind_is_known;
        ALTER TABLE heartbeats ADD CONSTRAINT ck_heartbeats_kind_is_known CHECK (kind IN ('web', 'worker', 'watch'));
        UPDATE messages SET kind = 'system' WHERE kind = 'bot';
        UPDATE queue_entries SET state = 'waiting' WHERE state = 'with_bot';
        ALTER TABLE proposals DROP COLUMN summary, DROP COLUMN data_version;
        ALTER TABLE messages DROP CONSTRAINT ck_messages_kind_is_known;
        ALTER TABLE messages ADD CONSTRAINT ck_messages_kind_is_known
          CHECK (kind IN ('inbound', 'outbound', 'note', 'system'));
        ALTER TABLE queue_entries DROP CONSTRAINT ck_queue_entries_state_is_known;
        ALTER TABLE queue_entries ADD CONSTRAINT ck_queue_entries_state_is_known
          CHECK (state IN ('waiting', 'offered', 'held', 'snoozed', 'closed'));
    """)

"""${message}"""

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Expand: add what the next release needs."""


def downgrade() -> None:
    """Take back what upgrade added."""

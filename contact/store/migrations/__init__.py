"""Migrations: Alembic revisions whose statements stand as readable SQL beside them."""

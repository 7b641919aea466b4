"""The SQL that makes our roles and database: the same for the private server and for one run by somebody else."""

from __future__ import annotations

LOGINS = ("contact_owner", "contact_web", "contact_worker")
TABLES_OWNER = "contact_tables"
DEFAULT_DATABASE = "contact"
CHATBOT = "contact_chatbot"
"""Rasa's login, and its database of the same name: its memory of conversations, apart from all records."""

_PLAIN = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
_LIMITS = (("lock_timeout", "3s"), ("idle_in_transaction_session_timeout", "10s"), ("tcp_user_timeout", "10s"))


def role_statements() -> list[str]:
    """Statements (safe to run twice) for the four roles of engineering 1 with the limits of engineering 2.

    No password is set: an outside database's administrator gives one to each login.
    """
    made = [_create(TABLES_OWNER, f"NOLOGIN {_PLAIN}")]
    made += [_create("contact_owner", f"LOGIN NOINHERIT {_PLAIN}")]
    made += [_create(name, f"LOGIN {_PLAIN}") for name in ("contact_web", "contact_worker")]
    made += ["GRANT contact_tables TO contact_owner"]
    for name in LOGINS:
        made += [f"ALTER ROLE {name} SET {setting} = '{value}'" for setting, value in _LIMITS]
    return made


def database_statements(database: str = DEFAULT_DATABASE) -> list[str]:
    """Statements for one new database; run once, outside a transaction, each on the maintenance database."""
    return [
        f"CREATE DATABASE {quoted(database)} OWNER {TABLES_OWNER} ENCODING 'UTF8' TEMPLATE template0",
        *database_grants(database),
    ]


def database_grants(database: str) -> list[str]:
    """Only our logins may connect: a copy made from a template does not inherit this, so it is given again."""
    return [
        f"REVOKE ALL ON DATABASE {quoted(database)} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {quoted(database)} TO {', '.join(LOGINS)}",
    ]


def chatbot_role_statements() -> list[str]:
    """Statements (safe to run twice) for Rasa's login, which may reach nothing but its own database."""
    made = [_create(CHATBOT, f"LOGIN {_PLAIN}")]
    return [*made, *(f"ALTER ROLE {CHATBOT} SET {setting} = '{value}'" for setting, value in _LIMITS)]


def chatbot_database_statements() -> list[str]:
    """Statements for that database; run once, outside a transaction. It owns it: Rasa makes its own tables."""
    return [
        f"CREATE DATABASE {quoted(CHATBOT)} OWNER {CHATBOT} ENCODING 'UTF8' TEMPLATE template0",
        f"REVOKE ALL ON DATABASE {quoted(CHATBOT)} FROM PUBLIC",
    ]


def closed_to_all() -> list[str]:
    """Statements (safe to run twice) so that a login reaches its own database and not those that a server comes with.

    For a server that is ours alone.
    """
    return [f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC" for name in ("postgres", "template1")]


def script(database: str = DEFAULT_DATABASE) -> str:
    """What `contact database roles` prints, for `psql` as the administrator of an outside server."""
    lines = [f"{statement};" for statement in role_statements()]
    lines.append("-- The next statement fails, harmlessly, when the database already exists.")
    lines += [f"{statement};" for statement in database_statements(database)]
    lines.append("-- Where the chatbot runs too: Rasa's own memory, erased with each contact (CHATBOT_DATABASE_URL).")
    lines += [f"{statement};" for statement in (*chatbot_role_statements(), *chatbot_database_statements())]
    lines.append("-- Now give each login a password, or a certificate:")
    lines += [f"-- \\password {name}" for name in (*LOGINS, CHATBOT)]
    return "\n".join(lines) + "\n"


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _create(name: str, options: str) -> str:
    return (
        f"DO $$ BEGIN CREATE ROLE {name} {options}; "  # our own constants
        f"EXCEPTION WHEN duplicate_object THEN ALTER ROLE {name} {options}; END $$"
    )

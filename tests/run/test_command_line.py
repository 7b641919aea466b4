"""The command line helps, is quick, and says in one message what is missing."""

from __future__ import annotations

import subprocess
import sys
import time

from click.testing import CliRunner

from contact.cli import main
from contact.run.database_roles import role_statements, script
from tests.support.database import Cluster


def test_every_command_explains_itself() -> None:
    assert main.commands
    for name, command in main.commands.items():
        shown = CliRunner().invoke(main, [name, "--help"])
        assert shown.exit_code == 0, name
        assert command.help, name
        assert "..." not in command.get_short_help_str(60), name


def test_help_loads_neither_flask_nor_sqlalchemy() -> None:
    code = (
        "import sys; from contact.cli import main; main(['--help'], standalone_mode=False)\n"
        "assert not {'flask', 'sqlalchemy', 'psycopg'} & set(sys.modules)"
    )
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - began < 15


def test_missing_settings_are_named_together() -> None:
    runner = CliRunner(env=dict.fromkeys(("DATABASE_URL", "SECRET_KEY", "AUDIT_KEY", "CONTACT_MODE")))
    shown = runner.invoke(main, ["migrate"])
    assert shown.exit_code == 2
    for name in ("DATABASE_URL", "SECRET_KEY", "AUDIT_KEY"):
        assert name in shown.output


def test_roles_can_be_made_twice_and_are_what_the_script_prints(cluster: Cluster) -> None:
    with cluster.server.superuser() as connection:
        for statement in role_statements():
            connection.execute(statement.encode())
    printed = CliRunner().invoke(main, ["database", "roles", "--name", "force"]).output
    assert printed == script("force")
    assert 'CREATE DATABASE "force" OWNER contact_tables' in printed
    for statement in role_statements():
        assert f"{statement};" in printed


def test_the_forms_are_sound() -> None:
    shown = CliRunner().invoke(main, ["forms", "check"])
    assert shown.exit_code == 0, shown.output

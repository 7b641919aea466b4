"""A bare machine is told everything that it lacks at once; a made environment is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contact.run import bootstrap

SCRIPT = Path(bootstrap.__file__)


def fake_python(folder: Path, name: str, *, version: str, venv: bool) -> None:
    """A program that answers like an interpreter of that version, with or without its venv module."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(
        f'#!/bin/sh\ncase "$2" in *version_info*) echo "{version}";; *ensurepip*) exit {0 if venv else 1};; esac\n'
    )
    program.chmod(0o755)


def needs(
    monkeypatch: pytest.MonkeyPatch, path: Path, own: Path | None = None, *, browser: bool = False
) -> dict[str, str]:
    """What bootstrap would say with only these programs on the PATH."""
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.setattr(sys, "executable", str(own) if own else "/nonexistent/python3")
    return bootstrap.missing_packages(bootstrap.find_python(), ready=False, browser=browser)


def test_an_old_python_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_python(tmp_path, "python3", version="3 10", venv=True)
    assert list(needs(monkeypatch, tmp_path).values()) == ["python3 python3-venv"]


def test_debian_without_venv_is_told_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_python(tmp_path, "python3.12", version="3 12", venv=False)
    assert list(needs(monkeypatch, tmp_path).values()) == ["python3.12-venv"]


def test_everything_is_named_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_python(tmp_path, "python3", version="3 9", venv=True)
    bootstrap.say_missing(needs(monkeypatch, tmp_path, browser=True))
    assert "apt-get install -y python3 python3-venv chromium" in capsys.readouterr().err


def test_a_python_with_venv_wins_over_a_newer_without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_python(tmp_path, "python3.13", version="3 13", venv=False)
    fake_python(tmp_path, "python3.11", version="3 11", venv=True)
    assert needs(monkeypatch, tmp_path) == {}
    assert bootstrap.find_python() == str(tmp_path / "python3.11")


def test_a_python_that_is_too_new_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake_python(tmp_path, "python3", version="3 15", venv=True)
    assert "Python 3.11, 3.12, 3.13 or 3.14" in needs(monkeypatch, tmp_path)


def test_it_makes_nothing_again_while_the_lock_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "made-from")
    assert not bootstrap.up_to_date()
    (tmp_path / "made-from").write_text(bootstrap.fingerprint())
    assert bootstrap.up_to_date()
    lock = tmp_path / "other.lock"
    lock.write_bytes(bootstrap.LOCK.read_bytes() + b"\n")
    monkeypatch.setattr(bootstrap, "LOCK", lock)
    assert not bootstrap.up_to_date()


def test_it_needs_nothing_but_the_standard_library() -> None:
    """With -S and -E not even site-packages are there."""
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-I", str(SCRIPT), "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_lock_names_no_host_and_hashes_everything() -> None:
    text = bootstrap.LOCK.read_text()
    assert "://" not in text
    assert "--find-links" not in text
    entries = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(entries) > 60
    assert all(line.endswith("\\") for line in entries)  # each goes on with its hashes


def test_no_secret_of_the_demonstration_is_in_git() -> None:
    ignored = (bootstrap.ROOT / ".gitignore").read_text().splitlines()
    assert {".contact/", ".venv/"} <= set(ignored)
    assert os.access(bootstrap.ROOT / ".ci" / "run", os.X_OK)

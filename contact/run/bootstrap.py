"""Makes `.venv` from the lock; standard library only, and old Pythons can read it, to say what is missing."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "made-from"
OLDEST, NEWEST = (3, 11), (3, 14)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(arguments: list[str] | None = None) -> int:
    """Answer 0 when `.venv` is ready; otherwise say on stderr, at once, everything that is missing."""
    parser = argparse.ArgumentParser(description="Prepare .venv from requirements.lock.")
    parser.add_argument("--browser", action="store_true", help="also name the browser that the tests drive")
    wanted = parser.parse_args(arguments)
    with LOCK.open("rb") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # two starts at once make one .venv
        ready = up_to_date()
        python = None if ready else find_python()
        missing = missing_packages(python, ready=ready, browser=wanted.browser)
        if missing:
            return say_missing(missing)
        if python is not None:
            try:
                make(python)
            except subprocess.CalledProcessError as failed:
                print(f"\nSetting up failed: {failed.cmd[-1]} answered {failed.returncode}. ", file=sys.stderr)
                print("The reason is above; if it is the network, try `make` again later.", file=sys.stderr)
                return 1
    return 0


def fingerprint() -> str:
    """What `.venv` depends on: the lock, the project's own metadata, and where it stands (scripts hold the path)."""
    digest = hashlib.sha256()
    metadata = (ROOT / "pyproject.toml").read_bytes().split(b"[tool.ruff]")[0]
    for part in (LOCK.read_bytes(), metadata, os.fsencode(VENV)):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def up_to_date() -> bool:
    """Whether `.venv` was wholly made from this lock and its Python still runs."""
    try:
        made_from = STAMP.read_text()
    except OSError:
        return False
    return made_from == fingerprint() and version_of(str(VENV / "bin" / "python")) is not None


def version_of(python: str) -> tuple[int, int] | None:
    """(major, minor) of an interpreter, None when it does not run."""
    try:
        said = subprocess.run(
            [python, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, timeout=30
        ).stdout.split()
        return (int(said[0]), int(said[1]))
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
        return None


def has_venv(python: str) -> bool:
    """Whether it can make virtual environments (Debian packs that apart)."""
    tried = subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, timeout=30)
    return tried.returncode == 0


def candidates() -> list[str]:
    """Interpreters worth asking, best first; each is there."""
    names = [f"python3.{minor}" for minor in (13, 12, 11, 14)]
    found = [sys.executable, *(shutil.which(name) for name in names), shutil.which("python3")]
    home = Path(os.environ.get("HOME") or "/nonexistent")
    found += [str(path) for path in sorted((home / ".pyenv" / "versions").glob("3.1[1-4].*/bin/python"), reverse=True)]
    return list(dict.fromkeys(name for name in found if name))


def find_python() -> str | None:
    """The first interpreter of a version we run on, one with venv before one without."""
    fitting = [name for name in candidates() if OLDEST <= (version_of(name) or (0, 0)) <= NEWEST]
    return next((name for name in fitting if has_venv(name)), fitting[0] if fitting else None)


def missing_packages(python: str | None, *, ready: bool, browser: bool) -> dict[str, str]:
    """What is missing, in words, with its Debian package."""
    missing: dict[str, str] = {}
    if not ready:
        if python is None:
            missing["Python 3.11, 3.12, 3.13 or 3.14"] = "python3 python3-venv"
        elif not has_venv(python):
            own = Path(python).resolve().name
            package = f"{own}-venv" if own.startswith("python3.") else "python3-venv"
            missing[f"the venv module of {python}"] = package
    if missing and browser and not any(map(shutil.which, BROWSERS)):
        missing["a Chromium browser for the tests"] = "chromium"
    return missing


def say_missing(missing: dict[str, str]) -> int:
    """All of it at once, with the one line that mends it."""
    print("This machine still needs:", file=sys.stderr)
    for words in missing:
        print(f"  - {words}", file=sys.stderr)
    print("On Debian or Ubuntu:", file=sys.stderr)
    sudo = "" if os.geteuid() == 0 else "sudo "
    line = f"{sudo}apt-get update && {sudo}apt-get install -y {' '.join(missing.values())}"
    print(f"  {line}", file=sys.stderr)
    return 1


def make(python: str) -> None:
    """Make or renew `.venv`: wheels only, each with its hash, then the project itself without any network."""
    mine = version_of(str(VENV / "bin" / "python"))
    if mine is None or not OLDEST <= mine <= NEWEST:
        print("Making .venv (the first time takes a minute or two) ...", flush=True)
        run([python, "-m", "venv", "--clear", str(VENV)])
    else:
        print("Renewing .venv because the lock has changed ...", flush=True)
    STAMP.unlink(missing_ok=True)
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)])
    run([*pip, "--no-build-isolation", "--no-index", "--no-deps", "--editable", str(ROOT)])
    STAMP.write_text(fingerprint())


def run(command: list[str]) -> None:
    """Run it in the clone; raises CalledProcessError."""
    subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())

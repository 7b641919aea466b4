"""`make test`: style, types, import contracts and every test, with the time each part took and was allowed."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from contact.run.bootstrap import BROWSERS
from contact.run.chatbot_preparation import NotMade, prepare

CLONE = Path(__file__).resolve().parent.parent.parent
BUDGETS_S = {
    "lint and unit": 120, "store and web": 300, "accessibility": 600, "journeys": 600, "chaos": 480, "rasa": 480,
}  # fmt: skip
HANGS_AFTER = 4  # times its budget, and a part is ended
UNIT = ("unit", "architecture")
ACCESSIBILITY = "e2e/accessibility"
SOME_FAILED = 1
NO_TESTS = 5  # pytest's exit code where nothing was collected


@dataclass(frozen=True)
class Part:
    """One program to run. Parts of one `group` share a budget (engineering 31)."""

    name: str
    group: str
    command: Sequence[str]
    browser: bool = False
    chatbot: bool = False


@dataclass(frozen=True)
class Outcome:
    """How a part went. `code` None means that it was skipped, `why` says for what reason, `wanted` that it may be.

    `again`: something failed and was run once more; `code` is then that of the second time.
    """

    part: Part
    code: int | None
    seconds: float
    why: str = ""
    wanted: bool = False
    again: bool = False

    @property
    def failed(self) -> bool:
        """Whether it ran and was not content."""
        return self.code not in (None, 0, NO_TESTS)


def main() -> int:
    """Run the parts asked for, print the table, and answer the exit code."""
    parser = argparse.ArgumentParser(description="Run every check.")
    parser.add_argument("--only", help="a part, for example lint, types, web, chaos; or a path below tests/")
    only = parser.parse_args().only
    strict = os.environ.get("CI") == "true"
    parts = chosen(only)
    if not parts:
        parser.error(f"no part is called {only!r}; there are lint, {', '.join(part.name for part in all_parts())}")
    browser = find_browser() if any(part.browser for part in parts) else None
    environment = {name: value for name, value in os.environ.items() if name != "CHROMIUM"}
    environment |= {"CHROMIUM": browser} if browser else {}
    outcomes = [_run(part, environment) for part in parts]
    late = [group for group, seconds in _times(outcomes).items() if seconds > 2 * BUDGETS_S[group]]
    skipped = [outcome for outcome in outcomes if outcome.code is None]
    _print_table(outcomes)
    for outcome in skipped:
        print(f"SKIPPED {outcome.part.name}: {outcome.why}")
    if late:
        print(f"Over twice the time allowed: {', '.join(late)}")
    failed = any(outcome.failed for outcome in outcomes)
    print("FAILED" if failed else "Everything that ran passed.")
    return int(failed or (strict and bool(late or any(not outcome.wanted for outcome in skipped))))


def all_parts() -> Iterator[Part]:
    """Every part in the order of how soon it tells something."""
    tool = Path(sys.executable).parent
    yield Part("style", "lint and unit", [str(tool / "ruff"), "check", "."])
    yield Part("format", "lint and unit", [str(tool / "ruff"), "format", "--check", "."])
    yield Part("imports", "lint and unit", [str(tool / "lint-imports")])
    yield Part("types", "lint and unit", [str(tool / "mypy")])
    together = ["-n", str(_processes()), "--dist"]
    unit = [*_pytest(), *together, "worksteal", *(f"tests/{name}" for name in UNIT if _there(name))]
    yield Part("unit", "lint and unit", unit)
    others = sorted(path.name for path in (CLONE / "tests").iterdir() if path.is_dir() and any(path.rglob("test_*.py")))
    web = [f"tests/{name}" for name in others if name not in (*UNIT, "e2e", "chaos", "rasa", "support")]
    yield Part("web", "store and web", [*_pytest(), *together, "loadfile", *web])
    if _there(ACCESSIBILITY):
        # Each half of the list makes a demonstration and what its pages need, and helps the other at the end.
        command = [*_pytest(), *_in_pairs("worksteal"), f"tests/{ACCESSIBILITY}"]
        yield Part("accessibility", "accessibility", command, browser=True)
    if _there("e2e"):
        journeys = [*_pytest(), *_in_pairs("loadfile"), "tests/e2e", f"--ignore=tests/{ACCESSIBILITY}"]
        yield Part("journeys", "journeys", journeys, browser=True)
    if _there("chaos"):
        yield Part("chaos", "chaos", [*_pytest(), "tests/chaos"])
    if _there("rasa"):
        yield Part("rasa", "rasa", [*_pytest(), "tests/rasa"], chatbot=True)


def chosen(only: str | None) -> list[Part]:
    """The parts that a name, a group, `lint` or a path below tests/ asks for."""
    if only is None:
        return list(all_parts())
    if only.startswith("tests/") and (CLONE / only.split("::")[0]).exists():
        in_rasa = only.startswith("tests/rasa")
        return [Part(only, "rasa" if in_rasa else "journeys", [*_pytest(), only], "e2e" in only, in_rasa)]
    return [part for part in all_parts() if only in (part.name, part.group) or _short(only, part)]


def find_browser() -> str | None:
    """A Chromium that answers: the machine's, Playwright's own, or one fetched now where the network allows."""
    named = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in BROWSERS)]
    for path in filter(None, named):
        if _is_browser(path):  # Ubuntu's is a stub that asks for a snap
            return path
    if found := _playwrights():
        return found
    print("Fetching Chromium for the tests ...", flush=True)
    try:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True, timeout=300)
    except (subprocess.SubprocessError, OSError):
        return None
    return _playwrights()


def _playwrights() -> str | None:
    ask = "from playwright.sync_api import sync_playwright as p\nwith p() as w: print(w.chromium.executable_path)"
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False, timeout=60)
    path = said.stdout.strip()
    return path if path and Path(path).exists() and _is_browser(path) else None


def _is_browser(path: str) -> bool:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and "Chrom" in said.stdout


def _pytest() -> list[str]:
    return [sys.executable, "-m", "pytest", "-q"]


def _in_pairs(dist: str) -> list[str]:
    """Two processes at most: each runs a whole demonstration and a browser beside its tests."""
    return ["-n", str(min(2, _processes())), "--dist", dist]


def _there(name: str) -> bool:
    return any((CLONE / "tests" / name).rglob("test_*.py"))


def _processes() -> int:
    return min(4, os.cpu_count() or 1)


def _short(only: str, part: Part) -> bool:
    """`lint` means everything in its group but the tests."""
    return only == "lint" and part.group == "lint and unit" and part.name != "unit"


def _run(part: Part, environment: dict[str, str]) -> Outcome:
    print(f"\n== {part.name}", flush=True)
    began = time.monotonic()
    why = _missing(part, environment)
    if why:
        # A browser can be had everywhere; Python 3.10, which the chatbot needs, comes with no system any more.
        return Outcome(part, None, time.monotonic() - began, why, wanted=part.chatbot)
    began = time.monotonic()  # what was fetched and trained first says nothing about the tests
    code = _ended(part, part.command, environment)
    again = code == SOME_FAILED and part.browser and environment.get("CI") == "true"
    if again:
        # A browser on a loaded machine is now and then late by itself. What fails twice is a fault; what fails once is
        # told in the table. Nothing else is run twice: a message lost once is lost.
        print(f"\n== {part.name}, once more for what failed", flush=True)
        code = _ended(part, [*part.command, "--last-failed", "--last-failed-no-failures", "none"], environment)
    return Outcome(part, code, time.monotonic() - began, again=again)


def _ended(part: Part, command: Sequence[str], environment: dict[str, str]) -> int:
    try:
        limit = HANGS_AFTER * BUDGETS_S[part.group]
        return subprocess.run(list(command), cwd=CLONE, env=environment, check=False, timeout=limit).returncode
    except subprocess.TimeoutExpired:
        print(f"{part.name} hung and was ended", flush=True)
        return 124


def _missing(part: Part, environment: dict[str, str]) -> str:
    """Why a part cannot run here, in words that say what to do; nothing where it can."""
    if part.browser and "CHROMIUM" not in environment:
        return "no Chromium was found. To have it: apt-get install -y chromium"
    if not part.chatbot:
        return ""
    if environment.get("CHATBOT", "").lower() == "off":
        return "CHATBOT=off"
    try:  # a machine that has none fetches 3.2 GB and trains for a minute
        prepare(environment, log=None, say=lambda line: print(line, flush=True), small=True)
    except (NotMade, OSError) as error:
        return f"the chatbot cannot be had here: {error}. CHATBOT=off does without"
    return ""


def _times(outcomes: Sequence[Outcome]) -> dict[str, float]:
    times: dict[str, float] = {}
    for outcome in outcomes:
        times[outcome.part.group] = times.get(outcome.part.group, 0.0) + outcome.seconds
    return times


def _print_table(outcomes: Sequence[Outcome]) -> None:
    print("\npart            result      took")
    for outcome in outcomes:
        result = "skipped" if outcome.code is None else "FAILED" if outcome.failed else "passed"
        note = "  (some tests failed once and were run again)" if outcome.again else ""
        print(f"{outcome.part.name:<15} {result:<8} {outcome.seconds:>6.1f} s{note}")
    print("\nbudget          allowed     took")
    for group, seconds in _times(outcomes).items():
        print(f"{group:<15} {BUDGETS_S[group]:>5} s {seconds:>9.1f} s")
    print()


if __name__ == "__main__":
    sys.exit(main())

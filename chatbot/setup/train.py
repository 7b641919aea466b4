"""Train the model unless one with the same inputs is there; run by any Python 3.10 or newer, needs nothing else.

Prints progress on standard output; the last line is the path of the model. Exit codes: 0 there is a model, 3 no
Python 3.10, 4 the installation or the training failed.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from environment import CHATBOT, FAILED, NO_PYTHON, NoPythonError, home, make, say

INPUTS = ("config*.yml", "*.lock", "components/*.py", "data/*/*.jsonl", "data/**/*.yml", "domain/**/*.yml")
_PROGRESS = re.compile(
    r"Starting to train component '\w+'|^(?:epoch|the encoder has read|heads fitted).*", re.MULTILINE
)


def main() -> int:
    """Train or find a model; answer the exit code."""
    parser = argparse.ArgumentParser(description="Train the chatbot's model, unless it is there.")
    parser.add_argument("--small", action="store_true", help="a quick, poor model for tests (under 90 seconds)")
    parser.add_argument("--digest", action="store_true", help="only print the path that the model has or would have")
    chosen = parser.parse_args()
    model = models() / f"{digest(small=chosen.small)}.tar.gz"
    if chosen.digest:
        print(model)
        return 0
    if model.exists():
        say("model is ready")
        print(model)
        return 0
    try:
        python = make()
        train(python, model, small=chosen.small)
    except NoPythonError as error:
        say(str(error))
        return NO_PYTHON
    except (subprocess.SubprocessError, OSError) as error:
        say(f"no model: {error}")
        return FAILED
    print(model)
    return 0


def models() -> Path:
    """Answer the folder of trained models."""
    return home() / "chatbot" / "models"


def digest(*, small: bool) -> str:
    """Answer what the model is made from, as a digest of every input's name and content."""
    seen = hashlib.sha256(b"small" if small else b"full")
    for path in sorted({path for pattern in INPUTS for path in CHATBOT.glob(pattern)}):
        seen.update(str(path.relative_to(CHATBOT)).encode() + b"\0")
        seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()[:16]


def data_version() -> str:
    """Answer the version of what is learnt from, for proposals to keep."""
    seen = hashlib.sha256()
    for pattern in ("data/messages/*.jsonl", "data/nlu/*.yml"):
        for path in sorted(CHATBOT.glob(pattern)):
            seen.update(path.read_bytes())
    return f"data-{seen.hexdigest()[:10]}"


def code_version() -> str:
    """Answer the version of our parts and the encoder: Rasa's cache looks at a component's own class alone."""
    seen = hashlib.sha256((CHATBOT / "weights.lock").read_bytes())
    for name in ("encoder", "importer", "labels", "network", "replies", "triage", "wordpiece"):
        seen.update((CHATBOT / "components" / f"{name}.py").read_bytes())
    return seen.hexdigest()[:10]


def train(python: Path, model: Path, *, small: bool) -> None:
    """Train with `python` and put the model in its place at once, so that nobody meets half of one."""
    model.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    say("training a small model, about a minute" if small else "training, ten to thirty minutes, by the machine")
    config = model.parent / f"{model.name[:16]}-{os.getpid()}.yml"
    plain = (CHATBOT / ("config.small.yml" if small else "config.yml")).read_text("utf-8")
    told = f"components.triage.TriageClassifier\n  data_version: {data_version()}\n  made_from: {code_version()}\n"
    config.write_text(plain.replace("components.triage.TriageClassifier\n", told), "utf-8")
    command = [str(python), "-m", "rasa", "train"]
    whole = any(CHATBOT.glob("domain/**/*.yml"))
    command += ["--domain", "domain", "--skip-validation"] if whole else ["nlu"]
    folders = [f"data/{name}" for name in ("nlu", "rules", "stories") if any(CHATBOT.glob(f"data/{name}/**/*.yml"))]
    command += ["--data", *folders] if whole else ["--nlu", *folders]
    making = f"making-{model.name[:16]}-{os.getpid()}"  # two who train at once do not share a file
    command += ["--config", str(config), "--out", str(model.parent), "--fixed-model-name", making]
    _run(command, log=model.parent / f"{model.name[:16]}.log")
    config.unlink()
    (model.parent / f"{making}.tar.gz").replace(model)
    say(f"trained in {time.monotonic() - started:.0f} s")


def _run(command: list[str], *, log: Path) -> None:
    """Run Rasa, keep all that it says in `log`, and say of it what tells how far it is. Raises CalledProcessError."""
    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(
            command,
            cwd=CHATBOT,
            env=surroundings(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as running,
    ):
        for line in running.stdout or ():
            kept.write(line)
            if told := _PROGRESS.search(line):
                say(told.group())
    if running.returncode:
        say(f"Rasa stopped with {running.returncode}: see {log}")
        raise subprocess.CalledProcessError(running.returncode, command[:4])


def surroundings() -> dict[str, str]:
    """Answer the variables that Rasa runs with: no reports home, few threads, our parts importable."""
    passed = {name: value for name, value in os.environ.items() if not re.match(r"(PYTHON|VIRTUAL_ENV)", name)}
    threads = os.environ.get("CHATBOT_THREADS", "2")
    return passed | {
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_CACHE_DIRECTORY": str(home() / "chatbot" / "cache"),
        "TF_INTRA_OP_PARALLELISM_THREADS": threads,
        "TF_INTER_OP_PARALLELISM_THREADS": "1",
        "OMP_NUM_THREADS": threads,
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "PYTHONPATH": str(CHATBOT),
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


if __name__ == "__main__":
    sys.exit(main())

"""Learns the weights of `contact/domain/word_weights.py` from the chatbot's training messages, the same each time.

`python -m contact.bench.word_weights` writes `contact/domain/data/word_weights.json`. Two logistic regressions on
words, pairs of words and the screen's rules, without any library; never sees the development or the test set.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contact.domain.phrases import words_of
from contact.domain.screen import heard_codes
from contact.domain.word_weights import features

LEAST_MESSAGES = 3
"""In how many messages a feature must stand to be weighed."""
ROUNDS, STEP, HOLD_BACK = 40, 0.3, 3.3
"""Passes over the messages, first step of a weight, and how strongly weights are held near nought (1 / C of others)."""
SMALLEST_KEPT = 0.05
TARGETS = ("emergency", "advise_999")

Message = dict[str, Any]
Learnt = tuple[list[float], dict[str, list[float]]]


def messages_of(folder: Path) -> list[Message]:
    """Every message of the JSON lines files of a folder, in order of name."""
    lines = (line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return [json.loads(line) for line in lines if line.strip()]


def learn(messages: Sequence[Message]) -> Learnt:
    """Answer start and weights for both targets, by steps along the gradient that shrink for features seen often."""
    read = [set(features(words_of(each["text"]), heard_codes(each["text"]))) for each in messages]
    seen = Counter(feature for found in read for feature in found)
    rows = [sorted(feature for feature in found if seen[feature] >= LEAST_MESSAGES) for found in read]
    truth = [(each["grade"] == "emergency", bool(each["advise_999"])) for each in messages]
    start, adds = [-1.0, -0.5], {feature: [0.0, 0.0] for row in rows for feature in row}
    squares = {feature: [1e-6, 1e-6] for feature in adds}
    held = {feature: HOLD_BACK / seen[feature] for feature in adds}
    order = list(range(len(rows)))
    chooser = random.Random(1)  # noqa: S311 - an order, no secret
    for _ in range(ROUNDS):
        chooser.shuffle(order)
        for place in order:
            for target in (0, 1):
                total = start[target] + sum(adds[feature][target] for feature in rows[place])
                error = 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - truth[place][target]
                start[target] -= 0.002 * error
                for feature in rows[place]:
                    weight, square = adds[feature], squares[feature]
                    slope = error + held[feature] * weight[target]
                    square[target] += slope * slope
                    weight[target] -= STEP / (1 + math.sqrt(square[target])) * slope
    return start, adds


def as_data(learnt: Learnt, messages: Sequence[Message]) -> dict[str, Any]:
    """The data file: weights rounded, those near nought left out."""
    start, adds = learnt
    kept = {
        feature: [round(each, 2) for each in both]
        for feature, both in sorted(adds.items())
        if max(map(abs, both)) >= SMALLEST_KEPT
    }
    digest = hashlib.sha256("\n".join(each["id"] + each["text"] for each in messages).encode()).hexdigest()
    return {
        "source": "Learnt from chatbot/data/messages (unreviewed) by contact/bench/word_weights.py",
        "owner": "Force control room lead",
        "reviewer": None,
        "reviewed_on": None,
        "messages": len(messages),
        "data_version": digest[:10],
        "targets": TARGETS,
        "start": [round(each, 3) for each in start],
        "weights": kept,
    }


def main(arguments: Sequence[str]) -> None:
    """Learn from a folder (default: the chatbot's messages beside this package) and write the data file."""
    root = Path(__file__).parents[2]
    messages = messages_of(Path(arguments[0]) if arguments else root / "chatbot" / "data" / "messages")
    data = as_data(learn(messages), messages)
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in data.items() if key != "weights"]
    added = ",\n".join(f"    {json.dumps(k, ensure_ascii=False)}: {json.dumps(v)}" for k, v in data["weights"].items())
    path = root / "contact" / "domain" / "data" / "word_weights.json"
    path.write_text("\n".join(["{", *lines, '  "weights": {', added, "  }", "}", ""]), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

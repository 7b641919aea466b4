"""What is made of the network's probabilities: one proposal, and one ranking of talk and categories."""

import json
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from components.labels import CATEGORIES, FLAGS, GRADES, MATTER, TALK
from components.network import Scores

VERSION = "triage-1"
# From which probability each thing is said. Read when the model is loaded: to move a line is not to train anew.
LINES = Path(__file__).resolve().parent / "thresholds.json"
Array: TypeAlias = "np.ndarray[Any, Any]"
_RANKED, _RANKED_INTENTS = 5, 10
_OF_THE_MESSAGE = frozenset({"is_talk", "talk_probability", "version", "data_version"})


def lines() -> dict[str, Any]:
    """Answer the lines as they are kept."""
    kept: dict[str, Any] = json.loads(LINES.read_text("utf-8"))["from"]
    return kept


def read(scores: Scores, drawn: dict[str, Any]) -> dict[str, Any]:
    """Answer the proposal that these probabilities make; `drawn` says from which probability each thing is said."""
    ranked = [int(place) for place in np.argsort(-scores.category)]
    emergency, talk = float(scores.grade[0]), 1.0 - float(scores.talk[0])
    grade = 0 if emergency >= drawn["emergency_from"] else 1 + int(np.argmax(scores.grade[1:]))
    advice = max(scores.advice, emergency)
    advise = grade == 0 or advice >= drawn["advise_from"]
    flags = [place for place in np.argsort(-scores.flags) if scores.flags[place] >= drawn["flag_from"]]
    sure = float(scores.category[ranked[0]])
    reasons = [f"grade:{GRADES[grade]}", f"category:{CATEGORIES[ranked[0]]}"]
    reasons += ["advice:likely_danger"] if advise else []
    reasons += ["unsure:category"] if sure < drawn["sure_from"] else []
    reasons += ["unsure:grade"] if float(scores.grade[grade]) < drawn["sure_from"] else []
    return {
        "category": CATEGORIES[ranked[0]],
        "category_confidence": round(sure, 4),
        "ranking": [
            {"category": CATEGORIES[place], "confidence": round(float(scores.category[place]), 4)}
            for place in ranked[:_RANKED]
        ],
        "grade": GRADES[grade],
        "grade_confidence": round(float(scores.grade[grade]), 4),
        "emergency_probability": round(emergency, 4),
        "advise_999": advise,
        "advise_999_probability": round(advice, 4),
        "flags": [{"code": FLAGS[place], "confidence": round(float(scores.flags[place]), 4)} for place in flags],
        "is_talk": talk >= drawn["talk_from"],
        "talk_probability": round(talk, 4),
        "reasons": reasons,
        "version": VERSION,
        "data_version": drawn["data_version"],
    }


def read_in_context(scores: Scores, drawn: dict[str, Any]) -> dict[str, Any]:
    """Answer what a conversation so far reads as; it has lines of its own, and is never talk."""
    found = read(scores, drawn | drawn["in_context"])
    return {name: value for name, value in found.items() if name not in _OF_THE_MESSAGE}


def intents(scores: Scores, is_talk: bool) -> list[dict[str, Any]]:
    """Answer talk and categories in one ranking, what the message is taken for at its head."""
    matter = float(scores.talk[0])
    chances = {code: float(scores.talk[place]) for place, code in enumerate(TALK) if code != MATTER}
    chances |= {code: matter * float(scores.category[place]) for place, code in enumerate(CATEGORIES)}
    order = sorted(chances, key=lambda code: ((code in TALK) == is_talk, chances[code]), reverse=True)
    head, rest = order[0], sorted(order[1:], key=lambda code: chances[code], reverse=True)
    return [{"name": code, "confidence": round(chances[code], 4)} for code in [head, *rest[: _RANKED_INTENTS - 1]]]

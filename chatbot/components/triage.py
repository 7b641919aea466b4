"""Category, grade, 999 advice and flags for a message, beside its intent, by one encoder with several heads.

Adds `triage` to a message (chatbot/README.md has its shape) and sets the intent: talk when the text is talk, else the
category. What it says is a proposal: nothing here refuses, closes or lowers anything.
"""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.importer import LABELS
from components.labels import CATEGORIES, FLAGS, GRADES, MATTER, TALK
from components.network import Network, Plan, Scores, Target, train

VERSION = "triage-1"
# From which probability each thing is said. Read when the model is loaded: to move a line is not to train anew.
LINES = Path(__file__).resolve().parent / "thresholds.json"
TRIAGE = "triage"
_RANKED, _RANKED_INTENTS = 5, 10
_SHORT = 4  # words: so short an enquiry may as well be talk, so it teaches nothing about which it is
log = structlog.get_logger()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TriageClassifier(GraphComponent, IntentClassifier):
    """Rasa's face of the network: trains it, keeps it, asks it."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self.config, self.storage, self.resource = config, storage, resource
        self.network: Network | None = None
        self.lines = json.loads(LINES.read_text("utf-8"))["from"] | {"data_version": config["data_version"]}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How to train, and versions; `made_from` tells Rasa's cache that our code or the encoder has changed."""
        plan = Plan()
        from_plan = {field.name: getattr(plan, field.name) for field in fields(Plan)}
        return from_plan | {"data_version": "unknown", "made_from": "unknown"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TriageClassifier":
        """Answer an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_others: object,
    ) -> "TriageClassifier":
        """Answer the classifier as it was trained; asks it once, so that the first message need not wait."""
        loaded = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            loaded.network = Network.load(Path(folder), config["longest"], config["layers"])
        loaded.network.scores("warming up")
        return loaded

    def train(self, training_data: TrainingData) -> Resource:
        """Train on every example with an intent, and keep what was learnt."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        plan = Plan(**{field.name: self.config[field.name] for field in fields(Plan)})
        log.info("triage.training", examples=len(examples), plan=str(plan))
        texts = [example.get(TEXT) for example in examples]
        network = train(texts, [target(example) for example in examples], plan, lambda line: print(line, flush=True))
        with self.storage.write_to(self.resource) as folder:
            network.save(Path(folder))
            (Path(folder) / "about.json").write_text(json.dumps({"examples": len(examples)}), "utf-8")
        self.network = network
        return self.resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as it is; nothing after this learns from what was found here."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Triage each message, an empty one too."""
        if self.network is None:
            return messages
        for message in messages:
            scores = self.network.scores(message.get(TEXT) or "")
            found = read(scores, self.lines)
            ranking = intents(scores, found["is_talk"])
            message.set(TRIAGE, found, add_to_output=True)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def target(example: Message) -> Target:
    """Answer what an example teaches: talk by its intent, a message by its category and its other labels."""
    intent = example.get(INTENT)
    if intent in TALK:
        return Target(talk=intent)
    labels = ((example.get("metadata") or {}).get("example") or {}).get(LABELS)
    short = intent == "general_enquiry" and len(example.get(TEXT).split()) <= _SHORT
    talk = None if short else MATTER
    if labels is None:
        return Target(talk, intent)
    return Target(talk, intent, labels["grade"], labels["advise_999"], tuple(labels["flags"]))


def read(scores: Scores, lines: dict[str, Any]) -> dict[str, Any]:
    """Answer the proposal that these probabilities make; `lines` says from which probability each thing is said."""
    ranked = [int(place) for place in np.argsort(-scores.category)]
    emergency, talk = float(scores.grade[0]), 1.0 - float(scores.talk[0])
    grade = 0 if emergency >= lines["emergency_from"] else 1 + int(np.argmax(scores.grade[1:]))
    advice = max(scores.advice, emergency)
    advise = grade == 0 or advice >= lines["advise_from"]
    flags = [place for place in np.argsort(-scores.flags) if scores.flags[place] >= lines["flag_from"]]
    sure = float(scores.category[ranked[0]])
    reasons = [f"grade:{GRADES[grade]}", f"category:{CATEGORIES[ranked[0]]}"]
    reasons += ["advice:likely_danger"] if advise else []
    reasons += ["unsure:category"] if sure < lines["sure_from"] else []
    reasons += ["unsure:grade"] if float(scores.grade[grade]) < lines["sure_from"] else []
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
        "is_talk": talk >= lines["talk_from"],
        "talk_probability": round(talk, 4),
        "reasons": reasons,
        "version": VERSION,
        "data_version": lines["data_version"],
    }


def intents(scores: Scores, is_talk: bool) -> list[dict[str, Any]]:
    """Answer talk and categories in one ranking, what the message is taken for at its head."""
    matter = float(scores.talk[0])
    chances = {code: float(scores.talk[place]) for place, code in enumerate(TALK) if code != MATTER}
    chances |= {code: matter * float(scores.category[place]) for place, code in enumerate(CATEGORIES)}
    order = sorted(chances, key=lambda code: ((code in TALK) == is_talk, chances[code]), reverse=True)
    head, rest = order[0], sorted(order[1:], key=lambda code: chances[code], reverse=True)
    return [
        {INTENT_NAME_KEY: code, PREDICTED_CONFIDENCE_KEY: round(chances[code], 4)}
        for code in [head, *rest[: _RANKED_INTENTS - 1]]
    ]

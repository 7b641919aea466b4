"""Category, grade, 999 advice and flags for a message, beside its intent, by one encoder with several heads.

Adds `triage` to a message (chatbot/README.md has its shape) and sets the intent: talk when the text is talk, else the
category. What it says is a proposal: nothing here refuses, closes or lowers anything.
"""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import structlog
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.importer import LABELS
from components.labels import MATTER, TALK
from components.network import Network, Plan, Target, train
from components.proposal import intents, lines, read

TRIAGE = "triage"
_SHORT = 4  # words: so short an enquiry may as well be talk, so it teaches nothing about which it is
log = structlog.get_logger()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TriageClassifier(GraphComponent, IntentClassifier):
    """Rasa's face of the network: trains it, keeps it, asks it."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self.config, self.storage, self.resource = config, storage, resource
        self.network: Network | None = None
        self.lines = lines() | {"data_version": config["data_version"]}

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

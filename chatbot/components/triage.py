"""Category, grade, 999 advice and flags for a message, beside its intent, by one encoder with several heads.

Adds `triage` to a message (chatbot/README.md has its shape) and sets the intent: talk when the text is talk, else the
category. Where the message's metadata tells what the person said `earlier`, `triage.in_context` is what all of it reads
as. What it says is a proposal: nothing here refuses, closes or lowers anything.
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
from components.proposal import intents, lines, read, read_in_context
from components.replies import Replies, fit, heard_before, pairs, read_reply

TRIAGE, IN_CONTEXT = "triage", "in_context"
_SHORT = 4  # words: so short an enquiry may as well be talk, so it teaches nothing about which it is
log = structlog.get_logger()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TriageClassifier(GraphComponent, IntentClassifier):
    """Rasa's face of the network: trains it, keeps it, asks it."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self.config, self.storage, self.resource = config, storage, resource
        self.network: Network | None = None
        self.replies: Replies | None = None
        self.lines = lines() | {"data_version": config["data_version"]}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How to train, how many pairs of each kind teach how grave `replies` are, and versions.

        `made_from` tells Rasa's cache that our code or the encoder has changed.
        """
        plan = Plan()
        from_plan = {field.name: getattr(plan, field.name) for field in fields(Plan)}
        return from_plan | {"replies": 900, "data_version": "unknown", "made_from": "unknown"}

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
            loaded.replies = Replies.load(Path(folder))
        loaded.network.scores("warming up")
        return loaded

    def train(self, training_data: TrainingData) -> Resource:
        """Train on every example with an intent, and keep what was learnt."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        plan = Plan(**{field.name: self.config[field.name] for field in fields(Plan)})
        log.info("triage.training", examples=len(examples), plan=str(plan))
        texts = [example.get(TEXT) for example in examples]
        targets = [target(example) for example in examples]
        network = train(texts, targets, plan, _say)
        replies = fit(network, list(pairs(texts, targets, self.config["replies"])), _say)
        with self.storage.write_to(self.resource) as folder:
            network.save(Path(folder))
            replies.save(Path(folder))
            (Path(folder) / "about.json").write_text(json.dumps({"examples": len(examples)}), "utf-8")
        self.network, self.replies = network, replies
        return self.resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as it is; nothing after this learns from what was found here."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Triage each message, an empty one too; a reply also together with what the person said before it."""
        if self.network is None:
            return messages
        for message in messages:
            text, earlier = message.get(TEXT) or "", heard_before(message.get("metadata"))
            if earlier and self.replies:
                scores, together = read_reply(self.network, self.replies, earlier, text)
                found = read(scores, self.lines) | {IN_CONTEXT: read_in_context(together, self.lines)}
            else:
                scores = self.network.scores(text)
                found = read(scores, self.lines)
            ranking = intents(scores, found["is_talk"])
            message.set(TRIAGE, found, add_to_output=True)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _say(line: str) -> None:
    print(line, flush=True)


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

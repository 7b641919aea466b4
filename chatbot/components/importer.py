"""Read the labelled first messages (JSON lines) into Rasa's training data, beside its own YAML files."""

import json
from pathlib import Path
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

MESSAGES = Path(__file__).resolve().parent.parent / "data" / "messages"
LABELS = "labels"  # the key of a message under which its grade, flags and advice are kept for training


class MessagesImporter(RasaFileImporter):
    """Rasa's own importer plus `data/messages/*.jsonl`; `per_category` keeps about so many of each."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        per_category: int | None = None,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        self.per_category = per_category

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Answer everything there is to learn from."""
        own = super().get_nlu_data(language)
        return own.merge(TrainingData(training_examples=list(_examples(self.per_category))))


def _examples(per_category: int | None) -> list[Message]:
    found: list[Message] = []
    for path in sorted(MESSAGES.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        step = max(1, len(rows) // per_category) if per_category else 1
        found.extend(_message(row) for row in rows[::step])
    return found


def _message(row: dict[str, Any]) -> Message:
    labels = {"grade": row["grade"], "advise_999": row["advise_999"], "flags": row["flags"]}
    return Message.build(text=row["text"], intent=row["category"], example_metadata={LABELS: labels})

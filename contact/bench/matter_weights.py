"""Learns `contact/domain/data/matter_weights.json` from the training messages; run by the chatbot's own Python.

`PYTHONPATH=. VENV/bin/python contact/bench/matter_weights.py` from the clone. Logistic regression, one target against
the rest, on words, pairs of words and pieces of words by how rare they are. Never sees the development or the test set.
"""

import hashlib
import json
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from contact.domain.phrases import words_of

ROOT = Path(__file__).parents[2]
_CATEGORIES = """
    burglary robbery theft vehicle_crime criminal_damage assault domestic_abuse sexual_offence harassment_stalking
    hate_crime child_protection exploitation terrorism fraud_cyber drugs weapons suspicious_activity road_traffic
    antisocial_behaviour missing_person welfare_concern animal_wildlife property_lost_found firearms_licensing
    case_update complaint_feedback information_request not_police general_enquiry
"""  # in the taxonomy's order, as the platform reads them
CATEGORIES = _CATEGORIES.split()
GRADES = ["emergency", "priority", "standard", "enquiry"]
LEAST_MESSAGES = 2
FREE = {"category": 20, "grade": 5}
"""How freely weights may grow (C): chosen on the development set."""
SMALLEST_KEPT = {"category": 0.5, "grade": 0.3}


def features(text: str) -> list[str]:
    """As contact/domain/matter_weights.py reads a text."""
    words = words_of(text)[:400]
    found = [*words, *(f"{first} {second}" for first, second in pairwise(words))]
    for marked in (f"<{word[:40]}>" for word in words):
        found += [f"#{marked[at : at + size]}" for size in (4, 5) for at in range(len(marked) - size + 1)]
    return found


def main() -> None:
    """Learn and write."""
    paths = sorted((ROOT / "chatbot" / "data" / "messages").glob("*.jsonl"))
    messages = [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines() if line.strip()]
    reader = TfidfVectorizer(analyzer=features, min_df=LEAST_MESSAGES, binary=True)
    read = reader.fit_transform([each["text"] for each in messages])
    start: list[float] = []
    columns: list[tuple[Any, float]] = []
    for label, codes in (("category", CATEGORIES), ("grade", GRADES)):
        learnt = LogisticRegression(C=FREE[label], max_iter=200, solver="liblinear", random_state=1)
        learnt.fit(read, [codes.index(each[label]) for each in messages])
        start.extend(round(float(each), 3) for each in learnt.intercept_)
        columns.extend((row, SMALLEST_KEPT[label]) for row in learnt.coef_)
    digest = hashlib.sha256("\n".join(each["id"] + each["text"] for each in messages).encode()).hexdigest()
    about = {
        "source": "Learnt from chatbot/data/messages (unreviewed) by contact/bench/matter_weights.py",
        "owner": "Force control room lead",
        "reviewer": None,
        "reviewed_on": None,
        "messages": len(messages),
        "data_version": digest[:10],
        "targets": [*CATEGORIES, *GRADES],
        "start": start,
    }
    lines = []
    for feature, place in sorted(reader.vocabulary_.items()):
        kept = [
            (number, round(float(row[place]), 2))
            for number, (row, least) in enumerate(columns)
            if abs(row[place]) >= least
        ]
        entry = [round(float(reader.idf_[place]), 2), [number for number, _ in kept], [weight for _, weight in kept]]
        lines.append(f"    {json.dumps(feature, ensure_ascii=False)}: {json.dumps(entry, separators=(',', ':'))}")
    head = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in about.items()]
    path = ROOT / "contact" / "domain" / "data" / "matter_weights.json"
    path.write_text("\n".join(chain(["{"], head, ['  "weights": {', ",\n".join(lines), "  }", "}", ""])), "utf-8")


if __name__ == "__main__":
    main()

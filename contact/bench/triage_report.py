"""The report of `contact triage evaluate`: one page that needs nothing else, each chart beside its table."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from contact.bench.triage_evaluation import SHARES, Figures

TARGETS = {
    "category": "at least 0.80",
    "grade": "at least 0.80",
    "advised_emergencies": "at least 0.98",
    "emergency_recall": "at least 0.90",
    "false_emergencies": "at most 0.03",
}
"""What a first-rate reader of such messages reaches; two careful people agree on 0.94 of categories."""


def write(figures: Figures, folder: Path) -> Path:
    """Write `index.html` into the folder; answers its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "index.html"
    path.write_text(page(figures), encoding="utf-8")
    return path


def page(figures: Figures) -> str:
    """The page as HTML. It holds figures only, no message."""
    pages = Environment(loader=PackageLoader("contact.bench", "."), autoescape=True, undefined=StrictUndefined)
    shares = [(title, getattr(figures, name), TARGETS.get(name, "")) for name, title in SHARES.items()]
    return pages.get_template("triage_report.html").render(figures=figures, shares=shares)

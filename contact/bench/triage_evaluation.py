"""How well our labels agree with those of careful people: pure figures, from pairs of (their line, our line)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from contact.domain.taxonomy import Category, Flag, Grade

Pair = tuple[dict[str, Any], dict[str, Any]]
LIVESHARES = (0.01, 0.02, 0.05)
"""Shares of emergencies among live contacts at which precision is told: a test set has far more of them."""
_BINS = 10
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, with the 95 % interval of Wilson."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """0 to 1; 0 where there is nothing to share."""
        return self.hits / self.of if self.of else 0.0

    def interval(self) -> tuple[float, float]:
        """Where the true share lies, 19 times of 20."""
        if not self.of:
            return (0.0, 1.0)
        n, p = self.of, self.value
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        wide = _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
        return (max(0.0, middle - wide), min(1.0, middle + wide))


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category: how many there are, how many we found, how many of ours are right."""

    category: str
    known: int
    recall: float
    precision: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages whose confidence lies in a tenth: what we claimed on average, and how often the category was right."""

    low: float
    count: int
    claimed: float
    right: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything measured. Shares carry their counts; confusions are (known, ours, how often)."""

    messages: int
    category: Share
    grade: Share
    advised: Share
    advised_emergencies: Share
    false_advice: Share
    emergency_recall: Share
    emergency_precision: Share
    false_emergencies: Share
    precision_live: dict[float, float]
    categories: list[CategoryRow]
    confusions: list[tuple[str, str, int]]
    grades: dict[str, dict[str, int]]
    flags: list[tuple[str, int, float, float]]
    bins: list[Bin]
    calibration_error: float
    versions: list[str]

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        found = asdict(self)
        for name in SHARES:
            share: Share = getattr(self, name)
            found[name] = {"hits": share.hits, "of": share.of, "value": share.value, "interval": share.interval()}
        return found


SHARES = {
    "category": "category right",
    "grade": "grade right",
    "advised_emergencies": "999 advised for emergencies",
    "false_advice": "999 advised where nobody would",
    "emergency_recall": "emergencies graded emergency",
    "emergency_precision": "of what we grade emergency, right",
    "false_emergencies": "others graded emergency",
}


def evaluate(pairs: Sequence[Pair]) -> Figures:
    """Compare. Raises KeyError or ValueError where a line lacks its labels."""
    known = [(Category(line["category"]).value, Grade(line["grade"]).value) for line, _ in pairs]
    ours = [(line["category"], line["grade"]) for _, line in pairs]
    urgent = [grade == Grade.EMERGENCY.value for _, grade in known]
    raised = [grade == Grade.EMERGENCY.value for _, grade in ours]
    advised = [bool(line["advise_999"]) for _, line in pairs]
    wanted = [bool(line.get("advise_999", is_urgent)) for (line, _), is_urgent in zip(pairs, urgent, strict=True)]
    recall = _share([hit for hit, is_urgent in zip(raised, urgent, strict=True) if is_urgent])
    false = _share([hit for hit, is_urgent in zip(raised, urgent, strict=True) if not is_urgent])
    right = [a[0] == b[0] for a, b in zip(known, ours, strict=True)]
    bins = _bins([float(line["confidence"]) for _, line in pairs], right)
    return Figures(
        messages=len(pairs),
        category=_share(right),
        grade=_share([a[1] == b[1] for a, b in zip(known, ours, strict=True)]),
        advised=_share([a == b for a, b in zip(advised, wanted, strict=True)]),
        advised_emergencies=_share([hit for hit, is_urgent in zip(advised, urgent, strict=True) if is_urgent]),
        false_advice=_share([hit for hit, want in zip(advised, wanted, strict=True) if not want]),
        emergency_recall=recall,
        emergency_precision=_share([is_urgent for hit, is_urgent in zip(raised, urgent, strict=True) if hit]),
        false_emergencies=false,
        precision_live={share: _precision_at(share, recall.value, false.value) for share in LIVESHARES},
        categories=_categories([a[0] for a in known], [b[0] for b in ours]),
        confusions=_confusions([a[0] for a in known], [b[0] for b in ours]),
        grades=_grades([a[1] for a in known], [b[1] for b in ours]),
        flags=_flags(pairs),
        bins=bins,
        calibration_error=sum(each.count * abs(each.claimed - each.right) for each in bins) / len(pairs),
        versions=sorted({str(line["version"]) for _, line in pairs}),
    )


def in_words(figures: Figures) -> str:
    """The figures as tables for a terminal."""
    lines = [f"{figures.messages} messages, read by {', '.join(figures.versions)}", ""]
    for name, title in SHARES.items():
        share: Share = getattr(figures, name)
        low, high = share.interval()
        lines.append(f"  {title:38} {share.value:6.3f}  ({share.hits} of {share.of}; {low:.3f} to {high:.3f})")
    lines += ["", "If this share of contacts were emergencies, of what we grade emergency would be right:"]
    lines += [f"  {share:4.0%}  {value:6.3f}" for share, value in figures.precision_live.items()]
    lines += ["", f"  {'category':24} {'known':>5} {'recall':>7} {'precision':>9}"]
    lines += [
        f"  {row.category:24} {row.known:5d} {row.recall:7.2f} {row.precision:9.2f}" for row in figures.categories
    ]
    lines += ["", "Most often taken for another:"]
    lines += [f"  {known} taken for {ours}: {count}" for known, ours, count in figures.confusions[:12]]
    lines += ["", "Grades, known down and ours across:", "  " + " " * 10 + "".join(f"{g:>11}" for g in figures.grades)]
    lines += [f"  {known:10}" + "".join(f"{n:11d}" for n in row.values()) for known, row in figures.grades.items()]
    lines += ["", f"Confidence and truth of the category (mean error {figures.calibration_error:.3f}):"]
    lines += [
        f"  {b.low:.1f} to {b.low + 0.1:.1f}  {b.count:5d}  claimed {b.claimed:.2f}  right {b.right:.2f}"
        for b in figures.bins
    ]
    lines += ["", f"  {'flag':20} {'known':>5} {'recall':>7} {'precision':>9}"]
    lines += [f"  {flag:20} {n:5d} {recall:7.2f} {precision:9.2f}" for flag, n, recall, precision in figures.flags]
    return "\n".join(lines)


def _share(hits: Sequence[bool]) -> Share:
    return Share(sum(hits), len(hits))


def _precision_at(share: float, recall: float, false: float) -> float:
    """What a raised alarm would be worth with that share of emergencies (Bayes)."""
    true_ones, false_ones = share * recall, (1 - share) * false
    return true_ones / (true_ones + false_ones) if true_ones + false_ones else 0.0


def _categories(known: Sequence[str], ours: Sequence[str]) -> list[CategoryRow]:
    rows = []
    for each in Category:
        have = known.count(each.value)
        said = ours.count(each.value)
        both = sum(a == b == each.value for a, b in zip(known, ours, strict=True))
        if have or said:
            rows.append(CategoryRow(each.value, have, both / have if have else 0.0, both / said if said else 0.0))
    return rows


def _confusions(known: Sequence[str], ours: Sequence[str]) -> list[tuple[str, str, int]]:
    counted = Counter((a, b) for a, b in zip(known, ours, strict=True) if a != b)
    return [(a, b, count) for (a, b), count in counted.most_common(40)]


def _grades(known: Sequence[str], ours: Sequence[str]) -> dict[str, dict[str, int]]:
    names = [grade.value for grade in Grade]
    counted = Counter(zip(known, ours, strict=True))
    return {a: {b: counted[a, b] for b in names} for a in names}


def _flags(pairs: Sequence[Pair]) -> list[tuple[str, int, float, float]]:
    rows = []
    for flag in Flag:
        have = [flag.value in (line.get("flags") or ()) for line, _ in pairs]
        said = [flag.value in line["flags"] for _, line in pairs]
        both = sum(a and b for a, b in zip(have, said, strict=True))
        if any(have):
            rows.append((flag.value, sum(have), both / sum(have), both / sum(said) if any(said) else 0.0))
    return rows


def _bins(confidence: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    found = []
    for number in range(_BINS):
        inside = [
            (c, hit) for c, hit in zip(confidence, right, strict=True) if min(_BINS - 1, int(c * _BINS)) == number
        ]
        if inside:
            claimed = sum(c for c, _ in inside) / len(inside)
            found.append(Bin(number / _BINS, len(inside), claimed, sum(hit for _, hit in inside) / len(inside)))
    return found

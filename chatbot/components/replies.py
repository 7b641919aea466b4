"""How grave a reply makes what was said before it: read as one text with the person's earlier words, beside it alone.

A few words alone are noise ("king street, by the racks"), and in a whole that is calm so far a grave reply drowns
("shes bleeding"). So a head of its own looks at both vectors. It learns from pairs made of the training data, after
everything else, and changes nothing about a message that is read alone.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from components.network import Network, Scores, Target

WEIGHTS = "replies.npz"
MOST_EARLIER, LONGEST_EARLIER = 8, 1_200  # messages and characters that are looked at, whatever is sent
SEED, STRENGTH = 1, 0.1  # of chance and of the logistic regression
UNCUT = 100_000
SHORT = 14  # words, at most, of a message that is taken for a reply
_DETAILS = frozenset({"inform", "affirm", "deny", "dont_know"})
_CALM = frozenset({"standard", "enquiry"})
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
Array: TypeAlias = "npt.NDArray[Any]"


@dataclass(frozen=True)
class Pair:
    """What was said before, a reply, and whether both together are an emergency."""

    earlier: str
    reply: str
    emergency: bool


@dataclass(frozen=True)
class Replies:
    """The head: `weight` (two widths) for the whole's vector and the reply's own, divided by `norm`."""

    weight: Array
    bias: float
    norm: float

    def chance(self, whole: Array, alone: Array) -> float:
        """Answer how likely it is an emergency now, for the two vectors (width)."""
        raw = float(np.concatenate([whole, alone]) @ self.weight) / self.norm + self.bias
        return float(1 / (1 + np.exp(-raw)))

    def save(self, folder: Path) -> None:
        """Keep it in `folder`."""
        np.savez(folder / WEIGHTS, weight=self.weight, bias=self.bias, norm=self.norm)

    @classmethod
    def load(cls, folder: Path) -> "Replies":
        """Answer it as it was saved."""
        with np.load(folder / WEIGHTS) as kept:
            return cls(kept["weight"], float(kept["bias"]), float(kept["norm"]))


def heard_before(metadata: object) -> list[str]:
    """Take the person's earlier words, newest last, out of a message's metadata, so that no tracker keeps them twice.

    What is no list of texts is none; of too much the first message stays, and the newest ones.
    """
    if not isinstance(metadata, dict):
        return []
    raw = metadata.pop("earlier", None)
    texts = [text for text in raw if isinstance(text, str) and text.strip()] if isinstance(raw, list) else []
    kept = [*texts[:1], *texts[1:][-(MOST_EARLIER - 1) :]]
    return [text[:LONGEST_EARLIER] for text in kept]


def together(pieces: Callable[[str], list[int]], earlier: Sequence[str], reply: str, longest: int) -> list[int]:
    """Answer the numbers of both as one text of at most `longest`, start and end marks included.

    The reply is never cut for what was said before: of that the middle goes, and where the reply fills everything, all
    of it. `pieces` answers a text's numbers with both marks, uncut.
    """
    start, *own, end = pieces(reply)
    before = [number for text in earlier for number in pieces(text.rstrip(" .") + ".")[1:-1]]
    room = longest - 2
    if len(own) > room:
        own = [*own[: room - room // 3], *own[-(room // 3) :]]
    left = room - len(own)
    if len(before) > left:
        tail = left // 2
        before = [*before[: left - tail], *(before[-tail:] if tail else [])]
    return [start, *before, *own, end]


def read_reply(network: Network, replies: Replies, earlier: Sequence[str], text: str) -> tuple[Scores, Scores]:
    """Answer the probabilities for a message alone, and for all that was said with it: in one pass."""
    alone = network.encoder.numbers(text, network.longest)
    whole = together(lambda each: network.encoder.numbers(each, UNCUT), earlier, text, network.longest)
    (own, found), vectors = network.read([alone, whole])
    chance = replies.chance(vectors[1], vectors[0])
    rest = found.grade[1:] / max(float(found.grade[1:].sum()), 1e-9)
    return own, replace(found, grade=np.asarray([chance, *(rest * (1 - chance))]))


def fit(network: Network, made: Sequence[Pair], say: Callable[[str], None]) -> Replies:
    """Answer the head that these pairs teach; `network` stays as it is."""
    alone = _vectors(network, [[pair.reply] for pair in made])
    whole = _vectors(network, [[pair.earlier, pair.reply] for pair in made])
    norm = float(np.mean(np.linalg.norm(whole, axis=1)))
    model = LogisticRegression(C=STRENGTH, max_iter=500)
    model.fit(np.hstack([whole, alone]) / norm, [pair.emergency for pair in made])
    say(f"heads fitted to {len(made)} replies")
    return Replies(model.coef_[0].astype(np.float32), float(model.intercept_[0]), norm)


def pairs(texts: Sequence[str], targets: Sequence[Target], most: int) -> Iterator[Pair]:
    """Make pairs of what is learnt anyway, always the same: a detail or a matter said after a calm matter, and messages
    of several sentences cut in two. Each is as grave as what was labelled so; `most` or half of it of each kind.
    """
    chance = random.Random(SEED)  # noqa: S311 - which pairs are made is no secret
    told = list(zip(texts, targets, strict=True))
    graded = [(text, target) for text, target in told if target.grade]
    calm = [text for text, target in graded if target.grade in _CALM and not target.advise_999]
    short = [(text, target.grade) for text, target in graded if len(text.split()) <= SHORT]
    kinds = (
        ([text for text, target in told if target.talk in _DETAILS], most, False),
        ([text for text, grade in short if grade == "emergency"], most, True),
        ([text for text, grade in short if grade in _CALM], most // 2, False),
    )
    for replies, wanted, emergency in kinds:
        often = -(-wanted // max(1, len(replies)))  # each in as many matters as it takes
        for reply in chance.sample(replies * often, wanted if replies else 0):
            yield Pair(chance.choice(calm), reply, emergency)
    cut = [Pair(*parts, target.grade == "emergency") for text, target in graded if (parts := _cut(text, chance))]
    for emergency, wanted in ((False, most), (True, most // 2)):
        same = [pair for pair in cut if pair.emergency is emergency]
        yield from chance.sample(same, min(wanted, len(same)))


def _cut(text: str, chance: random.Random) -> tuple[str, str] | None:
    """A message of several sentences as what was said first and what was said after it."""
    parts = [part for part in _SENTENCE.split(text.strip()) if part]
    if len(parts) < 2:
        return None
    place = chance.randint(1, len(parts) - 1)
    return " ".join(parts[:place]), " ".join(parts[place:])


def _vectors(network: Network, parts: Sequence[Sequence[str]]) -> Array:
    """The vectors of texts, each a reply or earlier words and a reply; what stands twice is read once."""
    rows = {tuple(each): _row(network, each) for each in parts}
    states = network.lower_rows(list(rows.values()))
    place = {each: number for number, each in enumerate(rows)}
    return network.vectors(states)[[place[tuple(each)] for each in parts]]


def _row(network: Network, parts: Sequence[str]) -> list[int]:
    *earlier, reply = parts
    if not earlier:
        return network.encoder.numbers(reply, network.longest)
    return together(lambda each: network.encoder.numbers(each, UNCUT), earlier, reply, network.longest)

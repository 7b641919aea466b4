"""What the encoder multiplies in: half the digits only where the processor is quick at them."""

from pathlib import Path

import pytest
import tensorflow as tf
from components.encoder import multiplied


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ("fpu avx2 avx512f avx512_bf16", tf.bfloat16),
        ("amx_bf16 amx_tile", tf.bfloat16),
        ("fpu avx2 avx512f", tf.float32),
    ],
)
def test_half_the_digits_are_used_only_where_the_processor_says_so(tmp_path: Path, flags: str, kind: tf.DType) -> None:
    described = tmp_path / "cpuinfo"
    described.write_text(f"processor : 0\nflags\t\t: {flags}\n", "utf-8")
    assert multiplied(described) is kind


def test_where_the_processor_is_not_described_all_digits_are_kept(tmp_path: Path) -> None:
    assert multiplied(tmp_path / "none") is tf.float32

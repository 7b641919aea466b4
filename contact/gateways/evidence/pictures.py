"""Pictures made anew without hidden details, each in a child process that may be killed (engineering 14)."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from contact.domain.evidence import Kind

_CHILD = Path(__file__).with_name("picture_child.py")
_LIMIT_S = 60.0
PREVIEW, WHOLE, MEASURES = "preview", "whole", "measures"


class NoPicture(Exception):
    """The file cannot be decoded within bounds: damaged, a bomb, or hostile."""


def made_anew(data: bytes, kind: Kind, *, wanted: Sequence[str], limit_s: float = _LIMIT_S) -> list[bytes]:
    """JPEGs without metadata, one for each of `wanted`: `preview` (2,048 pixels), `whole` (full size), `cut_to`.

    `measures` gives JSON in place of a JPEG: width and height upright, mean and spread of grey, sharpness.
    The child gets no environment, no files and no network of use. Raises NoPicture.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD), kind.value, ",".join(wanted)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            timeout=limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoPicture from None
    if done.returncode or len(done.stdout) < 4:
        raise NoPicture
    (length,) = struct.unpack(">I", done.stdout[:4])
    at, made = 4 + length, []
    for size in json.loads(done.stdout[4:at]):
        made.append(done.stdout[at : at + size])
        at += size
    return made


def cut_to(box: tuple[float, float, float, float]) -> str:
    """To want a preview of a part alone: left, top, right and bottom, each from 0 to 1 of the upright picture."""
    return "cut:" + ":".join(f"{each:.6f}" for each in box)

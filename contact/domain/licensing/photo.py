"""The photo for a certificate: what a machine can measure of it, and the cut to 35 mm wide by 45 mm high.

No machine here knows a face: what passes is looked at by a person, who says whether it shows the applicant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

QUESTION = "applicantPhoto"
"""The question whose file is the photo, in every form that asks for one."""
WIDE_MM, HIGH_MM = 35, 45
LEAST_WIDE, LEAST_HIGH = 600, 750
"""Pixels after the cut: what GOV.UK asks of a digital passport photo, which the form tells people to think of."""
LARGEST_CUT = 0.35
"""The largest part that may be cut away: squares and upright telephone pictures pass, a picture lying on its side does
not, since what it cuts away would too often be the face."""
LEAST_SHARPNESS = 10.0
"""Variance of the Laplacian of the grey picture at about 600 pixels wide; a lens out of focus gives single figures."""
DARKEST, LIGHTEST = 40.0, 235.0
"""Mean of the whole picture in grey, 0 to 255. Of the whole, never of the face: only a picture that is nearly black or
nearly white is out, whatever the skin of whoever is in it."""
LEAST_SPREAD = 12.0
"""Standard deviation of the grey picture: below it there is one plain surface."""


class Fault(StrEnum):
    """What is wrong with it; worded at the edge."""

    NOT_A_PICTURE = "not_a_picture"
    TOO_SMALL = "too_small"
    WRONG_SHAPE = "wrong_shape"
    TOO_DARK = "too_dark"
    TOO_LIGHT = "too_light"
    PLAIN = "plain"
    NOT_SHARP = "not_sharp"


@dataclass(frozen=True, slots=True)
class Measures:
    """A picture as it stands upright: pixels; mean and standard deviation of its grey; variance of its Laplacian."""

    width: int
    height: int
    mean: float
    spread: float
    sharpness: float


@dataclass(frozen=True, slots=True)
class Cut:
    """What is kept of the upright picture, in pixels from its upper left corner."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels."""
        return self.bottom - self.top


def cut_of(width: int, height: int) -> Cut:
    """The largest piece of 35 by 45: from the middle, and of a tall picture more from below, as heads are above."""
    if width * HIGH_MM > height * WIDE_MM:
        kept = max(1, round(height * WIDE_MM / HIGH_MM))
        left = (width - kept) // 2
        return Cut(left, 0, left + kept, height)
    kept = max(1, min(height, round(width * HIGH_MM / WIDE_MM)))
    top = (height - kept) // 3
    return Cut(0, top, width, top + kept)


def can_be_cut(width: int, height: int) -> bool:
    """Whether the cut leaves enough of the picture."""
    cut = cut_of(width, height)
    return cut.width * cut.height >= (1 - LARGEST_CUT) * width * height


def faults_of(found: Measures) -> tuple[Fault, ...]:
    """Everything a machine finds wrong with it, in the order it is told; empty where a person looks next.

    A picture without light or content is never called blurred as well: one thing to do better is told, not two.
    """
    faults: list[Fault] = []
    if not can_be_cut(found.width, found.height):
        faults.append(Fault.WRONG_SHAPE)
    if _too_small(found):
        faults.append(Fault.TOO_SMALL)
    seen = _seen(found)
    return (*faults, seen) if seen else tuple(faults)


def _too_small(found: Measures) -> bool:
    """Of what cannot be cut the whole counts: its shape is told already."""
    if not can_be_cut(found.width, found.height):
        return min(found.width, found.height) < LEAST_WIDE
    cut = cut_of(found.width, found.height)
    return cut.width < LEAST_WIDE or cut.height < LEAST_HIGH


def _seen(found: Measures) -> Fault | None:
    if found.mean < DARKEST:
        return Fault.TOO_DARK
    if found.mean > LIGHTEST:
        return Fault.TOO_LIGHT
    if found.spread < LEAST_SPREAD:
        return Fault.PLAIN
    return Fault.NOT_SHARP if found.sharpness < LEAST_SHARPNESS else None


def known(codes: Sequence[str] | None) -> tuple[Fault, ...] | None:
    """Faults as they were kept; None where it was not examined as a photo."""
    return None if codes is None else tuple(Fault(each) for each in codes)

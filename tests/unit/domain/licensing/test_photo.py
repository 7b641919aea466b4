"""The photo's rules: shape, cut, size, light and sharpness, each at its limit."""

from __future__ import annotations

import dataclasses

import pytest

from contact.domain.licensing.photo import Cut, Fault, Measures, can_be_cut, cut_of, faults_of, known

GOOD = Measures(width=1200, height=1600, mean=128.0, spread=50.0, sharpness=200.0)


@pytest.mark.parametrize(
    ("size", "cut"),
    [
        ((350, 450), Cut(0, 0, 350, 450)),
        ((700, 700), Cut(78, 0, 622, 700)),
        ((700, 1200), Cut(0, 100, 700, 1000)),
        ((1, 1), Cut(0, 0, 1, 1)),
        ((1, 5000), Cut(0, 1666, 1, 1667)),
        ((5000, 1), Cut(2499, 0, 2500, 1)),
    ],
)
def test_the_cut_is_35_by_45_from_the_middle_and_rather_from_above(size: tuple[int, int], cut: Cut) -> None:
    assert cut_of(*size) == cut


@pytest.mark.parametrize("width", range(500, 2500, 97))
@pytest.mark.parametrize("height", range(500, 2500, 101))
def test_a_cut_lies_in_the_picture_and_is_as_large_as_can_be(width: int, height: int) -> None:
    cut = cut_of(width, height)
    assert 0 <= cut.left < cut.right <= width
    assert 0 <= cut.top < cut.bottom <= height
    assert cut.width == width or cut.height == height
    assert abs(cut.width * 45 - cut.height * 35) <= 45


@pytest.mark.parametrize(
    ("size", "fits"),
    [
        ((3000, 4000), True),  # a telephone held upright
        ((1080, 1920), True),
        ((1000, 1000), True),
        ((4000, 3000), False),  # lying on its side
        ((1920, 1080), False),
        ((1080, 2400), False),  # a picture of a screen
    ],
)
def test_which_shapes_can_be_cut(size: tuple[int, int], fits: bool) -> None:
    assert can_be_cut(*size) is fits


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, ()),
        ({"width": 600, "height": 772}, ()),
        ({"width": 599, "height": 772}, (Fault.TOO_SMALL,)),
        ({"width": 600, "height": 749}, (Fault.TOO_SMALL,)),
        ({"width": 1600, "height": 1200}, (Fault.WRONG_SHAPE,)),
        ({"width": 640, "height": 360}, (Fault.WRONG_SHAPE, Fault.TOO_SMALL)),
        ({"mean": 39.9, "sharpness": 1.0}, (Fault.TOO_DARK,)),
        ({"mean": 235.1, "spread": 1.0}, (Fault.TOO_LIGHT,)),
        ({"spread": 11.9, "sharpness": 0.0}, (Fault.PLAIN,)),
        ({"sharpness": 9.9}, (Fault.NOT_SHARP,)),
        ({"mean": 40.0, "spread": 12.0, "sharpness": 10.0}, ()),
        ({"width": 300, "height": 400, "sharpness": 2.0}, (Fault.TOO_SMALL, Fault.NOT_SHARP)),
    ],
)
def test_what_is_found_wrong(change: dict[str, float], faults: tuple[Fault, ...]) -> None:
    assert faults_of(dataclasses.replace(GOOD, **change)) == faults  # type: ignore[arg-type]


def test_what_was_kept_is_read_again_and_not_examined_is_not_the_same_as_nothing_wrong() -> None:
    assert known(None) is None
    assert known([]) == ()
    assert known(["too_small", "not_sharp"]) == (Fault.TOO_SMALL, Fault.NOT_SHARP)

"""Welsh is told from English by its commonest words, and English is never taken for it."""

from __future__ import annotations

import pytest

from contact.domain.welsh import is_welsh


@pytest.mark.parametrize(
    "text",
    [
        "mae rhywun wedi dwyn fy meic",
        "Helo, rwy'n ysgrifennu am fy nghar, mae wedi cael ei ddifrodi neithiwr",
        "HEDDLU",
        "helpwch fi",
        "dwi eisiau siarad gyda rhywun",
    ],
)
def test_welsh(text: str) -> None:
    assert is_welsh(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "my bike was nicked from outside tesco last night",
        "Mae is my neighbour and Beth saw it",
        "ok",
        "help",
        "i live in Llanfairfechan near the heddlu station and someone broke into my car on mill lane",
        "mi amigo tiene un cuchillo",
    ],
)
def test_not_welsh(text: str) -> None:
    assert not is_welsh(text)

"""What was sealed opens whole, from any offset, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contact.domain.errors import EvidenceDamaged
from contact.gateways.evidence import sealing
from contact.gateways.evidence.sealing import FRAME, SEALED_FRAME, ObjectCipher, opened, sealed_size, unwrap, wrap

ID, OTHER = UUID(int=1), UUID(int=2)
KEY = b"k" * 32
SIZE = 2 * FRAME + 12_345


def cipher(evidence_id: UUID = ID, name: str = "a" * 40, what: str = "0", key: bytes = KEY) -> ObjectCipher:
    """The cipher of one object."""
    return ObjectCipher(key, evidence_id=evidence_id, object_key=name, what=what)


@cache
def sealed() -> tuple[bytes, bytes]:
    """Some bytes and their seal."""
    plain, total = os.urandom(SIZE), sealing.frames_of(SIZE)
    frames = [cipher().seal(n, plain[n * FRAME : (n + 1) * FRAME], last=n == total - 1) for n in range(total)]
    return plain, b"".join(frames)


def pieces(data: bytes, size: int = 100_000) -> Iterator[bytes]:
    """As a store gives them."""
    for at in range(0, len(data), size):
        yield data[at : at + size]


def test_it_opens_whole_and_is_as_long_as_foretold() -> None:
    plain, seal = sealed()
    assert len(seal) == sealed_size(SIZE)
    assert b"".join(opened(cipher(), pieces(seal), size=SIZE)) == plain


@pytest.mark.parametrize("first", [0, 1, 2])
def test_it_opens_from_any_frame(first: int) -> None:
    plain, seal = sealed()
    assert (
        b"".join(opened(cipher(), pieces(seal[first * SEALED_FRAME :]), size=SIZE, first=first))
        == (plain[first * FRAME :])
    )


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, sealed_size(SIZE) - 1), bit=st.integers(0, 7))
def test_any_bit_that_flips_is_noticed(at: int, bit: int) -> None:
    _plain, seal = sealed()
    changed = bytearray(seal)
    changed[at] ^= 1 << bit
    with pytest.raises(EvidenceDamaged):
        list(opened(cipher(), pieces(bytes(changed)), size=SIZE))


@settings(max_examples=40, deadline=None)
@given(cut=st.integers(0, sealed_size(SIZE) - 1))
def test_any_cut_is_noticed_also_by_whoever_changed_the_size(cut: int) -> None:
    _plain, seal = sealed()
    with pytest.raises(EvidenceDamaged):
        list(opened(cipher(), pieces(seal[:cut]), size=SIZE))
    frames = cut // SEALED_FRAME
    if frames:
        with pytest.raises(EvidenceDamaged):
            list(opened(cipher(), pieces(seal[: frames * SEALED_FRAME]), size=frames * FRAME))


def test_frames_cannot_change_places_nor_be_left_out_nor_added() -> None:
    _plain, seal = sealed()
    one, two, rest = seal[:SEALED_FRAME], seal[SEALED_FRAME : 2 * SEALED_FRAME], seal[2 * SEALED_FRAME :]
    for changed in (two + one + rest, one + one + rest, one + rest, seal + rest, seal + b"x", rest):
        with pytest.raises(EvidenceDamaged):
            list(opened(cipher(), pieces(changed), size=SIZE))


@pytest.mark.parametrize("other", [cipher(OTHER), cipher(name="b" * 40), cipher(what="1048576"), cipher(key=b"x" * 32)])
def test_an_object_opens_only_as_what_it_is(other: ObjectCipher) -> None:
    _plain, seal = sealed()
    with pytest.raises(EvidenceDamaged):
        list(opened(other, pieces(seal), size=SIZE))


def test_a_files_key_is_bound_to_the_file_and_to_the_master_key() -> None:
    wrapped = wrap(b"m" * 32, ID)
    assert len(unwrap(b"m" * 32, ID, wrapped)) == 32
    assert wrap(b"m" * 32, ID) != wrapped
    for master, evidence_id in ((b"n" * 32, ID), (b"m" * 32, OTHER)):
        with pytest.raises(EvidenceDamaged):
            unwrap(master, evidence_id, wrapped)

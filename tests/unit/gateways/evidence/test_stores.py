"""Both backends keep the same promises: a folder, and a service that speaks S3 (moto, at the network's edge)."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contact.domain.errors import EvidenceDamaged
from contact.gateways.evidence.folder import Folder
from contact.gateways.evidence.s3 import S3
from contact.gateways.evidence.sealing import FRAME
from contact.gateways.evidence.signing import Credentials, signed
from contact.gateways.evidence.store import EvidenceStore, NoSuchObject, StoreAway, new_key
from contact.gateways.evidence.vault import Stretch, Vault

ID = UUID(int=7)
AHEAD = dt.timedelta(days=1)


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> EvidenceStore:
    """One backend after the other."""
    if request.param == "folder":
        return Folder(tmp_path / "evidence")
    address = request.getfixturevalue("s3_address")
    return S3.from_address(address, key_id="id", secret="secret", spool=tmp_path)


def everything(store: EvidenceStore) -> set[str]:
    """All keys."""
    return set(store.list_keys(dt.datetime.now(dt.UTC) + AHEAD))


def test_what_was_put_is_read_from_any_offset_until_it_is_deleted(store: EvidenceStore) -> None:
    key, data = new_key(), os.urandom(300_000)
    assert store.put(key, [data[:100], data[100:]]) == len(data)
    for offset in (0, 1, 150_000, len(data) - 1):
        assert b"".join(store.open(key, offset)) == data[offset:]
    assert key in everything(store)
    assert key not in set(store.list_keys(dt.datetime.now(dt.UTC) - AHEAD))
    store.delete(key)
    store.delete(key)
    assert key not in everything(store)
    with pytest.raises(NoSuchObject):
        list(store.open(key))


def test_half_of_an_object_is_never_there(store: EvidenceStore) -> None:
    key = new_key()
    writing = store.begin(key)
    writing.write(b"half")
    with pytest.raises(NoSuchObject):
        list(store.open(key))
    writing.abandon()
    writing.abandon()
    assert not [each for each in everything(store) if each.startswith(key)]

    def breaking() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        store.put(key, breaking())
    assert not [each for each in everything(store) if each.startswith(key)]


def test_nothing_but_a_key_becomes_part_of_a_path(store: EvidenceStore) -> None:
    for name in ("../../etc/passwd", "a" * 39, "A" * 40, f"{'a' * 40}/x", ""):
        with pytest.raises(ValueError, match="not a key"):
            store.begin(name)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(offset=st.integers(0, 2 * FRAME + 5000), length=st.one_of(st.none(), st.integers(0, 2 * FRAME)))
def test_any_range_of_a_file_of_several_stretches_is_that_slice(
    store: EvidenceStore, offset: int, length: int | None
) -> None:
    vault, pieces, data = written(store)
    key = vault.file_key(ID, WRAPPED)
    got = b"".join(vault.read(key, pieces, offset=offset, length=length))
    assert got == data[offset : None if length is None else offset + length]


def test_stretches_cannot_change_places_nor_be_left_out(store: EvidenceStore) -> None:
    vault, pieces, _data = written(store)
    key, (one, two, three) = vault.file_key(ID, WRAPPED), pieces
    swapped = (Stretch(0, two.size, two.key), Stretch(two.size, one.size, one.key), three)
    for changed in (swapped, (one, three), (two, three), (one, Stretch(two.start, two.size, three.key), three)):
        with pytest.raises((EvidenceDamaged, NoSuchObject)):
            list(vault.read(key, changed))


def test_a_store_that_is_away_says_so(tmp_path: Path) -> None:
    away = S3.from_address("s3://b?endpoint=http://127.0.0.1:1", key_id="i", secret="s", spool=tmp_path)
    with pytest.raises(StoreAway, match="unreachable"):
        away.put(new_key(), [b"x"])
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with pytest.raises(StoreAway, match="errno"):
        Folder(blocked).put(new_key(), [b"x"])


def test_requests_are_signed_as_the_published_example_says() -> None:
    """From the documentation of Signature Version 4: GET with a range, keys and signature as printed there."""
    who = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    _url, headers = signed(
        who,
        "GET",
        "https://examplebucket.s3.amazonaws.com/test.txt",
        query={},
        headers={"range": "bytes=0-9"},
        sha256=nothing,
        now=dt.datetime(2013, 5, 24, tzinfo=dt.UTC),
    )
    assert headers["authorization"].endswith("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")


WRAPPED = Vault(Folder(Path("unused")), b"m" * 32).new_wrapped_key(ID)
_WRITTEN: dict[int, tuple[Vault, tuple[Stretch, ...], bytes]] = {}


def written(store: EvidenceStore) -> tuple[Vault, tuple[Stretch, ...], bytes]:
    """A file of three stretches, whose borders are not those of frames."""
    if id(store) not in _WRITTEN:
        vault, data = Vault(store, b"m" * 32), os.urandom(2 * FRAME + 5000)
        key, at, pieces = vault.file_key(ID, WRAPPED), 0, []
        for end in (1000, FRAME + 1500, len(data)):
            sealing = vault.begin_stretch(key, start=at)
            for begin in range(at, end, FRAME):
                sealing.add(data[begin : min(begin + FRAME, end)])
            pieces.append(Stretch(at, sealing.finish(), sealing.key))
            at = end
        _WRITTEN[id(store)] = vault, tuple(pieces), data
    return _WRITTEN[id(store)]

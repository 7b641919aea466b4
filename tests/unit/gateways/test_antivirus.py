"""The scanner is asked in its own protocol, and never waited for longer than agreed (engineering 13)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from contact.gateways.antivirus import Clamd, Verdict
from contact.gateways.failures import TryLater
from tests.support.evidence import EICAR, FakeClamd, document, in_chunks, packed


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[FakeClamd]:
    """A scanner at the network's edge."""
    with FakeClamd(str(tmp_path / "clamd.sock"), most=1_000_000) as fake:
        yield fake


@pytest.mark.parametrize("data", [EICAR, packed({"a.txt": EICAR}), document(**{"word/media/a.bin": EICAR})])
def test_malware_is_found_also_in_a_zip_and_in_a_document(clamd: FakeClamd, data: bytes) -> None:
    assert Clamd(clamd.path).scan(in_chunks(data, 7)) is Verdict.INFECTED


def test_a_clean_file_is_sent_whole(clamd: FakeClamd) -> None:
    assert Clamd(clamd.path).scan(in_chunks(bytes(900_000))) is Verdict.CLEAN
    assert clamd.seen == [900_000]


def test_a_stream_too_long_for_it_is_not_called_clean(clamd: FakeClamd) -> None:
    assert Clamd(clamd.path).scan(in_chunks(bytes(5_000_000))) is Verdict.TOO_LONG


def test_a_scanner_that_never_answers_is_left_in_time(tmp_path: Path) -> None:
    with FakeClamd(str(tmp_path / "silent.sock"), silent=True) as silent:
        began = time.monotonic()
        with pytest.raises(TryLater, match="out_of_time"):
            Clamd(silent.path, limit_s=0.3).scan(in_chunks(b"words"))
        assert time.monotonic() - began < 5


def test_a_scanner_that_is_not_there_is_asked_later(tmp_path: Path) -> None:
    with pytest.raises(TryLater, match="away"):
        Clamd(str(tmp_path / "none.sock")).scan([b"x"])
    with pytest.raises(TryLater, match="away"):
        Clamd("127.0.0.1:1").scan([b"x"])

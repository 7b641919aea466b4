"""Both backends as the web uses them: many greenlets at once, frame by frame, in a process that gevent has patched."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
from gevent import monkey
monkey.patch_all()
import os, sys
from pathlib import Path
from uuid import UUID
import gevent
from contact.gateways.evidence.folder import Folder
from contact.gateways.evidence.s3 import S3
from contact.gateways.evidence.vault import Stretch, Vault
from contact.services.apart import apart

place, spool = sys.argv[1], Path(sys.argv[2])
store = S3.from_address(place, key_id="id", secret="secret", spool=spool) if place.startswith("s3:") else Folder(spool)
vault = Vault(store, b"m" * 32)

def one(number):
    data, whose = os.urandom(2_500_000), UUID(int=number)
    key = vault.file_key(whose, vault.new_wrapped_key(whose))
    sealing = apart(lambda: vault.begin_stretch(key, start=0), blocks=store.blocks)
    for at in range(0, len(data), 1 << 20):
        apart(lambda: sealing.add(data[at : at + (1 << 20)]), blocks=store.blocks)
    size = apart(sealing.finish, blocks=store.blocks)
    frames, got = vault.read(key, [Stretch(0, size, sealing.key)]), b""
    while (frame := apart(lambda: next(frames, None), blocks=store.blocks)) is not None:
        got += frame
        gevent.sleep(0)
    return got == data

done = [gevent.spawn(one, number) for number in range(12)]
gevent.joinall(done, raise_error=True)
print(sum(each.value for each in done))
"""


@pytest.mark.parametrize("backend", ["folder", "s3"])
def test_twelve_at_once(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    place = request.getfixturevalue("s3_address") if backend == "s3" else "folder"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, place, str(tmp_path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.strip() == "12", done.stderr

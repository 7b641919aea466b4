"""Fixture: `s3_address`, a bucket in moto, at the network's edge."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from moto.server import ThreadedMotoServer


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    """A bucket in moto."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    requests.put(f"{endpoint}/evidence", timeout=10).raise_for_status()
    yield f"s3://evidence/contact?endpoint={endpoint}&region=eu-west-2"
    server.stop()

"""AWS Signature Version 4, the part that an object store needs."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks, and the region that the service says it is in."""

    key_id: str
    secret: str
    region: str


def signed(
    credentials: Credentials,
    method: str,
    address: str,
    *,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    sha256: str,
    now: dt.datetime,
) -> tuple[str, dict[str, str]]:
    """The address with its query, and all headers to send. `sha256` is the body's; header names in small letters."""
    stamp = now.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    parts = urlsplit(address)
    line = "&".join(f"{_q(name)}={_q(value)}" for name, value in sorted(query.items()))
    sent = {**headers, "host": parts.netloc, "x-amz-content-sha256": sha256, "x-amz-date": stamp}
    names = ";".join(sorted(sent))
    written = "".join(f"{name}:{sent[name].strip()}\n" for name in sorted(sent))
    request = "\n".join((method, parts.path or "/", line, written, names, sha256))
    scope = f"{stamp[:8]}/{credentials.region}/s3/aws4_request"
    to_sign = "\n".join(("AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()))
    key = f"AWS4{credentials.secret}".encode()
    for part in (*scope.split("/"), to_sign):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    allowed = f"AWS4-HMAC-SHA256 Credential={credentials.key_id}/{scope}, SignedHeaders={names}, Signature={key.hex()}"
    return f"{address}?{line}" if line else address, {**sent, "authorization": allowed}


def _q(value: str) -> str:
    return quote(value, safe="-_.~")

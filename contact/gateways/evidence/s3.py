"""Evidence in an S3-compatible service, over plain HTTPS; requests are signed as in AWS Signature Version 4."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl, quote, urlsplit
from xml.etree import ElementTree

import requests

from contact.gateways.evidence.signing import Credentials, signed
from contact.gateways.evidence.store import KEY, NoSuchObject, StoreAway, checked_key, put_all

_TIMES_S = (5, 60)
_READ_BYTES = 1 << 20
_EMPTY = hashlib.sha256(b"").hexdigest()


def _system_clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class S3:
    """Objects in one bucket, under one prefix."""

    blocks = False

    def __init__(
        self,
        *,
        endpoint: str,
        bucket: str,
        prefix: str,
        credentials: Credentials,
        spool: Path,
        clock: Callable[[], dt.datetime] = _system_clock,
    ) -> None:
        self._base = f"{endpoint.rstrip('/')}/{quote(bucket)}"
        self._prefix = prefix
        self._credentials = credentials
        self._spool = spool
        self._clock = clock
        self._http = requests.Session()
        self._http.trust_env = False

    @classmethod
    def from_address(cls, address: str, *, key_id: str, secret: str, spool: Path) -> S3:
        """From s3://bucket/prefix?endpoint=https://…&region=…. Sealed pieces wait in `spool` until they are whole."""
        parts = urlsplit(address)
        given = dict(parse_qsl(parts.query))
        prefix = parts.path.strip("/")
        return cls(
            endpoint=given["endpoint"],
            bucket=parts.netloc,
            prefix=f"{prefix}/" if prefix else "",
            credentials=Credentials(key_id, secret, given.get("region", "us-east-1")),
            spool=spool,
        )

    def begin(self, key: str) -> _Object:
        """Begin a new object: it is sent in one request once it is whole, so that half of one is never there."""
        self._spool.mkdir(parents=True, exist_ok=True)
        return _Object(self, checked_key(key), tempfile.TemporaryFile(dir=self._spool))

    def put(self, key: str, chunks: Iterable[bytes]) -> int:
        """Write a whole object."""
        return put_all(self, key, chunks)

    def open(self, key: str, offset: int = 0) -> Iterator[bytes]:
        """Read it from `offset` on."""
        ranged = {"range": f"bytes={offset}-"} if offset else {}
        with self.ask("GET", self._prefix + checked_key(key), headers=ranged, stream=True) as answer:
            try:
                yield from answer.iter_content(_READ_BYTES)
            except requests.RequestException as error:
                raise StoreAway("broken_off") from error

    def delete(self, key: str) -> None:
        """Remove it."""
        self.ask("DELETE", self._prefix + checked_key(key)).close()

    def list_keys(self, older_than: dt.datetime) -> Iterator[str]:
        """Every object below the prefix; a thousand an answer."""
        query = {"list-type": "2", "prefix": self._prefix}
        while True:
            with self.ask("GET", "", query=query) as answer:
                page = ElementTree.fromstring(answer.content)  # noqa: S314 - the answer of our own store
            space = page.tag.partition("}")[0] + "}" if page.tag.startswith("{") else ""
            for each in page.iterfind(f"{space}Contents"):
                name = (each.findtext(f"{space}Key") or "").removeprefix(self._prefix)
                written = dt.datetime.fromisoformat(each.findtext(f"{space}LastModified") or "")
                if KEY.fullmatch(name) and written < older_than:
                    yield name
            token = page.findtext(f"{space}NextContinuationToken")
            if not token:
                return
            query["continuation-token"] = token

    def send(self, key: str, body: IO[bytes], *, size: int, sha256: str) -> None:
        """PUT a whole object. The service has it durably when it answers."""
        headers = {"content-length": str(size)}
        self.ask("PUT", self._prefix + key, headers=headers, body=body, sha256=sha256).close()

    def ask(
        self,
        method: str,
        name: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: IO[bytes] | None = None,
        sha256: str = _EMPTY,
        stream: bool = False,
    ) -> requests.Response:
        """One signed request. Raises NoSuchObject, StoreAway."""
        url, all_headers = signed(
            self._credentials,
            method,
            f"{self._base}/{quote(name)}",
            query=query or {},
            headers=headers or {},
            sha256=sha256,
            now=self._clock(),
        )
        try:
            answer = self._http.request(
                method, url, headers=all_headers, data=body, timeout=_TIMES_S, stream=stream, allow_redirects=False
            )
        except requests.RequestException as error:
            raise StoreAway("unreachable") from error
        if answer.status_code == 404 and name:
            answer.close()
            if method == "DELETE":
                return answer
            raise NoSuchObject
        if not answer.ok or answer.is_redirect:
            answer.close()
            raise StoreAway(f"http_{answer.status_code}")
        return answer


class _Object:
    """Sealed bytes on their way: kept in an unnamed file here until they are whole."""

    def __init__(self, store: S3, key: str, spooled: IO[bytes]) -> None:
        self._store = store
        self._key = key
        self._spooled = spooled
        self._sum = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> None:
        """Add to it."""
        try:
            self._spooled.write(data)
        except (OSError, ValueError) as error:
            raise StoreAway("spool") from error
        self._sum.update(data)
        self._size += len(data)

    def finish(self) -> int:
        """Send it."""
        try:
            self._spooled.seek(0)
        except (OSError, ValueError) as error:
            raise StoreAway("spool") from error
        self._store.send(self._key, self._spooled, size=self._size, sha256=self._sum.hexdigest())
        self._spooled.close()
        return self._size

    def abandon(self) -> None:
        """The unnamed file goes with its descriptor."""
        self._spooled.close()

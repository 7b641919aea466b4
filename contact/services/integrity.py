"""`audit verify`: every chain is recomputed here, not by the database, and compared with heads signed outside it."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from contact.store import audit

HEADS_FILE = "chain-heads.jsonl"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A chain's head at a moment, signed with a key that is not in the database (engineering 3)."""

    chain: str
    seq: int
    hash: str
    at: str
    signature: str

    @classmethod
    def of(cls, head: audit.Head, *, at: dt.datetime, key: bytes) -> SignedHead:
        """Sign a head."""
        when = at.astimezone(dt.UTC).isoformat(timespec="seconds")
        return cls(
            head.chain, head.seq, head.hash.hex(), when, _signature(head.chain, head.seq, head.hash.hex(), when, key)
        )

    def to_json(self) -> str:
        """One line for the log and the file."""
        return json.dumps(
            {"chain": self.chain, "seq": self.seq, "hash": self.hash, "at": self.at, "signature": self.signature}
        )

    def genuine(self, key: bytes) -> bool:
        """Whether the signature is ours."""
        expected = _signature(self.chain, self.seq, self.hash, self.at, key)
        return hmac.compare_digest(expected, self.signature)


def _signature(chain: str, seq: int, digest: str, at: str, key: bytes) -> str:
    return hmac.new(key, f"{chain}\n{seq}\n{digest}\n{at}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a chain. `kind`: gap, changed, broken, head, missing_tail, replaced, forged_head."""

    chain: str
    seq: int
    kind: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many events of how many chains were checked, against how many signed heads, and every fault found."""

    events: int
    chains: int
    signed_heads: int
    faults: tuple[Fault, ...]


def sign_heads(session: Session, *, key: bytes, now: dt.datetime) -> list[SignedHead]:
    """Sign every chain's present head."""
    return [SignedHead.of(head, at=now, key=key) for head in audit.chain_heads(session)]


def keep_heads(heads: Iterable[SignedHead], *, home: Path) -> None:
    """Append signed heads to the file in CONTACT_HOME, readable by its owner alone."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / HEADS_FILE
    path.touch(mode=0o600, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(head.to_json() + "\n" for head in heads)


def read_heads(home: Path) -> list[SignedHead]:
    """The signed heads kept in CONTACT_HOME; a torn last line is passed over."""
    path = home / HEADS_FILE
    if not path.exists():
        return []
    found = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(_head(json.loads(text)))
        except (json.JSONDecodeError, KeyError, TypeError, ValueError):
            continue
    return found


def _head(data: Mapping[str, Any]) -> SignedHead:
    return SignedHead(str(data["chain"]), int(data["seq"]), str(data["hash"]), str(data["at"]), str(data["signature"]))


def verify(session: Session, *, key: bytes, signed: Iterable[SignedHead]) -> Verdict:
    """Recompute every chain; the session speaks for the system. Answers a verdict, raises nothing for a bad chain."""
    known = list(signed)
    faults = [Fault(head.chain, head.seq, "forged_head") for head in known if not head.genuine(key)]
    wanted: dict[str, dict[int, str]] = {}
    for head in known:
        if head.genuine(key):
            wanted.setdefault(head.chain, {})[head.seq] = head.hash
    heads = {head.chain: head for head in audit.chain_heads(session)}
    events = 0
    for chain in sorted(set(heads) | set(wanted)):
        count, found = _verify_chain(session, chain, heads.get(chain), wanted.get(chain, {}))
        events += count
        faults.extend(found)
    return Verdict(events, len(heads), len(known), tuple(faults))


def _verify_chain(
    session: Session, chain: str, head: audit.Head | None, wanted: Mapping[int, str]
) -> tuple[int, list[Fault]]:
    faults: list[Fault] = []
    previous = hashlib.sha256(f"chain {chain}".encode()).digest()
    seq = 0
    for line in audit.lines(session, chain=chain):
        seq += 1
        if line.seq != seq:
            faults.append(Fault(chain, seq, "gap"))
            seq = line.seq
        if line.prev_hash != previous:
            faults.append(Fault(chain, line.seq, "broken"))
        if _digest(line) != line.hash:
            faults.append(Fault(chain, line.seq, "changed"))
        if line.seq in wanted and wanted[line.seq] != line.hash.hex():
            faults.append(Fault(chain, line.seq, "replaced"))
        previous = line.hash
    if head is None or head.seq != seq or head.hash != previous:
        faults.append(Fault(chain, seq, "head"))
    last_signed = max(wanted, default=0)
    if last_signed > seq:
        faults.append(Fault(chain, last_signed, "missing_tail"))
    return seq, faults


def _digest(line: audit.Line) -> bytes:
    """The hash of an event by version 1 of the serialisation, built here from the columns alone."""
    parts = (
        f"v{line.version}",
        line.chain,
        str(line.seq),
        str(line.id),
        line.name,
        line.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        line.actor_kind,
        str(line.agent_id) if line.agent_id else "-",
        str(line.contact_id) if line.contact_id else "-",
        line.force_id or "-",
        line.data_text,
    )
    return hashlib.sha256(line.prev_hash + "\n".join(parts).encode()).digest()

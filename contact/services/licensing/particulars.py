"""The holder as an application describes them, as the register writes it; keys are brought in line by its moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from contact.store.certificates import Certificate

Answers = Mapping[str, Any]


def holder(certificate: Certificate, answers: Answers) -> None:
    """Write down the holder whom a new or renewed certificate is for; what was not answered stays."""
    _name(certificate, answers.get("reporterName") or {})
    born = answers.get("dateOfBirth")
    certificate.born = dt.date.fromisoformat(str(born)) if born else certificate.born
    certificate.address, certificate.postcode = address(answers.get("homeAddress") or {})
    certificate.phone_e164 = str(answers["phone"]) if answers.get("phone") else certificate.phone_e164
    certificate.email = str(answers["email"]) if answers.get("email") else certificate.email


def changed(certificate: Certificate, answers: Answers) -> None:
    """Write down the new name or address of a holder who told of one."""
    told = answers.get("changeOf") or []
    name, home = answers.get("newName"), answers.get("newAddress")
    if "name" in told and isinstance(name, Mapping):
        _name(certificate, name)
    if "address" in told and isinstance(home, Mapping):
        certificate.address, certificate.postcode = address(home)


def _name(certificate: Certificate, name: Mapping[str, Any]) -> None:
    certificate.given_name, certificate.surname = str(name.get("given") or ""), str(name.get("surname") or "")


def address(given: Mapping[str, Any]) -> tuple[str, str]:
    """An address as the register holds it: lines, and the postcode apart."""
    lines = [str(given.get(part) or "").strip() for part in ("line1", "line2", "town")]
    return "\n".join(line for line in lines if line), str(given.get("postcode") or "")


def premises(answers: Answers) -> list[dict[str, str]]:
    """Each place a dealer names: name, address, postcode and how guns are kept there, empty where nothing was said."""
    rows = answers.get("premises")
    named = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return [{part: str(row.get(part) or "") for part in ("name", "address", "postcode", "security")} for row in named]

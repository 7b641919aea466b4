"""What an application asks for, read from the answers of its form: kind, licence, certificate, numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contact.domain.licensing.kinds import Kind, Licence


@dataclass(frozen=True, slots=True)
class Asked:
    """`shotgun_kind` only for a coterminous pair; `expires` the earliest expiry of what is renewed (London date)."""

    kind: Kind
    licence: Licence
    shotgun_kind: Kind | None = None
    certificate_number: str | None = None
    expires: dt.date | None = None
    group_size: int | None = None
    number_rises: bool | None = None


Answers = Mapping[str, Any]


def asked(form_id: str, answers: Answers) -> Asked:
    """What the form's answers ask for. Raises KeyError for a form that is no application."""
    return _READERS[form_id](answers)


def _certificate(answers: Answers) -> Asked:
    licence = Licence(answers["licences"])
    firearm, shotgun = answers.get("firearmKind"), answers.get("shotgunKind")
    both = licence is Licence.COTERMINOUS
    kind = Kind(str(shotgun if licence is Licence.SHOTGUN else firearm))
    numbers = [answers.get("firearmCertificateNumber"), answers.get("shotgunCertificateNumber")]
    expiries = [day for day in map(_day, (answers.get("firearmExpiry"), answers.get("shotgunExpiry"))) if day]
    return Asked(
        kind=kind,
        licence=licence,
        shotgun_kind=Kind(str(shotgun)) if both else None,
        certificate_number=next((str(number) for number in numbers if number), None),
        expires=min(expiries, default=None),
    )


def _variation(answers: Answers) -> Asked:
    return Asked(
        kind=Kind.VARIATION,
        licence=Licence.FIREARM,
        certificate_number=_text(answers, "certificateNumber"),
        expires=_day(answers.get("certificateExpiry")),
        number_rises=answers.get("variationKind") == "more",
    )


def _of_type(kind: Kind) -> Callable[[Answers], Asked]:
    def read(answers: Answers) -> Asked:
        licence = Licence(answers.get("certificateType") or Licence.FIREARM.value)
        return Asked(kind=kind, licence=licence, certificate_number=_text(answers, "certificateNumber"))

    return read


def _notice(kind: Kind) -> Callable[[Answers], Asked]:
    def read(answers: Answers) -> Asked:
        return Asked(kind=kind, licence=Licence.NONE, certificate_number=_text(answers, "certificateNumber"))

    return read


def _visitor(answers: Answers) -> Asked:
    wanted = str(answers.get("visitorLicence") or "both")
    licence = Licence.VISITOR_BOTH if wanted == "both" else Licence(wanted)
    size = answers.get("groupSize")
    return Asked(kind=Kind.VISITOR_PERMIT, licence=licence, group_size=int(size) if size else 1)


def _dealer(answers: Answers) -> Asked:
    return Asked(
        kind=Kind.DEALER,
        licence=Licence.DEALER,
        certificate_number=_text(answers, "dealerNumber"),
        expires=_day(answers.get("dealerExpiry")),
    )


def _text(answers: Answers, question_id: str) -> str | None:
    return str(answers.get(question_id) or "").strip() or None


def _day(value: object) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None


_READERS: Mapping[str, Callable[[Answers], Asked]] = {
    "firearms-certificate": _certificate,
    "firearms-variation": _variation,
    "firearms-replacement": _of_type(Kind.REPLACEMENT),
    "firearms-change": _of_type(Kind.CHANGE),
    "firearms-visitor": _visitor,
    "firearms-transfer": _notice(Kind.TRANSFER_NOTICE),
    "firearms-surrender": _notice(Kind.SURRENDER),
    "firearms-dealer": _dealer,
}
FORMS = frozenset(_READERS)
"""The forms whose submission is an application."""

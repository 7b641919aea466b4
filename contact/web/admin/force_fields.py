"""What an administrator types about a force: hours, telephone numbers, papers; read back with what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from contact.domain.clocks import WEEKDAYS, Hours
from contact.store.alarms import Number
from contact.store.go_live import ForceGoLive
from forms.phone import to_e164

DAY_NAMES = dict(
    zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)
ROWS = 5
Errors = list[dict[str, str]]


def _wrong(text: str, name: str) -> dict[str, str]:
    return {"text": text, "href": f"#{name}"}


@dataclass(frozen=True, slots=True)
class HoursTyped:
    """A week as it was typed: one window a day; `hours` is None while something is wrong."""

    always: bool = False
    week: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    usual_on_holidays: bool = False
    hours: Hours | None = None
    errors: Errors = field(default_factory=list)

    @classmethod
    def of(cls, form: Mapping[str, str]) -> HoursTyped:
        """Read the form."""
        always, usual = form.get("always") == "yes", form.get("holidays") == "usual"
        week = {day: (form.get(f"{day}-opens", "").strip(), form.get(f"{day}-closes", "").strip()) for day in WEEKDAYS}
        given: dict[str, object] = {"always": True} if always else {"bank_holidays": None if usual else []}
        if not always:
            given |= {day: [list(window)] for day, window in week.items() if any(window)}
        try:
            hours, errors = Hours.from_json(given), []
        except (ValueError, TypeError):
            words = "Enter opening and closing times like 09:00 and 17:00, or choose round the clock"
            hours, errors = None, [_wrong(words, "mon-opens")]
        return cls(always, week, usual, hours, errors)

    @classmethod
    def stored(cls, hours: Hours | None) -> HoursTyped:
        """What stands now, for the form's boxes."""
        if hours is None:
            return cls()
        week = {
            day: (windows[0][0].strftime("%H:%M"), windows[0][1].strftime("%H:%M"))
            for day, windows in hours.week.items()
        }
        return cls(hours.always, week, hours.bank_holidays is None, hours)

    @property
    def days(self) -> list[tuple[str, str, str, str]]:
        """(code, name, opens, closes) of each day."""
        return [(day, name, *self.week.get(day, ("", ""))) for day, name in DAY_NAMES.items()]


@dataclass(frozen=True, slots=True)
class NumbersTyped:
    """Up to five people or desks, in the order they are rung."""

    rows: Sequence[tuple[str, str]]
    numbers: Sequence[tuple[str, str]] = ()
    errors: Errors = field(default_factory=list)

    @classmethod
    def of(cls, form: Mapping[str, str]) -> NumbersTyped:
        """Read the form."""
        rows = [
            (form.get(f"label-{row}", "").strip()[:80], form.get(f"number-{row}", "").strip()[:40])
            for row in range(1, ROWS + 1)
        ]
        numbers: list[tuple[str, str]] = []
        errors: Errors = []
        for row, (label, typed) in enumerate(rows, start=1):
            number = to_e164(typed) if typed else None
            if number and label:
                numbers.append((label, number))
            elif typed and not number:
                errors.append(_wrong("Enter a telephone number, like 01632 960201", f"number-{row}"))
            elif label or typed:
                errors.append(_wrong("Say whose number it is, and give the number", f"label-{row}"))
        if not numbers and not errors:
            errors.append(_wrong("Enter at least one number", "label-1"))
        return cls(rows, numbers, errors)

    @classmethod
    def stored(cls, numbers: Sequence[Number]) -> NumbersTyped:
        """What stands now."""
        return cls([(each.label, each.number) for each in numbers])

    @property
    def error(self) -> bool:
        """Whether something is wrong."""
        return bool(self.errors)

    @property
    def shown(self) -> list[tuple[int, str, str]]:
        """(row, label, number) of each row of the form."""
        padded = [*self.rows, *[("", "")] * ROWS][: max(ROWS, len(self.rows))]
        return [(row, label, number) for row, (label, number) in enumerate(padded, start=1)]


def _is_public(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # such as a bracket that is never closed
        return False
    return parts.scheme == "https" and bool(parts.hostname) and address.isprintable() and " " not in address


@dataclass(frozen=True, slots=True)
class PapersTyped:
    """Privacy notice and impact assessment."""

    privacy_notice_url: str = ""
    dpia_reference: str = ""
    errors: Errors = field(default_factory=list)

    @classmethod
    def of(cls, form: Mapping[str, str]) -> PapersTyped:
        """Read the form."""
        address = form.get("privacy_notice_url", "").strip()[:400]
        reference = " ".join(form.get("dpia_reference", "").split())[:80]
        errors = (
            []
            if not address or _is_public(address)
            else [_wrong("Enter an address that begins with https://", "privacy_notice_url")]
        )
        return cls(address, reference, errors)

    @classmethod
    def stored(cls, shown: ForceGoLive | None) -> PapersTyped:
        """What stands now."""
        return cls() if shown is None else cls(shown.privacy_notice_url or "", shown.dpia_reference or "")

    @property
    def error(self) -> bool:
        """Whether something is wrong."""
        return bool(self.errors)

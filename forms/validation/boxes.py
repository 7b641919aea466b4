"""The boxes of a question: their names, and what stands in them for a stored value."""

from __future__ import annotations

from forms.parts import IN_ROWS, Question, QuestionType, SafeWay
from forms.rules import Value
from forms.validation.dates import DATE_PARTS
from forms.validation.places import ADDRESS_PARTS, point_boxes
from forms.validation.rows import boxes_of, row_parts

Q = QuestionType
_MOMENT = (*DATE_PARTS, "time")
_PARTS: dict[QuestionType, tuple[str, ...]] = {
    Q.DATE: DATE_PARTS,
    Q.WHEN: ("kind", *_MOMENT, *(f"end-{part}" for part in _MOMENT)),
    Q.NAME: ("given", "surname"),
    Q.PLACE: ("postcode", "address", "description"),
    Q.ADDRESS: ADDRESS_PARTS,
    Q.POINT: ("lat", "lon"),
}
# Where the message's link goes when the whole question is at fault.
_FIRST_PARTS = {
    Q.DATE: "day",
    Q.WHEN: "kind",
    Q.NAME: "given",
    Q.PLACE: "postcode",
    Q.SAFE_CONTACT: "how",
    Q.ADDRESS: "line1",
    Q.POINT: "lat",
}


def first_part(question: Question) -> str:
    """The box that a message about the whole question leads to; "" where it has one box only."""
    if question.type in IN_ROWS:
        return f"0-{next(row_parts(question))}"
    return _FIRST_PARTS.get(question.type, "")


def field_names(question: Question, rows: int = 1) -> tuple[str, ...]:
    """Every form field name of the question, in order; ``rows`` counts the rows shown of repeated rows."""
    parts = _PARTS.get(question.type, ())
    if question.type is Q.SAFE_CONTACT:
        ways = tuple(str(way) for way in question.ways if way not in (SafeWay.ONLINE, SafeWay.NONE))
        parts = ("how", *ways, "when", *(("safe_word",) if question.safe_word else ()))
    elif question.type in IN_ROWS:
        parts = tuple(f"{number}-{part}" for number in range(rows) for part in row_parts(question))
    return tuple(f"{question.id}-{part}" for part in parts) or (question.id,)


def raw_from_value(question: Question, value: Value) -> dict[str, list[str]]:
    """The form fields that show a stored value again; ``validate`` of them gives the same value."""
    if value in (None, "", [], {}):
        return {}
    if question.type is Q.CHOICES:
        return {question.id: list(value)}
    parts: dict[str, str] = {}
    match question.type:
        case Q.DATE:
            parts = _date_parts(value, "")
        case Q.WHEN:
            parts = {"kind": value["kind"], "time": value.get("time", ""), "end-time": value.get("end_time", "")}
            parts |= _date_parts(value.get("date"), "") | _date_parts(value.get("end_date"), "end-")
        case Q.NAME | Q.PLACE | Q.ADDRESS:
            parts = dict(value)
        case Q.SAFE_CONTACT:
            parts = {
                "how": value["how"],
                value["how"]: value["value"],
                "when": value["when"],
                "safe_word": value["safe_word"],
            }
        case Q.POINT:
            parts = point_boxes(value)
        case kind if kind in IN_ROWS:
            parts = boxes_of(question, value)
        case _:
            return {question.id: [str(value)]}
    return {f"{question.id}-{part}": [text] for part, text in parts.items() if text}


def _date_parts(iso: str | None, before: str) -> dict[str, str]:
    if not iso:
        return {}
    year, month, day = iso.split("-")
    return {f"{before}day": str(int(day)), f"{before}month": str(int(month)), f"{before}year": year}

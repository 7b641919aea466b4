"""The demonstration's telephones: calls to answer, and a handset that texts us, with trouble to order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.demo.pages import room
from contact.demo.phone import Phone, Received, StandInAway, Texted
from contact.demo.seed import PEOPLE
from contact.settings import Settings
from contact.store import forces, text_numbers
from contact.web.shared import database
from contact.web.shared.access import public

_FIRST = "+447700900123"
_DRAMA = re.compile(r"\+447700900[0-9]{3}")
"""Numbers that Ofcom keeps for drama: nobody's telephone can ring by mistake."""
_NAMES = (
    ("+447700900123", "Rhian's phone"),
    ("+447700900456", "Kwame's phone"),
    ("+447700900789", "Somebody else's phone"),
)
TROUBLE: dict[str, tuple[str, dict[str, str | int | float]]] = {
    "in-ten": ("My next text arrives ten times at once", {"on": "inbound", "kind": "duplicate"}),
    "in-late": ("My next text arrives after the one that follows it", {"on": "inbound", "kind": "reorder"}),
    "in-slow": ("My next text takes ten seconds", {"on": "inbound", "kind": "delay", "seconds": 10.0}),
    "accepts": (
        "The company takes their next text and never says so",
        {"on": "texts", "kind": "hang_after", "seconds": 9.0},
    ),
    "busy": ("The company is busy, three times (429)", {"on": "texts", "kind": "busy", "times": 3}),
    "fails": ("The company fails, three times (500)", {"on": "texts", "kind": "fail", "times": 3}),
    "stopped": ("The company refuses: I sent STOP (21610)", {"on": "texts", "kind": "refuse", "code": 21610}),
    "away": ("My phone cannot be reached (30003)", {"on": "delivery", "kind": "lose", "code": 30003}),
    "blocked": ("My network blocks their next text (30004)", {"on": "delivery", "kind": "lose", "code": 30004}),
    "reports-ten": ("The next report comes ten times", {"on": "callbacks", "kind": "duplicate"}),
    "reports-late": ("The next two reports come in the wrong order", {"on": "callbacks", "kind": "reorder"}),
}
"""What can be made to go wrong, in the words of whoever holds the handset, and as the stand-in takes it."""


@dataclass(frozen=True, slots=True)
class Handset:
    """Whose phone it is, whom it texts (a number and its name in the phone), and what was said, oldest first."""

    theirs: str
    ours: str
    with_whom: str
    lines: Sequence[Texted]


def _settings() -> Settings:
    settings: Settings = current_app.config["CONTACT_SETTINGS"]
    return settings


@room.get("/phone")
@public
def phone() -> ResponseReturnValue:
    """A handset to text with, and every call and text, newest first."""
    away = False
    try:
        found = Phone(_settings()).received()
    except StandInAway:
        found, away = Received([], [], []), True
    numbers = _our_numbers()
    theirs = _theirs(request.args.get("mine", ""))
    ours = request.args.get("ours", "")
    ours = ours if ours in dict(numbers) else _at_home(numbers)
    lines = [text for text in reversed(found.texts) if text.theirs == theirs and _between(text) == ours]
    return render_template(
        "demo/phone.html",
        calls=found.calls,
        texts=[text for text in found.texts if not text.mine],
        trouble=[(_words_of(on, kind), times) for on, kind, times in found.trouble],
        handset=Handset(theirs, ours, dict(numbers)[ours], lines),
        public_url=_settings().public_url,
        numbers=numbers,
        owners=_owners(found, theirs),
        troubles={key: words for key, (words, _) in TROUBLE.items()},
        away=away,
        late="late" in request.args,
        wrong=request.args.get("wrong", ""),
    )


@room.post("/phone/text")
@public
def text_us() -> ResponseReturnValue:
    """Send what was typed, with a file where one was chosen."""
    theirs, ours = request.form.get("mine", ""), request.form.get("ours", "")
    file = request.files.get("file")
    content = file.read() if file is not None and file.filename else b""
    body = request.form.get("body", "")
    if not _DRAMA.fullmatch(theirs) or ours not in dict(_our_numbers()) or not (body.strip() or content):
        return _back(theirs, ours, wrong="text")
    chosen = (str(file.filename), content, file.mimetype or "image/jpeg") if file is not None and content else None
    try:
        sent = Phone(_settings()).text(theirs=theirs, ours=ours, body=body[:1600], file=chosen)
    except StandInAway:
        sent = False
    return _back(theirs, ours, wrong="" if sent else "away")


@room.post("/phone/trouble")
@public
def trouble() -> ResponseReturnValue:
    """Order trouble, or take back what was ordered."""
    theirs, ours = request.form.get("mine", ""), request.form.get("ours", "")
    chosen = TROUBLE.get(request.form.get("trouble", ""))
    given = Phone(_settings())
    try:
        done = given.order(**chosen[1]) if chosen else given.forget_trouble()
    except StandInAway:
        done = False
    return _back(theirs, ours, wrong="" if done else "away")


@room.post("/phone/<sid>/answer")
@public
def answer(sid: str) -> ResponseReturnValue:
    """Pick up, and press the key that was chosen, or none."""
    return _acted(lambda given: given.answer(sid, digits=_digits()))


@room.post("/phone/<sid>/press")
@public
def press(sid: str) -> ResponseReturnValue:
    """Press a key in a call that runs."""
    return _acted(lambda given: given.press(sid, digits=_digits()))


def _digits() -> str:
    digits = request.form.get("digits", "")
    return digits if digits.isascii() and digits.isdigit() and len(digits) == 1 else ""


def _acted(act: Callable[[Phone], bool]) -> ResponseReturnValue:
    try:
        done = act(Phone(_settings()))
    except StandInAway:
        done = False
    return redirect(url_for("demo.phone") if done else url_for("demo.phone", late=1), 303)


def _back(theirs: str, ours: str, *, wrong: str) -> ResponseReturnValue:
    return redirect(url_for("demo.phone", mine=theirs, ours=ours, wrong=wrong or None, _anchor="newest"), 303)


def _theirs(typed: str) -> str:
    """A number of the handset: one that was chosen, or three last digits of an invented one."""
    plain = re.sub(r"[^+0-9]", "", typed)
    if plain.startswith("07700900"):
        plain = "+44" + plain[1:]
    return plain if _DRAMA.fullmatch(plain) else _FIRST


def _our_numbers() -> list[tuple[str, str]]:
    """(number, whose it is) of every number that can be texted."""
    rows = text_numbers.named_numbers(database.session()())
    return rows or [(_settings().twilio_from, "")]


def _at_home(numbers: Sequence[tuple[str, str]]) -> str:
    """The number of the force that the demonstration's people work for, else the first one."""
    home = _home()
    return next((number for number, name in numbers if name == home), numbers[0][0])


def _home() -> str:
    """The name of the force at whose desk the first of the demonstration's people sits."""
    (_, _, roles), *_ = PEOPLE
    force = forces.find(database.session()(), force_id=next(iter(roles)))
    return force.name if force else ""


def _between(text: Texted) -> str:
    return text.to if text.mine else text.sender


def _owners(found: Received, theirs: str) -> list[tuple[str, str]]:
    """Telephones to choose from: three that are always there, and any that was used."""
    known = dict(_NAMES)
    used = {text.theirs: "" for text in found.texts if text.mine} | {theirs: ""}
    return [*_NAMES, *((number, "") for number in sorted(used) if number not in known)]


def _words_of(on: str, kind: str) -> str:
    return next(
        (words for words, fault in TROUBLE.values() if (fault["on"], fault["kind"]) == (on, kind)), f"{on}: {kind}"
    )

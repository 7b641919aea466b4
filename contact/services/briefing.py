"""The block to read aloud or paste for whoever deploys: where, what, who, weapons, guns, injuries, safe contact."""

from __future__ import annotations

from contact.domain import reference
from contact.domain.taxonomy import Category, Flag, Grade
from contact.services import incident_clocks
from contact.services.contact_view import ContactView
from contact.services.licensing import holders
from forms import Role
from forms.phone import national_format

_NOT_SAID = "not said"
_NO_HOLDER = "No certificate found for the names and places given, in our copy of NFLMS"
_SHORT = 600
_LABEL = 30
_INJURIES = {
    "hurt_needs_help": "YES, needs medical help",
    "hurt_no_help_needed": "Yes, no medical help needed",
    "choked_or_strangled": "Pressure on the neck or breathing stopped: needs a medical check",
}


def lines(view: ContactView) -> list[tuple[str, str]]:
    """(label, words) in the order they are read out (practice 3). What was not said is said to be so."""
    contact = view.contact
    flags = set(contact.flags)
    registered = holders.in_one_line(view.holders)
    return [
        *([("Guns first", registered)] if registered else []),
        ("Reference", f"{contact.reference} ({reference.spell(contact.reference)})"),
        ("Grade", f"{Grade(contact.grade).label}, {Category(contact.category).label.lower()}"),
        ("Where", _where(view)),
        ("When", _or_told(_first(view, Role.WHEN), view, "time")),
        ("What", _what(view)),
        ("Who did it", _or_told(_all(view, Role.SUSPECT, Role.SUSPECTS), view, "person")),
        *_where_known("Vehicles", _all(view, Role.VEHICLES) or _told(view, "registration")),
        ("Who reports", _reporter(view)),
        ("Weapons", _weapons(view, flags)),
        ("Guns held", _guns(view, flags)),
        ("Injuries", _injuries(view)),
        ("Dangers", ", ".join(Flag(flag).label for flag in contact.flags) or "none said"),
        ("Safe contact", safe_contact(view)),
        *([("Last days", days)] if (days := incident_clocks.last_days(view)) else []),
    ]


def as_text(view: ContactView) -> str:
    """The block as plain text, a line each."""
    return "\n".join(f"{label.upper()}: {words}" for label, words in lines(view))


def safe_contact(view: ContactView) -> str:
    """How and when it is safe to reach the person, in one line."""
    safe = view.contact.safe_contact
    if view.contact.source_apart and safe.get("how") != "none":
        return "Source kept apart: only the intelligence unit makes contact"
    how = str(safe.get("how") or "online")
    if Flag.NO_SAFE_CONTACT in view.contact.flags and not safe.get("value"):
        how = "none"
    said = _told(view, "safe_contact")
    value = str(safe.get("value") or "")
    shown = national_format(value) if how in ("phone", "text") and value else value
    words = {
        "email": "Email",
        "phone": "Telephone, number withheld",
        "text": "Text message",
        "post": "Letter",
        "online": "Only online, in their chat" if view.talk else "Only online, on their progress page",
        "none": "DO NOT CONTACT",
    }[how]
    when = str(safe.get("when") or "")
    not_to = str(safe.get("not_to") or "")
    chosen = words + (f": {shown}" if shown else "") + (f". Safe: {when}" if when else "")
    chosen += f". DO NOT REVEAL TO: {not_to}" if not_to else ""
    return f"{chosen}. They said: {said}" if said else chosen


def _first(view: ContactView, role: Role) -> str:
    found = next((words for sent in view.sent if (words := sent.value_of(role))), "")
    return found[:_SHORT] or _NOT_SAID


def _all(view: ContactView, *roles: Role) -> str:
    found = (words for sent in view.sent for role in roles if (words := sent.value_of(role)))
    return "; ".join(found)[:_SHORT]


def _where_known(label: str, words: str) -> list[tuple[str, str]]:
    return [(label, words)] if words else []


def _told(view: ContactView, *kinds: str) -> str:
    """What the machine took from a conversation, of these kinds: the last first, as a correction is."""
    found = [fact.value or fact.words for kind in kinds for fact in reversed(view.facts) if fact.kind == kind]
    return "; ".join(dict.fromkeys(found))[:_SHORT]


def _or_told(words: str, view: ContactView, kind: str) -> str:
    return words if words not in ("", _NOT_SAID) else _told(view, kind) or _NOT_SAID


def _weapons(view: ContactView, flags: set[str]) -> str:
    told = _told(view, "weapon")
    return f"YES: {told}" if told else "YES" if Flag.WEAPON in flags else "none said"


def _where(view: ContactView) -> str:
    """The place, and beside it a point or three words that help to find it; never those alone."""
    if view.talk and not view.sent:
        return _told(view, "place", "postcode") or _NOT_SAID
    place = _first(view, Role.PLACE)
    exact = _all(view, Role.POINT, Role.WHAT3WORDS)
    if exact and place != _NOT_SAID:
        return f"{place}; {exact}"
    return place if place != _NOT_SAID or view.sent else _through_the_door(view)[0] or _NOT_SAID


def _what(view: ContactView) -> str:
    if view.talk and not view.sent:
        return _summed_up(view)
    account = _first(view, Role.ACCOUNT)
    return account if account != _NOT_SAID or view.sent else _through_the_door(view)[1] or _NOT_SAID


def _summed_up(view: ContactView) -> str:
    """Two lines by the machine, then what the person said first and last: danger may come only then."""
    said = [" ".join(line.body.split()) for line in view.thread if line.kind == "inbound"]
    if not said:
        return _NOT_SAID
    summary = "; ".join((view.proposal.summary or "").splitlines()) if view.proposal else ""
    first = said[0][:_SHORT] or _NOT_SAID
    last = f'. Last: "{said[-1][:_SHORT]}"' if len(said) > 1 else ""
    return f'{summary}. In their words: "{first}"{last}' if summary else first + last


def _through_the_door(view: ContactView) -> tuple[str, str]:
    """(where, what) of a contact without a form: the emergency page writes them as the first message's two lines."""
    first = next((line.body for line in view.thread if line.kind == "inbound"), "")
    where, _, rest = first.partition("\n")
    if not rest:
        return "", " ".join(first.split())[:_SHORT]
    return _without_label(where)[:_SHORT], _without_label(" ".join(rest.split()))[:_SHORT]


def _without_label(line: str) -> str:
    label, colon, words = line.partition(": ")
    return words if colon and len(label) < _LABEL else line


def _reporter(view: ContactView) -> str:
    if view.contact.anonymous:
        return "asked not to be named"
    if view.contact.source_apart:
        return "kept apart for the intelligence unit. Do not ask them to find out more"
    reporter = view.reporter
    name = " ".join(part for part in (reporter.given_name, reporter.surname) if part) if reporter else ""
    return name or _told(view, "name") or _NOT_SAID


def _guns(view: ContactView, flags: set[str]) -> str:
    """First what the register says, then what the person said; neither makes the other untrue (practice 9)."""
    registered = holders.in_one_line(view.holders)
    said = Flag.FIREARMS_ACCESS in flags
    if registered:
        return registered + (". The person says so too" if said else "")
    if said:
        return f"YES, the person says someone has a gun or can get one. {_NO_HOLDER}"
    return f"none said. {_NO_HOLDER}"


def _injuries(view: ContactView) -> str:
    codes = {str(reason.get("code")) for proposal in view.proposals for reason in proposal.reasons}
    found = [words for code, words in _INJURIES.items() if code in codes]
    return "; ".join(found) or _told(view, "injury") or "none said"

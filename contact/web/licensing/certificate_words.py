"""How certificates, guns and letters are called on officers' pages."""

from __future__ import annotations

import datetime as dt

from contact.domain.licensing.certificate_states import CertificateEvent
from contact.domain.licensing.gun_states import Custody, GunEvent
from contact.domain.licensing.letter_kinds import Way
from contact.domain.licensing.renewal_clock import NoticeKind

_KINDS = {
    "firearm": "Firearm certificate",
    "shotgun": "Shotgun certificate",
    "air_weapon": "Air weapon certificate",
    "visitor_firearm": "Visitor's firearm permit",
    "visitor_shotgun": "Visitor's shotgun permit",
    "dealer": "Registered dealer",
}
EVENTS = {
    CertificateEvent.PERMIT: "Give a section 7 permit",
    CertificateEvent.VARY: "Note a change",
    CertificateEvent.REISSUE: "Give out a new copy",
    CertificateEvent.REVOKE: "Revoke",
    CertificateEvent.PART_REVOKE: "Revoke in part",
    CertificateEvent.RESTORE: "Restore after an appeal",
    CertificateEvent.SURRENDER: "Surrendered",
    CertificateEvent.DEATH: "The holder has died",
    CertificateEvent.CANCEL: "Cancel: it was made in error",
    CertificateEvent.TRANSFER: "Moved to another force",
}
GUN_EVENTS = {
    GunEvent.ACQUIRE: "Got: it is held now",
    GunEvent.LAPSE: "May not be got any more",
    GunEvent.SELL: "Sold or transferred",
    GunEvent.LOSE: "Lost",
    GunEvent.STEAL: "Stolen",
    GunEvent.FIND: "Found again",
    GunEvent.DESTROY: "Destroyed",
    GunEvent.DEACTIVATE: "Deactivated",
    GunEvent.SEIZE: "Seized",
    GunEvent.REMOVE: "Removed for now, by agreement",
    GunEvent.RETURN: "Given back",
}
CUSTODY = {
    Custody.POLICE: "The police",
    Custody.DEALER: "A registered dealer",
    Custody.OTHER_HOLDER: "Another certificate holder",
}
NOTICES = {
    NoticeKind.WEEKS_16: "Notice, 16 weeks",
    NoticeKind.WEEKS_12: "Notice, 12 weeks",
    NoticeKind.WEEKS_10: "Notice, 10 weeks",
    NoticeKind.WEEKS_9: "Notice, 9 weeks",
    NoticeKind.EXTENSION: "Extended under section 28B",
    NoticeKind.PERMIT_ALARM: "Alarm: a section 7 permit may be needed",
}
WAYS = {
    Way.POST: "post",
    Way.RECORDED_DELIVERY: "recorded delivery",
    Way.BY_HAND: "by hand",
    Way.ELECTRONIC: "secure mail between forces",
}
_HISTORY = {
    "grant": "Granted",
    "extend": "Extended under section 28B",
    "expire": "Expired",
    "import": "Copied from NFLMS",
    "add": "Gun entered",
    "review": "Review decided",
    "renew": "Renewed",
    "authorise": "A gun may be got",
    "give_up": "A gun must go",
    "not_found": "A gun that is not on our copy",
    "lent": "A gun of somebody else's",
    "link": "Joined to an application",
    "unlink": "Taken off an application",
    "part": "No longer one of a pair",
    "correct": "Holder's particulars put right",
}


REACH = {
    "post": "By post",
    "email": "By email as well",
    "none": "Not at all: find another way first",
}
_GUNS = {
    "shotgun_s1": "Shotgun that needs a firearm certificate",
    "over_under": "Over and under shotgun",
    "side_by_side": "Side by side shotgun",
    "single": "Single-barrelled shotgun",
    "semi_auto": "Semi-automatic or pump shotgun",
    "air_rifle": "Air rifle",
    "other": "Gun",
}


def gun(type_: str) -> str:
    """A gun's kind, as a form's code or as NFLMS has it."""
    return _GUNS.get(type_) or type_.replace("_", " ").capitalize()


def kind(code: str) -> str:
    """A certificate's kind."""
    return _KINDS.get(code, code)


def happened(event: str) -> str:
    """A line of the history."""
    named = {**{each.value: words for each, words in GUN_EVENTS.items()}, **{e.value: w for e, w in EVENTS.items()}}
    return _HISTORY.get(event) or named.get(event, event)


def day(on: dt.date | None) -> str:
    """1 March 2027."""
    return f"{on.day} {on:%B %Y}" if on else "not known"

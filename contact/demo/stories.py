"""Invented reports for the demonstration's queue: invented people, drama numbers, nobody's life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Story:
    """One report: form, force, answers, and how many minutes ago it came."""

    form_id: str
    force_id: str
    answers: Mapping[str, Any]
    minutes_ago: int


_QUIET_THEFT: dict[str, Any] = {
    "incidentInvolvement": "victim",
    "incidentOnPublicTransport": "no",
    "suspectStillNear": "no",
    "bankDetailsTaken": "no",
    "subjectedToThreatAbuseOrAssault": "no",
    "hadWeapon": "no",
    "subjectedToHateCrime": "no",
    "suspectKnown": "unseen",
    "anonymous": "no",
    "under18": "no",
    "victimSupport": "no",
}


def _place(postcode: str, address: str) -> dict[str, str]:
    return {"postcode": postcode, "address": address, "description": ""}


def _safe(how: str, value: str = "", when: str = "", safe_word: str = "") -> dict[str, str]:
    return {"how": how, "value": value, "when": when, "safe_word": safe_word}


def _at(now: dt.datetime, hours_ago: int) -> dict[str, str]:
    then = now - dt.timedelta(hours=hours_ago)
    return {"kind": "exact", "date": then.date().isoformat(), "time": then.strftime("%H:%M")}


def _told_in_confidence() -> list[Story]:
    """Two reports by one person on one flat: who it is stands apart, and the intelligence unit is warned."""
    first = {
        "infoAbout": "drugs",
        "incidentLocation": _place("CT9 1XX", "Flat 4, above the closed arcade"),
        "incidentDescription": "People come to the flat all night for a minute each. A man they call Mack brings "
        "it on Fridays in a small blue car.",
        "peopleInvolved": [
            {"given": "Mack", "surname": "", "age": "about 30", "description": "Shaved head, tall", "contact": ""},
            {
                "given": "",
                "surname": "",
                "age": "a teenager",
                "description": "Keeps watch on the stairs",
                "contact": "",
            },
        ],
        "vehicles": [
            {"registration": "GK66 ZZZ", "make": "", "model": "", "colour": "Blue", "description": "Small car"},
        ],
        "atThePlace": ["dog", "cameras"],
        "infoSource": ["saw"],
        "couldBeKnown": "yes",
        "anonymous": "no",
        "under18": "no",
        "reporterName": {"given": "Wren", "surname": "Calloway"},
        "contactPreference": _safe("phone", "+447700900811", "after ten at night"),
    }
    again = "I went up to ask for my post. There were bags on the table and a boy of about fifteen was packing them."
    return [
        Story("information", "kent", first, 55),
        Story("information", "kent", {**first, "incidentDescription": again, "atThePlace": ["child", "dog"]}, 12),
    ]


def stories(now: dt.datetime) -> list[Story]:
    """The reports, with dates that fit a demonstration started at `now`."""
    return [
        Story(
            "theft",
            "kent",
            {
                **_QUIET_THEFT,
                "incidentLocation": _place("ME14 1XX", "Bike racks, County Library"),
                "incidentStartDateTime": _at(now, 20),
                "theftKind": "bike",
                "incidentDescription": "I locked my bike outside the library at nine and it was gone when I came out. "
                "The lock was cut and left on the ground. It is a dark blue hybrid with a child seat on the back.",
                "evidence": ["cctv", "left_behind"],
                "reporterName": {"given": "Robin", "surname": "Marsh"},
                "contactPreference": _safe("email", "robin.marsh@example.org", "any time"),
            },
            25,
        ),
        Story(
            "theft",
            "kent",
            {
                **_QUIET_THEFT,
                "incidentLocation": _place("ME15 6XX", "14 Orchard Row"),
                "incidentStartDateTime": _at(now, 5),
                "theftKind": "parcel",
                "incidentDescription": "A parcel was taken from my doorstep. It had my mother's tablets in it and she "
                "has only enough for today. The door camera shows a man in a grey coat.",
                "suspectKnown": "seen",
                "suspectRelation": "stranger",
                "evidence": ["pictures"],
                "impact": ["relies_on_it", "older"],
                "reporterName": {"given": "Ines", "surname": "Duarte"},
                "contactPreference": _safe("phone", "+447700900142", "after 5 in the evening"),
            },
            9,
        ),
        Story(
            "theft",
            "kent",
            {
                **_QUIET_THEFT,
                "incidentLocation": _place("CT1 2XX", "Corner shop, Mill Lane"),
                "incidentStartDateTime": _at(now, 2),
                "theftKind": "shop",
                "incidentInvolvement": "professional",
                "subjectedToThreatAbuseOrAssault": "yes",
                "anyoneHurt": "no",
                "incidentDescription": "Two men took bottles from the shop this afternoon and pushed our "
                "assistant when she asked them to stop. They left on foot. They have been in before and said "
                "they would come back.",
                "suspectKnown": "seen",
                "suspectRelation": "stranger",
                "evidence": ["cctv", "witness"],
                "reporterName": {"given": "Harjit", "surname": "Bains"},
                "contactPreference": _safe("phone", "+441632960118", "shop hours"),
                "victimKnowsOfReport": "yes",
                "victimSupport": "yes",
            },
            6,
        ),
        Story(
            "sexual-offence",
            "kent",
            {
                "safeNow": "yes",
                "anyoneHurt": "no",
                "incidentWhen": "last_3_days",
                "callWithinHour": "no",
                "incidentInvolvement": "victim",
                "under18": "no",
                "suspectWorksForPolice": "no",
                "anonymous": "no",
                "contactPreference": _safe("online", when="in the daytime", safe_word="kettle"),
                "officerPreference": "woman",
            },
            4,
        ),
        *_told_in_confidence(),
        Story(
            "road-traffic",
            "kent",
            {
                "rtiKind": "driving",
                "drivingNow": "no",
                "incidentInvolvement": "witness",
                "incidentLocation": _place("ME14 3XX", "A249, by the garden centre"),
                "incidentStartDateTime": _at(now, 11 * 24 + 3),
                "drivingManner": ["phone"],
                "incidentDescription": "A van came round the bend on our side with the driver looking down at a phone. "
                "We braked and it went past. The shop opposite has a camera on the road.",
                "vehicles": [
                    {"registration": "GN15 XYZ", "make": "", "model": "", "colour": "White", "description": "A van"},
                ],
                "hasFilm": "not_mine",
                "evidenceDetails": "The garden centre",
                "incidentAnyWitnesses": "no",
                "willingToGoToCourt": "yes",
                "anonymous": "no",
                "under18": "no",
                "reporterName": {"given": "Leila", "surname": "Haddad"},
                "contactPreference": _safe("email", "leila.haddad@example.org", "any time"),
            },
            20,
        ),
        Story(
            "theft",
            "north-wales",
            {
                **_QUIET_THEFT,
                "incidentLocation": _place("LL57 1XX", "Maes parcio, Ffordd Gwynedd"),
                "incidentStartDateTime": _at(now, 26),
                "theftKind": "person",
                "incidentDescription": "Someone took my purse from my bag in the car park. My cards are stopped.",
                "bankDetailsTaken": "yes",
                "reporterName": {"given": "Megan", "surname": "Pryce"},
                "contactPreference": _safe("email", "megan.pryce@example.org"),
            },
            40,
        ),
        Story(
            "theft",
            "essex",
            {
                **_QUIET_THEFT,
                "incidentLocation": _place("CM1 1XX", "Outside the station"),
                "incidentStartDateTime": _at(now, 70),
                "theftKind": "other",
                "incidentDescription": "My work tools were taken out of my van overnight.",
                "reporterName": {"given": "Tom", "surname": "Aldous"},
                "contactPreference": _safe("none"),
            },
            30,
        ),
    ]

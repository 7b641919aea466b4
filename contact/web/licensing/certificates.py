"""The register of certificates: by expiry, by search, and what waits for a person; our copy of NFLMS (practice 27)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.access import Permission
from contact.domain.licensing.certificate_states import CertificateState
from contact.domain.licensing.renewal_clock import NoticeKind, london_day
from contact.services.licensing import certificates as register
from contact.services.licensing import linking, reviews
from contact.store import certificate_clock, certificates, licensing_letters
from contact.store.certificates import Certificate, Cursor
from contact.web.licensing import certificate_words as words
from contact.web.licensing.blueprint import room
from contact.web.licensing.certificate_opening import remember_found
from contact.web.licensing.opening import own
from contact.web.shared import clock, database
from contact.web.shared.access import requires
from contact.web.shared.request_actor import current_agent

_LONGEST = 200
GUNS_TO_GO = "guns-to-go"


@room.get("/certificates")
@requires(Permission.LICENSING)
def register_page() -> ResponseReturnValue:
    """The certificates that end next, and above them what a person must look at."""
    orm, mine = database.session()(), current_agent().actor.licensing_forces
    if request.args.get("list") == GUNS_TO_GO:
        rows = certificates.list_guns_to_go(orm, force_ids=mine)
        return render_template("licensing/certificates.html", **_page(rows, guns_to_go=True))
    today = london_day(clock.utcnow())
    after = Cursor.read(request.args.get("after", ""))
    page = certificates.page(orm, force_ids=mine, since=today, after=after)
    more = url_for("licensing.register_page", after=str(page.after)) if page.after else None
    waits = {} if after else _waiting(mine, today)
    return render_template("licensing/certificates.html", **_page(page.rows, next_url=more, **waits))


@room.post("/certificates")
@requires(Permission.LICENSING)
def register_search() -> ResponseReturnValue:
    """What was found; what was typed stands in no address and no log."""
    typed = " ".join(request.form.get("q", "").replace("\x00", "").split())
    if not typed or len(typed) > _LONGEST:
        error = "Type less" if typed else "Type what to look for"
        return render_template("licensing/certificates.html", **_page([], typed=typed[:_LONGEST], error=error)), 400
    orm, mine = database.session()(), current_agent().actor.licensing_forces
    found = register.search(orm, typed=typed, force_ids=mine, now=clock.utcnow())
    remember_found(found)
    return render_template("licensing/certificates.html", **_page(found, typed=typed, searched=True))


def _waiting(mine: tuple[str, ...], today: dt.date) -> dict[str, Any]:
    """Reviews, alarms of the clock and letters that nobody has dealt with, and what runs on past its last day."""
    orm = database.session()()
    alarms = []
    for notice in certificate_clock.list_alarms(orm, force_ids=mine, kind=NoticeKind.PERMIT_ALARM.value):
        certificate = certificates.get(orm, certificate_id=notice.certificate_id)
        alarms.append({"line": _line(certificate), "needed": words.day(notice.for_day)})
    return {
        "reviews": reviews.open_reviews(orm, force_ids=mine, but_of=own()),
        "alarms": alarms,
        "letters": len(licensing_letters.list_waiting(orm, force_ids=mine)),
        "running_on": [
            _line(each) | {"until": words.day(linking.runs_until(each))}
            for each in certificates.list_running_on(orm, force_ids=mine, today=today)
        ],
    }


def _page(
    rows: list[Certificate],
    *,
    typed: str = "",
    error: str = "",
    searched: bool = False,
    next_url: str | None = None,
    **waits: object,
) -> dict[str, Any]:
    return {
        "lines": [_line(each) for each in rows],
        "typed": typed,
        "error": error,
        "searched": searched,
        "next_url": next_url,
        "now": clock.utcnow(),
        "reviews": [],
        "alarms": [],
        "letters": 0,
        "running_on": [],
        "guns_to_go": False,
        **waits,
    }


def _line(certificate: Certificate) -> dict[str, Any]:
    return {
        "href": url_for("licensing.certificate", certificate_id=certificate.id),
        "number": certificate.number,
        "kind": words.kind(certificate.kind),
        "holder": reviews.name_of(certificate),
        "state": CertificateState(certificate.state).label,
        "expires": words.day(certificate.expires),
    }

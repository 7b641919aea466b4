"""The letter that an application came in, for its applicant to keep: no address and no gun on it (practice 13, 27)."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from contact.domain.errors import NotFound
from contact.domain.licensing.letter_kinds import LetterKind
from contact.domain.licensing.renewal_clock import london_day
from contact.domain.taxonomy import Desk
from contact.gateways.papers import licensing_letter
from contact.services.apart import apart
from contact.services.licensing import status
from contact.store import forces
from contact.web.citizen.blueprint import room, wear
from contact.web.citizen.copy import paper_answer
from contact.web.citizen.progress import opened_report
from contact.web.shared import clock, database
from contact.web.shared.access import proven


@room.get("/application/<reference>/letter/<any(en,cy):language>/letter.pdf")
@proven
def acknowledgement_file(reference: str, language: str) -> ResponseReturnValue:
    """The letter as a tagged PDF; in both languages where the force is Welsh. Raises NotFound for another's."""
    report = opened_report(reference)
    if report.desk is not Desk.LICENSING:
        raise NotFound(kind="application", key=reference)
    wear(report.force_id)
    session, now = database.session()(), clock.utcnow()
    found = status.of_application(session, contact_id=report.contact_id, now=now)
    force = forces.get(session, force_id=found.force_id)
    facts = {
        "reference": report.reference,
        "kind": found.kind.value,
        "declared_on": london_day(found.declared_at).isoformat(),
        "in_time": found.in_time,
    }
    drawn = licensing_letter.Drawn(
        LetterKind.ACKNOWLEDGEMENT,
        "both" if force.welsh else language,
        london_day(now),
        {"en": force.name, "cy": force.name_cy or force.name},
        facts,
        live=force.live,
    )
    return _named(paper_answer(apart(lambda: licensing_letter.render_letter(drawn))))


def _named(answer: Response) -> Response:
    answer.headers["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    return answer

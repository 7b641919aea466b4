"""Renew with what the certificate says: number and birthday, then four words sent to what is held on it.

No page tells whether a certificate exists: with and without one the same is asked, said and done (engineering 25).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.services.keys import Keys
from contact.services.licensing import renewal_start
from contact.services.licensing.renewal_start import Attempt
from contact.store.certificates import number_key
from contact.web.citizen.blueprint import room, settings
from contact.web.citizen.fields.registry import read
from contact.web.citizen.firearms import few_questions
from contact.web.citizen.firearms.few_questions import Boxes
from contact.web.citizen.typed import typed, typed_boxes
from contact.web.shared import clock, database
from contact.web.shared.access import proven, public
from contact.web.shared.frame import never_store
from contact.web.shared.language import current_language, gettext
from contact.web.shared.limits import limit
from contact.web.shared.proofs import prove_draft
from contact.web.shared.request_actor import act_for_draft
from contact.web.shared.session import web_session
from forms import Question
from forms.asked import load_asked

QUESTIONS = "firearms-renew"
_KEPT = "renewal"
_HOUR = dt.timedelta(hours=1)


@room.get("/firearms/renew")
@public
def renew() -> ResponseReturnValue:
    """What finds the certificate."""
    return _page(few_questions.empty(load_asked(QUESTIONS).questions), [])


@room.post("/firearms/renew")
@public
def renew_ask() -> ResponseReturnValue:
    """Send the words, where there is a certificate; the answer is the same where there is none."""
    limit("renew", at_most=10, window=_HOUR)
    now, language, posted = clock.utcnow(), current_language(), typed_boxes()
    reads = [read(each, _own(each.id, posted), language=language, now=now) for each in load_asked(QUESTIONS).questions]
    messages = [message for each in reads for message in each.messages]
    if messages:
        return _page({each.question.id: each.raw for each in reads}, messages)
    said = {each.question.id: str(each.answer.value) for each in reads}
    limit("renew_number", at_most=5, window=_HOUR, subject=number_key(said["certificateNumber"]))
    attempt = renewal_start.ask(
        database.session()(),
        number=said["certificateNumber"],
        surname=said["surname"],
        born=dt.date.fromisoformat(said["born"]),
        way=said["way"],
        now=now,
    )
    if said["way"] == renewal_start.POST:
        return redirect(url_for("citizen.renew_letter", asked=1), 303)
    _keep(attempt)
    return redirect(url_for("citizen.renew_code"), 303)


@room.get("/firearms/renew/words")
@public
def renew_code() -> ResponseReturnValue:
    """Ask for the four words."""
    return _words_page("") if _kept() else redirect(url_for("citizen.renew"), 303)


@room.post("/firearms/renew/words")
@public
def renew_check() -> ResponseReturnValue:
    """Begin the form for whoever has the words."""
    limit("renew_words", at_most=20, window=_HOUR)
    web_session().lock()
    attempt = _kept()
    if attempt is None:
        return redirect(url_for("citizen.renew"), 303)
    words, now = typed("words", 200), clock.utcnow()
    if not words:
        return _words_page(gettext("Enter the four words"))
    if not renewal_start.is_right(attempt, words=words, keys=Keys.from_settings(settings()), now=now):
        _keep(replace(attempt, tries=attempt.tries + 1))
        return _words_page(gettext("Those words do not work. Check them, or ask for new ones"))
    del web_session()[_KEPT]
    return _begun(attempt, now)


@room.get("/firearms/renew/letter")
@public
def renew_letter() -> ResponseReturnValue:
    """The words of a letter, with what finds the certificate: they come days later, to any device."""
    return _letter_page(few_questions.empty(_finding()), [])


@room.post("/firearms/renew/letter")
@public
def renew_letter_check() -> ResponseReturnValue:
    """Begin the form for whoever has the words of the letter; the same answer for all that is not right."""
    limit("renew_words", at_most=20, window=_HOUR)
    now, language, posted, words = clock.utcnow(), current_language(), typed_boxes(), typed("words", 200)
    reads = [read(each, _own(each.id, posted), language=language, now=now) for each in _finding()]
    raws = {each.question.id: each.raw for each in reads}
    messages = [message for each in reads for message in each.messages]
    messages += [] if words else [("words", gettext("Enter the four words"))]
    if messages:
        return _letter_page(raws, messages)
    said = {each.question.id: str(each.answer.value) for each in reads}
    limit("renew_number", at_most=5, window=_HOUR, subject=number_key(said["certificateNumber"]))
    attempt = renewal_start.try_letter(
        database.session()(),
        number=said["certificateNumber"],
        surname=said["surname"],
        born=dt.date.fromisoformat(said["born"]),
        words=words,
        keys=Keys.from_settings(settings()),
        now=now,
    )
    if attempt is None:
        wrong = gettext("What you wrote and the words do not fit. Check them all, or ask for a new letter")
        return _letter_page(raws, [("words", wrong)])
    return _begun(attempt, now)


def _begun(attempt: Attempt, now: dt.datetime) -> ResponseReturnValue:
    draft = renewal_start.begin(database.session()(), attempt=attempt, language=current_language(), now=now)
    prove_draft(draft.id, new_id=True)
    act_for_draft(draft.id)
    return redirect(url_for("citizen.renew_begun", form_id=draft.form.id, draft_id=draft.id), 303)


def _finding() -> list[Question]:
    """The questions that find the certificate."""
    return [each for each in load_asked(QUESTIONS).questions if each.id != "way"]


@room.get("/firearms/renew/begun/<form_id>/<uuid:draft_id>")
@proven
def renew_begun(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """Say that what was filled in must be read, while the worker fills it in."""
    never_store()
    return render_template(
        "citizen/firearms/renew_begun.html", on_url=url_for("citizen.tasks", form_id=form_id, draft_id=draft_id)
    )


def _keep(attempt: Attempt) -> None:
    web_session()[_KEPT] = {name: str(value) for name, value in asdict(attempt).items()}


def _kept() -> Attempt | None:
    held: Mapping[str, Any] | None = web_session().get(_KEPT)
    if not held:
        return None
    return Attempt(
        id=UUID(held["id"]),
        certificate_id=UUID(held["certificate_id"]),
        force_id=held["force_id"],
        asked_at=dt.datetime.fromisoformat(held["asked_at"]),
        tries=int(held["tries"]),
    )


def _own(name: str, posted: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {box: values for box, values in posted.items() if box == name or box.startswith(f"{name}-")}


def _page(raws: Boxes, messages: list[tuple[str, str]]) -> ResponseReturnValue:
    never_store()
    rows = few_questions.rows(load_asked(QUESTIONS).questions, raws, messages)
    return render_template(
        "citizen/firearms/renew.html",
        asked=rows,
        errors=[{"text": text, "href": f"#{name}"} for name, text in messages],
    )


def _letter_page(raws: Boxes, messages: list[tuple[str, str]]) -> ResponseReturnValue:
    """Words are not shown again: they are typed anew, as a password is."""
    never_store()
    rows = few_questions.rows(_finding(), raws, messages)
    return render_template(
        "citizen/firearms/renew_letter.html",
        asked=rows,
        just_asked="asked" in request.args,
        wrong=next((text for name, text in messages if name == "words"), ""),
        errors=[{"text": text, "href": f"#{name}"} for name, text in messages],
    )


def _words_page(error: str) -> ResponseReturnValue:
    never_store()
    return render_template(
        "citizen/firearms/renew_words.html", errors=[{"text": error, "href": "#words"}] if error else []
    )

"""The referee's link: four words sent to the phone, some questions, no, and a later concern."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.errors import TooManyTries
from contact.services.keys import Keys
from contact.services.licensing import referee_link
from contact.services.licensing.referee_link import LinkView
from contact.services.licensing.referees import QUESTIONS
from contact.web.citizen.blueprint import room, settings, wear
from contact.web.citizen.fields.registry import draw, kept, read
from contact.web.citizen.firearms.sender import network
from contact.web.citizen.typed import typed, typed_boxes
from contact.web.shared import clock, database
from contact.web.shared.access import public
from contact.web.shared.failures import NotProven
from contact.web.shared.frame import never_store
from contact.web.shared.language import current_language, gettext
from contact.web.shared.limits import limit
from contact.web.shared.proofs import has_proven_referee, holds_side_of, prove_referee
from forms.asked import load_asked

_ADDRESS = "/firearms/referee/<token>"
_LONGEST = 4000
Boxes = Mapping[str, Mapping[str, list[str]]]


@room.get(_ADDRESS)
@public
def referee(token: str) -> ResponseReturnValue:
    """What this is; looking at it sends nothing and names nobody."""
    return _cover(_looked(token), token, error="")


@room.post(_ADDRESS)
@public
def referee_code(token: str) -> ResponseReturnValue:
    """Send the four words to the phone, or take them."""
    limit("referee", at_most=40, window=timedelta(hours=1))
    session, now = database.session()(), clock.utcnow()
    link = _looked(token)
    if request.form.get("go") == "code":
        limit("referee_code", at_most=5, window=timedelta(hours=1), subject=str(link.referee_id))
        referee_link.send_code(session, token=token, now=now)
        return redirect(url_for("citizen.referee", token=token, sent=1), 303)
    words = typed("words", 200)
    if not words:
        return _cover(link, token, error=gettext("Enter the four words"))
    try:
        right = referee_link.try_code(
            session,
            token=token,
            words=words,
            keys=Keys.from_settings(settings()),
            network=network(link.contact_id),
            same_device=holds_side_of(link.contact_id, besides=link.referee_id),
            now=now,
        )
    except TooManyTries:
        return _cover(link, token, error=gettext("Too many tries. Ask us to send new words"))
    if not right:
        return _cover(link, token, error=gettext("Those are not the words we sent. Check them, or ask for new ones"))
    prove_referee(link.referee_id, link.contact_id)
    return redirect(url_for("citizen.referee_questions", token=token), 303)


@room.get(f"{_ADDRESS}/questions")
@public
def referee_questions(token: str) -> ResponseReturnValue:
    """The questions, for who gave the words; once they are answered, the way to tell us more."""
    link = _confirmed(token)
    if not link.may_answer:
        return redirect(url_for("citizen.referee_concern", token=token), 303)
    return _questions(link, token, {each.id: kept(each, None) for each in load_asked(QUESTIONS).questions}, [])


@room.post(f"{_ADDRESS}/questions")
@public
def referee_answers(token: str) -> ResponseReturnValue:
    """Keep the answers, once; or no."""
    link, session, now = _confirmed(token), database.session()(), clock.utcnow()
    after = redirect(url_for("citizen.referee_concern", token=token, thanks=1), 303)
    if link.over:
        return redirect(url_for("citizen.referee_concern", token=token), 303)
    if not link.may_answer:
        return after
    if request.form.get("go") == "decline":
        referee_link.decline(session, token=token, now=now)
        return after
    posted, language = typed_boxes(), current_language()
    questions = load_asked(QUESTIONS).questions
    reads = [read(each, {each.id: posted.get(each.id, [])}, language=language, now=now) for each in questions]
    messages = [message for each in reads for message in each.messages]
    if messages:
        return _questions(link, token, {each.question.id: each.raw for each in reads}, messages)
    answers = {each.question.id: each.answer.value for each in reads if each.answer.value not in (None, "", [])}
    if referee_link.answer(session, token=token, answers=answers, keys=Keys.from_settings(settings()), now=now):
        return redirect(url_for("citizen.referee_concern", token=token, thanks=1, danger=1), 303)
    return after


@room.get(f"{_ADDRESS}/concern")
@public
def referee_concern(token: str) -> ResponseReturnValue:
    """Thanks, and a box for what comes up later."""
    return _concern(_confirmed(token), token, "", "")


@room.post(f"{_ADDRESS}/concern")
@public
def referee_concern_send(token: str) -> ResponseReturnValue:
    """Keep it for the licensing team."""
    limit("referee", at_most=40, window=timedelta(hours=1))
    link, words = _confirmed(token), typed("body", _LONGEST)
    if not words:
        return _concern(link, token, "", gettext("Write what worries you"))
    danger = referee_link.add_concern(
        database.session()(), token=token, body=words, keys=Keys.from_settings(settings()), now=clock.utcnow()
    )
    return redirect(url_for("citizen.referee_concern", token=token, told=1, danger=1 if danger else None), 303)


def _looked(token: str) -> LinkView:
    never_store()
    link = referee_link.look(database.session()(), token=token, now=clock.utcnow())
    wear(link.force_id)
    return link


def _confirmed(token: str) -> LinkView:
    """The link, in a browser that gave its words. Raises LinkExpired, NotProven."""
    link = _looked(token)
    if not has_proven_referee(link.referee_id):
        raise NotProven(what="referee")
    return link


def _cover(link: LinkView, token: str, *, error: str) -> ResponseReturnValue:
    return render_template(
        "citizen/firearms/referee.html",
        link=link,
        sent="sent" in request.args or link.code_wanted,
        errors=[{"text": error, "href": "#words"}] if error else [],
    )


def _questions(link: LinkView, token: str, raws: Boxes, messages: list[tuple[str, str]]) -> ResponseReturnValue:
    rows = draw(
        load_asked(QUESTIONS).questions,
        answers={},
        raws=raws,
        messages=messages,
        heading_in_question=False,
        language=current_language(),
        now=clock.utcnow(),
    )
    return render_template(
        "citizen/firearms/referee_questions.html",
        asked=rows,
        applicant=link.applicant,
        errors=[{"text": text, "href": f"#{name}"} for name, text in messages],
        back_url=url_for("citizen.referee", token=token),
    )


def _concern(link: LinkView, token: str, words: str, error: str) -> ResponseReturnValue:
    return render_template(
        "citizen/firearms/referee_concern.html",
        thanks="thanks" in request.args,
        told="told" in request.args,
        danger="danger" in request.args,
        declined=link.state == "declined",
        over=link.over,
        words=words,
        error=error,
    )

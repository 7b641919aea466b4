"""The referee's link: four words sent to the phone, some questions, no, and a later concern."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.licensing.outsiders import Role
from contact.services.keys import Keys
from contact.services.licensing import referee_link
from contact.services.licensing.referee_link import LinkView
from contact.services.licensing.referees import QUESTIONS_OF
from contact.web.citizen.blueprint import room, settings
from contact.web.citizen.fields.registry import draw, kept, read
from contact.web.citizen.firearms import four_words
from contact.web.citizen.typed import typed, typed_boxes
from contact.web.shared import clock, database
from contact.web.shared.access import public
from contact.web.shared.language import current_language, gettext
from contact.web.shared.limits import limit
from forms.asked import load_asked

_ADDRESS = "/firearms/referee/<token>"
_LONGEST = 4000
_QUESTIONS = QUESTIONS_OF[Role.REFEREE]
Boxes = Mapping[str, Mapping[str, list[str]]]


@room.get(_ADDRESS)
@public
def referee(token: str) -> ResponseReturnValue:
    """What this is; looking at it sends nothing and names nobody."""
    return _cover(four_words.looked(token, Role.REFEREE), token, error="")


@room.post(_ADDRESS)
@public
def referee_code(token: str) -> ResponseReturnValue:
    """Send the four words to the phone, or take them."""
    link = four_words.looked(token, Role.REFEREE)
    return four_words.take(
        link,
        token,
        here=url_for("citizen.referee", token=token, sent=1),
        onward=url_for("citizen.referee_questions", token=token),
        cover=lambda error: _cover(link, token, error=error),
    )


@room.get(f"{_ADDRESS}/questions")
@public
def referee_questions(token: str) -> ResponseReturnValue:
    """The questions, for who gave the words; once they are answered, the way to tell us more."""
    link = four_words.confirmed(token, Role.REFEREE)
    if not link.may_answer:
        return redirect(url_for("citizen.referee_concern", token=token), 303)
    return _questions(link, token, {each.id: kept(each, None) for each in load_asked(_QUESTIONS).questions}, [])


@room.post(f"{_ADDRESS}/questions")
@public
def referee_answers(token: str) -> ResponseReturnValue:
    """Keep the answers, once; or no."""
    link, session, now = four_words.confirmed(token, Role.REFEREE), database.session()(), clock.utcnow()
    after = redirect(url_for("citizen.referee_concern", token=token, thanks=1), 303)
    if link.over:
        return redirect(url_for("citizen.referee_concern", token=token), 303)
    if not link.may_answer:
        return after
    if request.form.get("go") == "decline":
        referee_link.decline(session, token=token, now=now)
        return after
    posted, language = typed_boxes(), current_language()
    questions = load_asked(_QUESTIONS).questions
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
    return _concern(four_words.confirmed(token, Role.REFEREE), token, "", "")


@room.post(f"{_ADDRESS}/concern")
@public
def referee_concern_send(token: str) -> ResponseReturnValue:
    """Keep it for the licensing team."""
    limit("referee", at_most=40, window=timedelta(hours=1))
    link, words = four_words.confirmed(token, Role.REFEREE), typed("body", _LONGEST)
    if not words:
        return _concern(link, token, "", gettext("Write what worries you"))
    danger = referee_link.add_concern(
        database.session()(), token=token, body=words, keys=Keys.from_settings(settings()), now=clock.utcnow()
    )
    return redirect(url_for("citizen.referee_concern", token=token, told=1, danger=1 if danger else None), 303)


def _cover(link: LinkView, token: str, *, error: str) -> ResponseReturnValue:
    return render_template(
        "citizen/firearms/referee.html",
        link=link,
        sent="sent" in request.args or link.code_wanted,
        errors=[{"text": error, "href": "#words"}] if error else [],
    )


def _questions(link: LinkView, token: str, raws: Boxes, messages: list[tuple[str, str]]) -> ResponseReturnValue:
    rows = draw(
        load_asked(_QUESTIONS).questions,
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

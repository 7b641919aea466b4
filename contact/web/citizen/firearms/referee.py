"""The referee's link: four words sent to the phone, some questions, no, and a later concern."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.licensing.outsiders import Role
from contact.services.keys import Keys
from contact.services.licensing import referee_link
from contact.services.licensing.referee_link import LinkView
from contact.services.licensing.referees import QUESTIONS_OF
from contact.web.citizen.blueprint import room, settings
from contact.web.citizen.firearms import few_questions, four_words
from contact.web.citizen.firearms.few_questions import Boxes
from contact.web.citizen.typed import typed
from contact.web.shared import clock, database
from contact.web.shared.access import public
from contact.web.shared.language import gettext
from contact.web.shared.limits import limit
from forms.asked import load_asked

_ADDRESS = "/firearms/referee/<token>"
_LONGEST = 4000
_QUESTIONS = QUESTIONS_OF[Role.REFEREE]


@room.get(_ADDRESS)
@public
def referee(token: str) -> ResponseReturnValue:
    """What this is; looking at it sends nothing and names nobody."""
    return _cover(four_words.looked(token, Role.REFEREE), error="")


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
        cover=lambda error: _cover(link, error=error),
    )


@room.get(f"{_ADDRESS}/questions")
@public
def referee_questions(token: str) -> ResponseReturnValue:
    """The questions, for who gave the words; once they are answered, the way to tell us more."""
    link = four_words.confirmed(token, Role.REFEREE)
    if not link.may_answer:
        return redirect(url_for("citizen.referee_concern", token=token), 303)
    return _questions(link, token, few_questions.empty(load_asked(_QUESTIONS).questions), [])


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
    heard = few_questions.hear(load_asked(_QUESTIONS).questions)
    if heard.messages:
        return _questions(link, token, heard.raws, heard.messages)
    if referee_link.answer(session, token=token, answers=heard.answers, keys=Keys.from_settings(settings()), now=now):
        return redirect(url_for("citizen.referee_concern", token=token, thanks=1, danger=1), 303)
    return after


@room.get(f"{_ADDRESS}/concern")
@public
def referee_concern(token: str) -> ResponseReturnValue:
    """Thanks, and a box for what comes up later."""
    return _concern(four_words.confirmed(token, Role.REFEREE), "", "")


@room.post(f"{_ADDRESS}/concern")
@public
def referee_concern_send(token: str) -> ResponseReturnValue:
    """Keep it for the licensing team."""
    limit("referee", at_most=40, window=timedelta(hours=1))
    link, words = four_words.confirmed(token, Role.REFEREE), typed("body", _LONGEST)
    if not words:
        return _concern(link, "", gettext("Write what worries you"))
    danger = referee_link.add_concern(
        database.session()(), token=token, body=words, keys=Keys.from_settings(settings()), now=clock.utcnow()
    )
    return redirect(url_for("citizen.referee_concern", token=token, told=1, danger=1 if danger else None), 303)


def _cover(link: LinkView, *, error: str) -> ResponseReturnValue:
    return render_template(
        "citizen/firearms/referee.html",
        link=link,
        sent="sent" in request.args or link.code_wanted,
        errors=[{"text": error, "href": "#words"}] if error else [],
    )


def _questions(link: LinkView, token: str, raws: Boxes, messages: list[tuple[str, str]]) -> ResponseReturnValue:
    rows = few_questions.rows(load_asked(_QUESTIONS).questions, raws, messages)
    return render_template(
        "citizen/firearms/referee_questions.html",
        asked=rows,
        applicant=link.applicant,
        errors=[{"text": text, "href": f"#{name}"} for name, text in messages],
        back_url=url_for("citizen.referee", token=token),
    )


def _concern(link: LinkView, words: str, error: str) -> ResponseReturnValue:
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

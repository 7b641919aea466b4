"""The link of a parent of an applicant under 18: four words sent to their phone, yes or no, and a later word."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contact.domain.licensing.kinds import Kind, Licence
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

_ADDRESS = "/firearms/parent/<token>"
_LONGEST = 4000
_QUESTIONS = QUESTIONS_OF[Role.PARENT]


@room.get(_ADDRESS)
@public
def parent(token: str) -> ResponseReturnValue:
    """What this is; looking at it sends nothing and names nobody."""
    return _cover(four_words.looked(token, Role.PARENT), error="")


@room.post(_ADDRESS)
@public
def parent_code(token: str) -> ResponseReturnValue:
    """Send the four words to the parent's phone, or take them; never in the browser that holds the application."""
    link = four_words.looked(token, Role.PARENT)
    return four_words.take(
        link,
        token,
        here=url_for("citizen.parent", token=token, sent=1),
        onward=url_for("citizen.parent_questions", token=token),
        cover=lambda error: _cover(link, error=error),
    )


@room.get(f"{_ADDRESS}/agree")
@public
def parent_questions(token: str) -> ResponseReturnValue:
    """Who asks for what, and yes or no; once that is said, the way to tell us more."""
    link = four_words.confirmed(token, Role.PARENT)
    if not link.may_answer:
        return redirect(url_for("citizen.parent_more", token=token), 303)
    return _questions(link, token, few_questions.empty(load_asked(_QUESTIONS).questions), [])


@room.post(f"{_ADDRESS}/agree")
@public
def parent_answers(token: str) -> ResponseReturnValue:
    """Keep the answer, once."""
    limit("referee", at_most=40, window=timedelta(hours=1))
    link, session, now = four_words.confirmed(token, Role.PARENT), database.session()(), clock.utcnow()
    after = redirect(url_for("citizen.parent_more", token=token, thanks=1), 303)
    if link.over:
        return redirect(url_for("citizen.parent_more", token=token), 303)
    if not link.may_answer:
        return after
    heard = few_questions.hear(load_asked(_QUESTIONS).questions)
    answers, messages = heard.answers, heard.messages
    if not messages and answers.get("relation") == "neither" and answers.get("agrees") == "yes":
        only = gettext("Only a parent, or who looks after them by law, can agree. Choose No if you are neither")
        messages = [("agrees", only)]
    if messages:
        return _questions(link, token, heard.raws, messages)
    if referee_link.answer(session, token=token, answers=answers, keys=Keys.from_settings(settings()), now=now):
        return redirect(url_for("citizen.parent_more", token=token, thanks=1, danger=1), 303)
    return after


@room.get(f"{_ADDRESS}/more")
@public
def parent_more(token: str) -> ResponseReturnValue:
    """Thanks, and a box for another word: also that they changed their mind."""
    return _more(four_words.confirmed(token, Role.PARENT), "", "")


@room.post(f"{_ADDRESS}/more")
@public
def parent_more_send(token: str) -> ResponseReturnValue:
    """Keep it for the licensing team."""
    limit("referee", at_most=40, window=timedelta(hours=1))
    link, words = four_words.confirmed(token, Role.PARENT), typed("body", _LONGEST)
    if not words:
        return _more(link, "", gettext("Write what you want to tell us"))
    danger = referee_link.add_concern(
        database.session()(), token=token, body=words, keys=Keys.from_settings(settings()), now=clock.utcnow()
    )
    return redirect(url_for("citizen.parent_more", token=token, told=1, danger=1 if danger else None), 303)


def _cover(link: LinkView, *, error: str) -> ResponseReturnValue:
    return render_template(
        "citizen/firearms/parent.html",
        link=link,
        sent="sent" in request.args or link.code_wanted,
        errors=[{"text": error, "href": "#words"}] if error else [],
    )


def _questions(link: LinkView, token: str, raws: Boxes, messages: list[tuple[str, str]]) -> ResponseReturnValue:
    rows = few_questions.rows(load_asked(_QUESTIONS).questions, raws, messages)
    return render_template(
        "citizen/firearms/parent_questions.html",
        asked=rows,
        applicant=link.applicant,
        what=_what(link.kind, link.licence),
        errors=[{"text": text, "href": f"#{name}"} for name, text in messages],
        back_url=url_for("citizen.parent", token=token),
    )


def _what(kind: Kind | None, licence: Licence | None) -> str:
    """What the young person asks for, as a parent would say it; never which gun (practice 27)."""
    of_certificates = {
        Licence.SHOTGUN: gettext("a shotgun certificate"),
        Licence.FIREARM: gettext("a firearm certificate"),
        Licence.COTERMINOUS: gettext("a firearm certificate and a shotgun certificate"),
    }
    if kind in (Kind.GRANT, Kind.RENEWAL) and licence in of_certificates:
        return of_certificates[licence]
    return {
        Kind.VARIATION: gettext("a change of a firearm certificate"),
        Kind.REPLACEMENT: gettext("a new copy of a certificate"),
        Kind.CHANGE: gettext("a new name or address on a certificate"),
        Kind.VISITOR_PERMIT: gettext("a permit for a visitor with guns"),
        Kind.TRANSFER_NOTICE: gettext("a note that a gun changed hands"),
        Kind.SURRENDER: gettext("to give up a certificate or gun"),
    }.get(kind or Kind.GRANT, gettext("a licence for guns"))


def _more(link: LinkView, words: str, error: str) -> ResponseReturnValue:
    return render_template(
        "citizen/firearms/parent_more.html",
        thanks="thanks" in request.args,
        told="told" in request.args,
        danger="danger" in request.args,
        agreed=link.state == "answered",
        over=link.over,
        words=words,
        error=error,
    )

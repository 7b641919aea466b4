"""The conversation's page, and what is said on it: stored, then acknowledged; once; and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from contact.domain import screen
from contact.domain.errors import ContactClosedTooLong, ReasonNeeded, TooManyTries
from contact.services import chat, chat_marks
from contact.services.chat import Begun
from contact.services.typed import LONGEST, one_time_key
from contact.store import chats, forces
from contact.store.identifiers import new_id
from contact.web.shared import clock, database
from contact.web.shared.chat import beginning, words
from contact.web.shared.chat.place import ChatPlace
from contact.web.shared.failures import NotProven
from contact.web.shared.language import current_language, gettext
from contact.web.shared.proofs import prove_contact
from contact.web.shared.request_actor import act_for_contact
from contact.web.shared.typed import showable

Around = Callable[[], dict[str, Any]]
"""What stands beside the conversation; asked for only where a page is drawn, since most messages come by the script."""
IN_A_MINUTE = 20
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _NotTaken:
    """What was wrong with a message, in words that stand beside its box."""

    words: str
    status: int


def page(
    place: ChatPlace, template: str, around: Around, *, typed: str = "", error: str = "", status: int = 200
) -> ResponseReturnValue:
    """The conversation as it stands; with what was typed where something was wrong with it."""
    session, language, now = database.session()(), current_language(), clock.utcnow()
    standing = chats.standing(session, contact_id=place.contact_id)
    if standing is None:
        raise NotProven(what="contact")
    force = forces.get(session, force_id=place.force_id)
    lines = [words.told(line, language) for line in chat.thread(session, contact_id=place.contact_id)]
    who = chat.who_talks(standing.state)
    advised = standing.advised_at is not None and now - standing.advised_at < words.ADVICE_STANDS
    html = render_template(
        template,
        place=place,
        lines=lines,
        names=words.names(force.name_in(language)),
        marks=words.marks(),
        read_to=standing.read_to,
        seen=lines[-1]["position"] if lines else 0,
        who=who,
        talks=talks(place)[who],
        offer=words.offer(standing.offered_form, place.force_id, language) if standing.offered_form else None,
        advised=advised or "danger" in request.args,
        key=str(new_id()),
        typed=typed,
        error=error,
        script_words=_script_words(),
        **around(),
    )
    return html, status


def talks(place: ChatPlace) -> dict[str, str]:
    """Who answers now, in words, for each who may."""
    force = forces.get(database.session()(), force_id=place.force_id)
    return words.talks_in_words(words.duty(force, clock.utcnow()), current_language())


def say(place: ChatPlace, template: str, around: Around) -> ResponseReturnValue:
    """Take one message: to the page's script as JSON, to a plain form as the page that follows."""
    typed = showable(request.form.get("body", ""))
    taken = _take(place, typed)
    if isinstance(taken, Begun):
        return _go_on(place, taken)
    if isinstance(taken, _NotTaken):
        if _asked_by_script():
            return jsonify(words=taken.words), taken.status
        return page(place, template, around, typed=typed, error=taken.words, status=taken.status)
    if _asked_by_script():
        return jsonify(advise_999=taken.advise_999)
    _note_reached(place, read=True)  # the page's script says so by itself
    mark = {"danger": 1} if taken.advise_999 else {}
    return redirect(place.url("talk", **mark) + ("#danger" if mark else "#newest"), 303)


def _go_on(place: ChatPlace, begun: Begun) -> ResponseReturnValue:
    """It was closed too long ago: the message has begun a chat of its own, and this browser holds that one too."""
    prove_contact(begun.reference, begun.contact_id, new_id=False)
    act_for_contact(begun.contact_id)
    danger = 1 if begun.screening.advise_999 else None
    address = replace(place, named={**place.named, "reference": begun.reference}).url("talk", danger=danger)
    return jsonify(go_on=address) if _asked_by_script() else redirect(address, 303)


def _take(place: ChatPlace, typed: str) -> chat.Received | Begun | _NotTaken:
    if len(typed) > LONGEST:
        over = gettext("Your message is %(over)s characters too long") % {"over": f"{len(typed) - LONGEST:,}"}
        return _NotTaken(over, 422)
    session, now = database.session()(), clock.utcnow()
    key = one_time_key(place.reference, request.form.get("key", "")[:40], words=typed)
    try:
        if not screen.screen(typed).advise_999:  # danger is never told to wait
            _keep_pace(place, now)
        return chat.say(session, contact_id=place.contact_id, body=typed, now=now, once_key=key)
    except TooManyTries as too_many:
        return _NotTaken(_wait_in_words(too_many.retry_after_seconds or 60), 429)
    except ReasonNeeded:
        return _NotTaken(gettext("Write your message"), 422)
    except ContactClosedTooLong:
        return _begin_anew(place, typed, key, now)


def _begin_anew(place: ChatPlace, typed: str, key: str, now: datetime) -> Begun | _NotTaken:
    keys = beginning.keys()
    try:
        return chat.begin_anew(
            database.session()(), contact_id=place.contact_id, body=typed, keys=keys, now=now, once=key
        )
    except ContactClosedTooLong:  # the source stands apart (practice 17)
        return _NotTaken(closed_too_long(), 422)


def closed_too_long() -> str:
    """What is said where nothing may go on from what was closed long ago."""
    return gettext(
        "This report was closed more than 28 days ago. Please start a new report and give this reference in it"
    )


def _keep_pace(place: ChatPlace, now: datetime) -> None:
    """So many messages a minute. What is stored is what counts: no counter to lock or to commit beforehand.

    Raises TooManyTries.
    """
    pace = chats.pace(database.session()(), contact_id=place.contact_id, since=now - A_MINUTE)
    if pace.count >= IN_A_MINUTE and pace.first_at is not None:
        free_at = pace.first_at + A_MINUTE
        raise TooManyTries(until=free_at, retry_after_seconds=max(1, int((free_at - now).total_seconds())))


def _wait_in_words(seconds: int) -> str:
    told = gettext(
        "We have everything that stands above. This message is not sent yet, and is still in the box. Send it again in "
        "%(seconds)s seconds"
    )
    return told % {"seconds": seconds}


def reached(place: ChatPlace) -> ResponseReturnValue:
    """The page's script says how far the conversation is on its screen; `read`: somebody has the page before them."""
    _note_reached(place, read=request.form.get("read") == "yes")
    return jsonify(reached=True)


def _note_reached(place: ChatPlace, *, read: bool) -> None:
    seen = request.form.get("seen", "")
    if seen.isascii() and seen.isdecimal() and len(seen) < 10:
        chat_marks.reached(
            database.session()(), contact_id=place.contact_id, up_to=int(seen), read=read, now=clock.utcnow()
        )


def _asked_by_script() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _script_words() -> dict[str, Any]:
    """What the script says: never made there."""
    return {
        "sending": gettext("Sending your message."),
        "sent": gettext("Your message is sent."),
        "away": gettext(
            "We cannot reach the service. Your message is not sent yet, and is still in the box. Try again"
        ),
        "offline": gettext("No connection. We try again by ourselves. What you typed is kept in the box."),
        "live": gettext("New messages appear by themselves."),
        "ended": gettext(
            "This chat has ended on this device. To come back to it, use your reference and four words on the page to "
            "check progress."
        ),
        "empty": gettext("Write your message"),
    }

"""May I apply? A page that answers in words and keeps nothing; it never says no, since a person decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from contact.domain.clocks import LONDON
from contact.domain.licensing.eligibility import Bar, Flag, Length, Limit, Sentence, limits_at, statutory_bars
from contact.domain.licensing.kinds import Licence
from contact.web.citizen.blueprint import room
from contact.web.citizen.fields.registry import read
from contact.web.citizen.firearms import few_questions
from contact.web.citizen.firearms.few_questions import Boxes
from contact.web.citizen.start import known_force
from contact.web.citizen.typed import typed_boxes
from contact.web.citizen.wording import told_day
from contact.web.shared import clock
from contact.web.shared.access import public
from contact.web.shared.frame import never_store
from contact.web.shared.language import current_language, gettext
from forms.asked import load_asked

QUESTIONS = "firearms-eligible"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the page answers: where to go instead, what stands in the way, and what a young holder may not do."""

    elsewhere: str
    bars: list[str]
    limits: list[str]


@room.get("/firearms/eligible")
@public
def eligible() -> ResponseReturnValue:
    """The questions."""
    return _page(few_questions.empty(load_asked(QUESTIONS).questions), [], None)


@room.post("/firearms/eligible")
@public
def eligible_answer() -> ResponseReturnValue:
    """The answer, on this page: nothing is kept, so there is no address that could show it again."""
    now, language, posted = clock.utcnow(), current_language(), typed_boxes()
    reads = [
        read(
            each,
            {name: boxes for name, boxes in posted.items() if name == each.id or name.startswith(f"{each.id}-")},
            language=language,
            now=now,
        )
        for each in load_asked(QUESTIONS).questions
    ]
    raws = {each.question.id: each.raw for each in reads}
    messages = [message for each in reads for message in each.messages]
    if messages:
        return _page(raws, messages, None)
    return _page(raws, [], _outcome({each.question.id: each.answer.value for each in reads}, now))


def _outcome(answers: Mapping[str, Any], now: dt.datetime) -> Outcome:
    if answers["nation"] in _ELSEWHERE:
        return Outcome(answers["nation"], [], [])
    age = int(answers["age"])
    flags = statutory_bars(
        licence=Licence(answers["licence"]),
        age=age,
        sentences=[_sentence(code, answers) for code in answers["sentence"] if code != "none"],
        today=now.astimezone(LONDON).date(),
    )
    return Outcome("", [_bar(flag) for flag in flags], [_limit(each) for each in limits_at(age)])


_ELSEWHERE = frozenset({"northern-ireland", "elsewhere"})
_DAY_OF = {Length.UNDER_3_YEARS: "released", Length.SUSPENDED: "suspendedOn"}


def _sentence(code: str, answers: Mapping[str, Any]) -> Sentence:
    length = Length(code)
    day = answers.get(_DAY_OF.get(length, "")) or None
    return Sentence(length, dt.date.fromisoformat(day) if day else None)


def _bar(flag: Flag) -> str:
    if flag.bar is Bar.UNDER_14:
        return gettext("Nobody under 14 may hold a firearm certificate. A shotgun certificate has no youngest age.")
    if flag.bar is Bar.FOR_LIFE:
        return gettext("Whoever was sentenced to 3 years or more is banned by law from guns and ammunition for life.")
    after = flag.bar is Bar.AFTER_RELEASE
    if flag.day_missing:
        if after:
            return gettext(
                "After a sentence of 3 months or more but less than 3 years, the law bans a person from guns for 5 "
                "years from the day of release. Give that day below to see if the 5 years are over."
            )
        return gettext(
            "After a suspended sentence of 3 months or more, we think the law bans a person from guns for 5 years. "
            "Give the day of the sentence below to see if they are over. A licensing officer checks this."
        )
    day = _told(flag)
    if after:
        return gettext("After your sentence the law bans you from having guns until %(day)s.") % {"day": day}
    return gettext(
        "After your suspended sentence we think the law bans you from having guns until about %(day)s. A licensing "
        "officer checks the day."
    ) % {"day": day}


def _told(flag: Flag) -> str:
    if flag.until is None:
        return ""
    return told_day(dt.datetime.combine(flag.until, dt.time(12), tzinfo=LONDON))


def _limit(limit: Limit) -> str:
    return {
        Limit.SHOTGUN_SUPERVISED: gettext(
            "Until you are 15 you may have an assembled shotgun with you only while someone aged 21 or older watches "
            "over you, or while it is in a closed cover."
        ),
        Limit.NO_BUYING: gettext("Until you are 18 you may not buy or hire a gun or ammunition."),
        Limit.PARENT_CONSENTS: gettext("Until you are 18 a parent or guardian must agree on the form."),
    }[limit]


def _page(raws: Boxes, messages: list[tuple[str, str]], outcome: Outcome | None) -> ResponseReturnValue:
    never_store()
    rows = few_questions.rows(load_asked(QUESTIONS).questions, raws, messages)
    return render_template(
        "citizen/firearms/eligible.html",
        asked=rows,
        errors=[{"text": text, "href": f"#{name}"} for name, text in messages],
        outcome=outcome,
        force_id=known_force(),
    )

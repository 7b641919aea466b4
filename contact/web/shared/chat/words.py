"""A conversation in words: who answers now, when a person is there by the force's hours, and each line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import forms
from contact.domain.clocks import add_staffed, is_staffed
from contact.gateways.wording import clock_time, when
from contact.services import force_clocks, form_from_chat
from contact.services.chat import ChatLine
from contact.store.forces import ForceView
from contact.web.shared.filters import london, machine_time
from contact.web.shared.language import gettext

ADVICE_STANDS = dt.timedelta(minutes=30)
"""How long a chat's page shows the advice to ring 999 before all else."""
WORD_FOR_A_PERSON = "PERSON"
"""The one word that reaches a person at any moment; the same in both languages."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Whether somebody is on duty by the force's published hours, and from when on; `opens_at` None: they are."""

    opens_at: dt.datetime | None

    def in_words(self, language: str) -> str:
        """One sentence; it promises no time at which anybody answers."""
        if self.opens_at is None:
            return gettext("By the force’s hours somebody is on duty now.")
        at = when(self.opens_at, language)
        words = gettext("By the force’s hours nobody is on duty now. Somebody is there again at %(at)s.")
        return words % {"at": at}


def duty(force: ForceView, now: dt.datetime) -> Duty:
    """Who is there now."""
    free_days = force_clocks.bank_holidays(force.nation)
    if is_staffed(now, hours=force.hours, holidays=free_days):
        return Duty(None)
    minute = dt.timedelta(minutes=1)
    return Duty(add_staffed(now, 1, hours=force.hours, holidays=free_days) - minute)


def talks_in_words(duty: Duty, language: str) -> dict[str, str]:
    """What the page says of each: ready for a stream, which knows no request."""
    waiting = gettext("A person will answer you here. You can go on writing.")
    return {
        "bot": gettext("An automated assistant answers you now. To reach a person, send the word %(word)s.")
        % {"word": WORD_FOR_A_PERSON},
        "waiting": f"{waiting} {duty.in_words(language)}",
        "person": gettext("A person has your chat now."),
        "closed": gettext("This chat is closed. If you write again within 28 days, it opens again."),
    }


def names(brand: str) -> dict[str, str]:
    """Who says a line."""
    return {
        "me": gettext("You"),
        "person": brand,
        "bot": gettext("Automated assistant"),
        "system": gettext("Automated message"),
    }


def marks() -> dict[str, str]:
    """How far a message of the person's own got."""
    return {"stored": gettext("Delivered"), "read": gettext("A person has read this.")}


NO_OFFER: dict[str, Any] = {"words": "", "carries": False}


def offer(form_id: str, force_id: str, language: str) -> dict[str, Any] | None:
    """The form that the assistant offers, by its title, and whether it `carries` what was said; None for one that is
    not served any more.
    """
    if form_id not in forms.form_ids():
        return None
    title = forms.compile_for(form_id, force_id).form.title.in_(language)
    return {"words": title, "carries": form_from_chat.carries(form_id, force_id=force_id)}


def told(line: ChatLine, language: str) -> dict[str, Any]:
    """A line as the template and the page's script draw it: words only, no markup.

    The day stands only where it is another than that of the line before, by `day`.
    """
    return {
        "position": line.position,
        "who": line.who,
        "body": line.body,
        "at": when(line.at, language),
        "time": clock_time(line.at, language),
        "day": london(line.at).date().isoformat(),
        "at_iso": machine_time(line.at),
        "read": line.who == "me" and line.read_at is not None,
    }

"""A report's progress for its reporter, in plain words: only what has truly happened, and what is promised."""

from __future__ import annotations

from contact.domain.states import ContactState
from contact.services.progress import Progress
from contact.web.citizen.wording import Line, answer_line, line, look_line
from contact.web.shared.language import gettext


def state_in_words(report: Progress) -> str:
    """One sentence: where it stands now."""
    if report.state is ContactState.CLOSED:
        return gettext("We have finished with this report. You can still send us a message.")
    if report.state is ContactState.WITH_AGENT:
        return gettext("Somebody is working on your report now.")
    if report.answered_at is not None:
        return gettext("We have answered you. See our message below.")
    if report.looked_at is not None:
        return gettext("A person has read your report. You have no answer yet.")
    return gettext("Your report is waiting for a person to read it.")


def timeline(report: Progress) -> list[Line]:
    """What happened, oldest first, then what comes."""
    found = [line(gettext("You sent your report"), report.received_at)]
    if report.looked_at is not None:
        found.append(line(gettext("A person read it"), report.looked_at))
    if report.answered_at is not None:
        found.append(line(gettext("We answered you"), report.answered_at))
    if report.closed_at is not None:
        found.append(line(gettext("We closed it"), report.closed_at))
    found.sort(key=lambda each: each.at_iso)
    if report.closed_at is not None:
        return found
    if report.looked_at is None:
        found.append(look_line(report.received_at, report.look_by))
    if report.answered_at is None:
        found.append(answer_line(report.received_at, report.answer_by))
    return found

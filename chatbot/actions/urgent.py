"""What comes before any question: danger, the wish for a person, words nobody can read, and matters for people only."""

from collections.abc import Mapping
from dataclasses import replace

from actions.book import Question
from actions.codes import urgency
from actions.moment import Decision, Moment, is_urgent_now
from actions.questioning import CONTACT, next_question
from actions.triage import raised

_OF_PICTURES = frozenset({"sexual_offence", "child", "child_protection"})
"""Where people may send pictures that nobody may have (practice 6)."""


def emergency(moment: Moment) -> Decision | None:
    """Danger: nothing of the bot's own, the service's fixed words stand alone (practice 4 and 12)."""
    found = moment.graded
    model = found is not None and found.grade == "emergency"
    advised = found is not None and found.advise_999 and urgency(found.grade) >= urgency("priority")
    advised = advised and not moment.heard.guessed
    if not (moment.said_in_danger or model or (advised and not moment.sensitive)):
        return None
    reasons = ("said_in_danger",) if moment.said_in_danger else ()
    return Decision(hand_over="emergency", advise_999=True, reasons=reasons)


def person(moment: Moment) -> Decision | None:
    """One word is enough, at any moment; the service says that a person carries on."""
    if moment.wish != "ask_for_person":
        return None
    return Decision(hand_over="asked_for_person", reasons=("asked_for_person",))


def silence(moment: Moment) -> Decision | None:
    """Nothing that can be read goes to a person, never to silence (taxonomy: what nobody can read is priority)."""
    if moment.wish != "silence":
        return None
    return Decision(
        say=(moment.line("no_words"),),
        hand_over="low_confidence",
        reasons=("no_words",),
        changes=_at_least_priority(moment),
    )


def other_language(moment: Moment) -> Decision | None:
    """What nobody can read yet is at least priority until it is understood (practice 11)."""
    if moment.wish != "other_language":
        return None
    about: Mapping[str, object] = moment.book.languages.get(moment.foreign, {})
    own = str(about.get("reply", ""))
    flags = tuple(dict.fromkeys((*moment.state.flags, "language_barrier")))
    changes = {**_at_least_priority(moment), "flags": flags}
    return Decision(say=(own,) if own else (), hand_over="other_language", reasons=("other_language",), changes=changes)


def _at_least_priority(moment: Moment) -> dict[str, object]:
    state = raised(moment.state, "priority")
    return {"grade": state.grade, "grade_confidence": state.grade_confidence}


def sensitive(moment: Moment) -> Decision | None:
    """One kind sentence, where help is, how it is safe to be reached, and a person; nothing else is asked."""
    kind = moment.sensitive
    if not kind:
        return None
    child = kind in {"child", "child_plain"}
    asks = "" if moment.contact_known or moment.state.asked.get(CONTACT) else CONTACT
    if not asks and moment.state.asked.get(CONTACT):
        return Decision(say=(moment.line("thank_you_person"),), hand_over="sensitive", reasons=("sensitive",))
    say = []
    if moment.heard.channel == "sms" and kind != "suicide":
        # Shows nothing on a locked screen.
        say.append(moment.line("sensitive_sms_pictures" if kind in _OF_PICTURES else "sensitive_sms"))
    else:
        support = moment.book.support(kind)
        say.append(moment.line(f"kind_{kind}" if f"kind_{kind}" in moment.book.lines else "kind"))
        say.extend([moment.words(support)] if support else [])
    if asks:
        say.append(moment.line("safe_contact_child" if child else "safe_contact"))
    return Decision(say=tuple(say), asks=asks, hand_over="sensitive", reasons=("sensitive",))


def priority(moment: Moment) -> Decision | None:
    """Waiting does harm: a person looks at once, and has the answer to one question when they do."""
    if not (moment.unsure_of_danger or is_urgent_now(moment)):
        return None
    opening = moment.book.opening_of(moment.state.category, moment.heard.day)
    question = first_useful(moment)
    say = [moment.words(opening)] if opening else []
    say.append(moment.line("urgent"))
    say.extend([question.text.on(moment.heard.channel, moment.state.language)] if question else [])
    return Decision(
        say=tuple(say),
        asks=question.id if question else "",
        hand_over="urgent",
        answer=opening.id if opening else "",
        reasons=("said_unsure_of_danger",) if moment.unsure_of_danger else (),
    )


def first_useful(moment: Moment) -> Question | None:
    """The next question that is not about danger: that has just been dealt with."""
    state = replace(moment.state, answered=(*moment.state.answered, "danger"))
    return next_question(state, moment.book, contact_known=moment.contact_known)

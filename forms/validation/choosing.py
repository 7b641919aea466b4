"""Answers chosen from a list: only codes the question offers, and no answer beside an exclusive one."""

from __future__ import annotations

from forms.parts import Question
from forms.validation.answer import Answer, Raw, fault


def validate_choice(question: Question, raw: Raw) -> Answer:
    """One code."""
    chosen = list(dict.fromkeys(code for code in raw.get(question.id, []) if code))
    if not chosen:
        return Answer()
    if len(chosen) > 1 or question.option(chosen[0]) is None:
        return fault("not_an_option")
    return Answer(chosen[0])


def validate_choices(question: Question, raw: Raw) -> Answer:
    """Codes, in the question's own order."""
    chosen = {code for code in raw.get(question.id, []) if code}
    if not chosen:
        return Answer()
    if not chosen <= {option.code for option in question.options}:
        return fault("not_an_option")
    for option in question.options:
        if option.exclusive and option.code in chosen and len(chosen) > 1:
            return fault("exclusive", option=option.label)
    return Answer([option.code for option in question.options if option.code in chosen])

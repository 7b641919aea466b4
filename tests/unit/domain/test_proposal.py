"""The machine proposes: rules may raise what the form suggests and never lower it, and every proposal says why."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact.domain import proposal
from contact.domain.proposal import Reason, propose
from contact.domain.screen import Screening, combined, screen
from contact.domain.taxonomy import Category, Flag, Grade

C, G = Category, Grade
NOTHING = combined([])


@dataclass(frozen=True)
class Suggestion:
    """A form's hint, as the form engine gives it."""

    code: str = ""
    grade: str | None = None
    flags: Sequence[str] = field(default=())
    advise_999: bool = False
    reason_code: str = "suggested"


def heard(grade: Grade | None, *, flags: tuple[Flag, ...] = (), advise: bool = False) -> Screening:
    return Screening(advise, grade, flags, ("heard",) if grade else (), "screen-test")


@pytest.mark.parametrize(
    ("category", "hint", "screened", "grade"),
    [
        (C.THEFT, None, None, G.STANDARD),
        (C.GENERAL_ENQUIRY, None, None, G.ENQUIRY),
        (C.NOT_POLICE, None, None, G.ENQUIRY),
        (C.THEFT, G.PRIORITY, None, G.PRIORITY),
        (C.THEFT, G.ENQUIRY, None, G.STANDARD),
        (C.THEFT, None, G.EMERGENCY, G.EMERGENCY),
        (C.THEFT, G.EMERGENCY, G.PRIORITY, G.EMERGENCY),
        (C.SEXUAL_OFFENCE, G.PRIORITY, None, G.PRIORITY),
        (C.CASE_UPDATE, None, G.PRIORITY, G.PRIORITY),
        (C.COMPLAINT_FEEDBACK, None, G.EMERGENCY, G.EMERGENCY),
    ],
)
def test_the_gravest_grade_wins(category: Category, hint: Grade | None, screened: Grade | None, grade: Grade) -> None:
    hints = [Suggestion(grade=hint)] if hint else []
    assert propose(category=category, hints=hints, screening=heard(screened)).grade is grade


@given(
    st.sampled_from(Category),
    st.lists(st.builds(Suggestion, grade=st.none() | st.sampled_from(Grade), advise_999=st.booleans()), max_size=4),
    st.none() | st.sampled_from(Grade),
)
def test_more_reasons_never_lower_anything(category: Category, hints: list[Suggestion], screened: Grade | None) -> None:
    fewer = propose(category=category, hints=hints[:-1], screening=NOTHING)
    more = propose(category=category, hints=hints, screening=heard(screened, advise=screened is G.EMERGENCY))
    assert more.grade.urgency >= fewer.grade.urgency
    assert more.advise_999 >= fewer.advise_999
    assert set(fewer.flags) <= set(more.flags)
    assert more.reasons


def test_an_ordinary_theft_says_that_nothing_urgent_was_found() -> None:
    proposal = propose(category=C.THEFT, hints=[], screening=screen("My bike went from outside the library"))
    assert (proposal.category, proposal.grade, proposal.advise_999, proposal.flags) == (C.THEFT, G.STANDARD, False, ())
    assert [reason.code for reason in proposal.reasons] == ["nothing_urgent_found"]
    assert proposal.version.startswith("rules-")


def test_words_that_alarm_more_than_the_form_make_the_machine_less_sure() -> None:
    sure = propose(category=C.THEFT, hints=[], screening=NOTHING)
    alarmed = propose(category=C.THEFT, hints=[], screening=screen("he is outside my house with a knife"))
    foreign = propose(category=C.THEFT, hints=[], screening=screen("დამეხმარეთ, ვიღაც სახლშია"))
    assert sure.confidence > alarmed.confidence > foreign.confidence
    assert alarmed.advise_999
    assert alarmed.grade is G.EMERGENCY
    assert Flag.WEAPON in alarmed.flags
    assert foreign.grade is G.PRIORITY
    assert Flag.LANGUAGE_BARRIER in foreign.flags


def test_a_graver_category_of_the_form_wins() -> None:
    hints = [Suggestion(code="robbery", reason_code="force_was_used")]
    assert propose(category=C.THEFT, hints=hints, screening=NOTHING).category is C.ROBBERY


def test_reasons_are_codes_once_each_and_go_to_the_store() -> None:
    hints = [Suggestion(reason_code="within_7_days"), Suggestion(reason_code="within_7_days")]
    proposal = propose(category=C.SEXUAL_OFFENCE, hints=hints, screening=heard(G.PRIORITY))
    assert proposal.reasons == (Reason("within_7_days", "form"), Reason("heard", "screen"))
    assert proposal.reasons[0].to_json() == {"code": "within_7_days", "source": "form"}


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("he has a knife and he is hitting her", C.ASSAULT),
        ("my husband hits me and I am scared", C.DOMESTIC_ABUSE),
        ("I have taken an overdose", C.WELFARE_CONCERN),
        ("my daughter has been missing since lunch", C.MISSING_PERSON),
        ("there is someone in my garden", C.GENERAL_ENQUIRY),
    ],
)
def test_where_no_form_says_what_it_is_the_words_do(words: str, category: Category) -> None:
    """The emergency door asks only what is happening; a form's own category is never talked over."""
    assert propose(category=C.GENERAL_ENQUIRY, hints=[], screening=screen(words)).category is category
    assert propose(category=C.BURGLARY, hints=[], screening=screen(words)).category is C.BURGLARY


def test_every_code_that_names_a_category_is_one_of_the_screen() -> None:
    """A renamed rule of the screen is noticed here."""
    codes = {
        rule["code"]
        for name in ("en", "cy")
        for rule in json.loads(files("contact.domain").joinpath(f"data/danger.{name}.json").read_text("utf-8"))["rules"]
    }
    assert set(proposal._HEARD) <= codes

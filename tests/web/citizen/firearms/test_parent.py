"""A parent's link: words to their own phone, yes or no once, and nobody agrees in their place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from contact.domain.access import Role as Job
from contact.domain.licensing.outsiders import RefereeFlag, RefereeState, Role
from contact.services.keys import Keys
from contact.services.licensing import parents, referees
from contact.services.licensing.referees import RefereeView
from contact.settings import Settings
from contact.store import models
from tests.support.cases import Cases
from tests.support.clients import Clock, StrictClient
from tests.support.licensing import Applied, apply
from tests.web.citizen.firearms.conftest import REFEREES, Outside

AGREES = {"relation": "parent", "agrees": "yes", "fullName": "Ana Tregear", "worry": ""}
THEIRS = {
    "parentName": {"given": "Ana", "surname": "Tregear"},
    "parentRelation": "parent",
    "parentContact": "07700 900533 or ana.tregear@mail.example",
    "parentConsent": ["agree", "read"],
}
Apply = Callable[..., Applied]


@pytest.fixture
def young(cases: Cases, clock: Clock, settings: Settings) -> Apply:
    """Sends a renewal of somebody who is 17 today; their answers may be changed."""

    def send(**changed: Any) -> Applied:  # noqa: ANN401 - any answer
        born = (clock.now - dt.timedelta(days=17 * 366)).date().isoformat()
        keys = Keys.from_settings(settings)
        return apply(cases, {"dateOfBirth": born, **THEIRS, **changed}, now=clock.now, keys=keys)

    return send


def seen(cases: Cases, applied: Applied) -> RefereeView:
    """What a licensing officer of the force sees of the parent."""
    officer = cases.agent(Job.LICENSING_OFFICER, force=applied.force_id)
    with cases.acting(officer.actor) as session:
        (found,) = referees.list_for_officer(session, contact_id=applied.contact_id, role=Role.PARENT)
        assert referees.list_for_officer(session, contact_id=applied.contact_id) == []
    return found


def id_of(cases: Cases, applied: Applied) -> UUID:
    (row,) = [each for each in cases.rows(models.Referee, applied.contact_id) if each.role == "parent"]
    return UUID(str(row.id))


def confirm(client: StrictClient, outside: Outside, applied: Applied) -> str:
    """Open the link and give the words; answers its path."""
    (link,) = outside.ask(applied.contact_id)
    client.send(link, {"go": "code"})
    answer = client.send(link, {"go": "check", "words": outside.code(id_of(outside.cases, applied))})
    assert answer.headers["Location"] == f"{link}/agree"
    return link


def test_the_mail_and_the_link_alone_name_nobody(client: StrictClient, outside: Outside, young: Apply) -> None:
    (link,) = outside.ask(young().contact_id)
    assert link.startswith("/firearms/parent/")
    assert outside.mails[0]["To"] == "ana.tregear@mail.example"
    page = client.get(link).get_data(as_text=True)
    for words in (page, outside.mails[0].get_content() + str(outside.mails[0]["Subject"])):
        assert "Tregear" not in words.replace("ana.tregear", "")
        assert "otgun" not in words
    assert outside.texts == []
    for more in ("agree", "more"):
        assert client.get(f"{link}/{more}").status_code == 403
    assert client.get(link.replace("parent", "referee")).status_code == 410


def test_from_the_words_to_a_yes_that_licensing_alone_reads(
    client: StrictClient, outside: Outside, cases: Cases, young: Apply
) -> None:
    applied = young()
    link = confirm(client, outside, applied)
    assert outside.texts[0][0] == "+447700900533"
    page = client.get(f"{link}/agree").get_data(as_text=True)
    assert "Rowan Tregear is under 18 and asks for: a shotgun certificate" in page
    answer = client.send(f"{link}/agree", AGREES)
    assert "thanks" in answer.headers["Location"]
    done = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert '<h1 class="govuk-heading-l">We have your answer</h1>' in done
    assert "you agree" in done
    assert "(optional) (optional)" not in page
    found = seen(cases, applied)
    assert (found.state, found.flags) == (RefereeState.ANSWERED, ())
    assert ("Type your full name", "Ana Tregear") in found.answers
    assert cases.rows(models.Application, applied.contact_id)[0].unread
    assert client.get(f"{link}/agree").headers["Location"] == f"{link}/more"
    client.send(f"{link}/agree", {**AGREES, "agrees": "no"}, page=f"{link}/more")
    assert seen(cases, applied).state is RefereeState.ANSWERED, "said once"
    with cases.acting(applied.applicant) as session:
        assert referees.list_for_officer(session, contact_id=applied.contact_id, role=Role.PARENT) == []


def test_no_is_an_answer_and_a_change_of_mind_reaches_the_team(
    client: StrictClient, outside: Outside, cases: Cases, young: Apply
) -> None:
    applied = young()
    link = confirm(client, outside, applied)
    answer = client.send(f"{link}/agree", {**AGREES, "agrees": "no"})
    assert "you do not agree" in client.get(answer.headers["Location"]).get_data(as_text=True)
    assert seen(cases, applied).state is RefereeState.DECLINED
    assert "Write what you want" in client.send(f"{link}/more", {"body": " "}).get_data(as_text=True)
    assert client.send(f"{link}/more", {"body": "I have thought again"}).status_code == 303
    assert [each.body for each in seen(cases, applied).concerns] == ["I have thought again"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"relation": ""}, "Choose who you are to this young person"),
        ({"agrees": ""}, "Choose yes or no"),
        ({"fullName": " "}, "Type your full name"),
        ({"relation": "neither"}, "Only a parent, or who looks after them by law, can agree"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    client: StrictClient, outside: Outside, cases: Cases, young: Apply, changed: dict[str, str], said: str
) -> None:
    applied = young()
    link = confirm(client, outside, applied)
    page = client.send(f"{link}/agree", {**AGREES, "worry": "He is so quiet", **changed}).get_data(as_text=True)
    assert said in page
    assert "He is so quiet" in page
    assert seen(cases, applied).state is RefereeState.CONFIRMED


def test_the_browser_that_holds_the_application_cannot_agree_in_the_parents_place(
    client: StrictClient, outside: Outside, cases: Cases, young: Apply
) -> None:
    applied = young()
    (link,) = outside.ask(applied.contact_id)
    client.send("/progress", {"reference": applied.reference, "words": applied.words})
    for given in ({"go": "code"}, {"go": "check", "words": "amber river plain seven"}):
        assert "open in this browser" in client.send(link, given).get_data(as_text=True)
    assert outside.texts == []
    assert seen(cases, applied).state is RefereeState.ASKED


@pytest.mark.parametrize(
    ("changed", "flag"),
    [
        ({"parentContact": "rowan.tregear@mail.example"}, RefereeFlag.APPLICANT_EMAIL),
        ({"parentName": {"given": "Rowan", "surname": "Tregear"}}, RefereeFlag.IS_APPLICANT),
        ({"parentContact": "3 Mill Lane, Histon"}, RefereeFlag.NO_EMAIL),
    ],
)
def test_nothing_goes_where_it_would_reach_the_applicant_or_nobody(
    outside: Outside, cases: Cases, young: Apply, changed: dict[str, Any], flag: RefereeFlag
) -> None:
    applied = young(**changed)
    assert outside.ask(applied.contact_id) == []
    found = seen(cases, applied)
    assert found.state is RefereeState.HELD
    assert flag in found.flags


def test_the_words_never_go_to_the_applicants_own_phone(
    client: StrictClient, outside: Outside, cases: Cases, young: Apply
) -> None:
    applied = young(phone="+447700900533")
    (link,) = outside.ask(applied.contact_id)
    assert "An officer will get in touch" in client.get(link).get_data(as_text=True)
    client.send(link, {"go": "code"})
    found = seen(cases, applied)
    assert (found.phone_e164, RefereeFlag.APPLICANT_PHONE in found.flags, outside.texts) == (None, True, [])


def test_a_grown_applicant_has_no_parent_asked_and_referees_are_asked_as_ever(
    cases: Cases, clock: Clock, outside: Outside
) -> None:
    applied = apply(cases, {"referees": REFEREES}, now=clock.now)
    assert len(outside.ask(applied.contact_id)) == 2
    assert {row.role for row in cases.rows(models.Referee, applied.contact_id)} == {"referee"}


def test_once_it_is_decided_nothing_more_is_asked(
    client: StrictClient, outside: Outside, cases: Cases, young: Apply
) -> None:
    applied = young()
    link = confirm(client, outside, applied)
    with cases.system.begin() as session:
        session.query(models.Application).filter_by(contact_id=applied.contact_id).update({"state": "refused"})
    assert client.send(f"{link}/agree", AGREES, page=f"{link}/more").headers["Location"].endswith("/more")
    assert seen(cases, applied).answers == ()
    assert "We no longer need your answer" in client.get(link).get_data(as_text=True)


def test_in_welsh(client: StrictClient, outside: Outside, young: Apply) -> None:
    link = confirm(client, outside, young())
    page = client.get(f"{link}/agree?lang=cy").get_data(as_text=True)
    assert "Dywedwch a ydych yn cytuno" in page
    assert "tystysgrif dryll haels" in page


@pytest.mark.parametrize(
    ("written", "email", "phone"),
    [
        ("ana@mail.example", "ana@mail.example", None),
        ("Call 07700 900 533, evenings", None, "+447700900533"),
        ("07700900533/ana.t@mail.example.", "ana.t@mail.example", "+447700900533"),
        ("3 Mill Lane, CB24 9AA", None, None),
        ("", None, None),
    ],
)
def test_one_box_is_read_for_both(written: str, email: str | None, phone: str | None) -> None:
    assert parents.reach_of(written) == parents.Reach(email, phone)

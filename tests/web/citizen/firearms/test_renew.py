"""Renewal: the same whether a certificate exists, four words to what is held, and a form that is already filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa

from contact.jobs.begin_renewals import prefill_renewal, send_renewal_code
from contact.services.keys import Keys
from contact.services.licensing import renewal_start
from contact.services.licensing.renewal_start import Attempt
from contact.settings import Settings
from contact.store import drafts, models
from tests.support.cases import Cases
from tests.support.clients import Clock, StrictClient
from tests.support.html_checks import parse, text_of
from tests.support.register import SHOTGUN, Held, holder
from tests.web.citizen.firearms.conftest import Outside

WHO = {"certificateNumber": "SG-7741", "surname": "Tregear", "born-day": "2", "born-month": "5", "born-year": "1974"}
NOBODY = UUID(int=0)


@pytest.fixture
def held(cases: Cases, clock: Clock) -> Iterator[Held]:
    """A shotgun certificate with one gun; taken away again, since a number must be found once only."""
    made = holder(cases, number="SG-7741", now=clock.now)
    yield made
    with cases.system.begin() as session:
        session.execute(sa.delete(models.Certificate).where(models.Certificate.id == made.id))


def attempt_of(cases: Cases, client: StrictClient) -> Attempt:
    """The latest try that a browser's session keeps; ids are in the order of time."""
    with cases.system() as session:
        query = sa.select(models.WebSession.data).where(models.WebSession.data.has_key("renewal"))
        data = session.scalars(query.order_by(models.WebSession.data["renewal"]["id"].astext.desc())).first()
    assert data is not None
    kept = data["renewal"]
    return Attempt(UUID(kept["id"]), UUID(kept["certificate_id"]), kept["force_id"], dt.datetime.now(dt.UTC))


def words_for(cases: Cases, client: StrictClient, settings: Settings) -> str:
    """The words that were, or would be, sent for this browser's try."""
    return renewal_start.code(Keys.from_settings(settings), attempt_of(cases, client).id).replace("-", " ")


@pytest.mark.parametrize("way", ["phone", "email"])
def test_the_words_go_to_what_is_held_and_to_nowhere_else(
    client: StrictClient, held: Held, cases: Cases, outside: Outside, settings: Settings, way: str
) -> None:
    client.send("/firearms/renew", {**WHO, "way": way})
    attempt = attempt_of(cases, client)
    assert attempt.certificate_id == held.id
    for _ in range(2):
        send_renewal_code(str(attempt.id), str(attempt.certificate_id), way)
    words = words_for(cases, client, settings)
    if way == "phone":
        assert outside.texts[0][0] == "+447700900414"
        assert words in outside.texts[0][1]
        return
    outside.post()
    (mail,) = outside.mails
    assert mail["To"] == "rowan.tregear@mail.example"
    assert words in mail.get_content()
    assert "SG-7741" not in mail.get_content()


def test_with_the_words_a_draft_begins_with_what_the_certificate_says(
    client: StrictClient, held: Held, cases: Cases, outside: Outside, settings: Settings, clock: Clock
) -> None:
    client.send("/firearms/renew", {**WHO, "way": "phone"})
    answer = client.send("/firearms/renew/words", {"words": words_for(cases, client, settings)})
    page = answer.headers["Location"]
    assert "read every answer" in client.get(page).get_data(as_text=True)
    draft_id = page.rsplit("/", 1)[1]
    for _ in range(2):
        prefill_renewal(draft_id, str(held.id))
    with cases.system() as session:
        answers = drafts.get(session, draft_id=UUID(draft_id)).answers
    assert answers["licences"] == "shotgun"
    assert answers["shotgunKind"] == "renewal"
    assert answers["shotgunCertificateNumber"] == "SG-7741"
    assert answers["shotgunExpiry"] == "2027-03-01"
    assert answers["reporterName"] == {"given": "Rowan", "surname": "Tregear"}
    assert answers["homeAddress"]["town"] == "Cambourne"
    assert client.get(f"/report/firearms-certificate/{draft_id}/tasks").status_code == 200


def test_what_was_answered_meanwhile_stays(cases: Cases, held: Held, clock: Clock, client: StrictClient) -> None:
    attempt = Attempt(UUID(int=7), held.id, cases.north, clock.now)
    with cases.web() as session:
        draft = renewal_start.begin(session, attempt=attempt, language="en", now=clock.now)
        drafts.get(session, draft_id=draft.id).answers = {"email": "other@mail.example"}
        session.commit()
    with cases.system.begin() as session:
        renewal_start.prefill(session, draft_id=draft.id, certificate_id=held.id, now=clock.now)
        answers = drafts.get(session, draft_id=draft.id).answers
    assert answers["email"] == "other@mail.example"
    assert answers["phone"] == "+447700900414"


@pytest.mark.parametrize(
    "wrong",
    [{"certificateNumber": "SG-0000"}, {"surname": "Somebody"}, {"born-year": "1975"}],
    ids=str,
)
def test_nothing_tells_whether_a_certificate_exists(
    client: StrictClient, held: Held, cases: Cases, outside: Outside, settings: Settings, wrong: dict[str, str]
) -> None:
    right = client.send("/firearms/renew", {**WHO, "way": "phone"})
    seen = client.get(right.headers["Location"]).get_data(as_text=True)
    other = client.application.test_client()
    assert isinstance(other, StrictClient)
    answer = other.send("/firearms/renew", {**WHO, "way": "phone", **wrong})
    assert (answer.status_code, answer.headers["Location"]) == (right.status_code, right.headers["Location"])
    shown = other.get(answer.headers["Location"]).get_data(as_text=True)
    assert text_of(parse(shown)[0]) == text_of(parse(seen)[0])
    attempt = attempt_of(cases, other)
    assert attempt.certificate_id == NOBODY
    send_renewal_code(str(attempt.id), str(attempt.certificate_id), "phone")
    assert outside.texts == []
    page = other.send("/firearms/renew/words", {"words": words_for(cases, other, settings)}).get_data(as_text=True)
    assert "Those words do not work" in page


def test_guessing_ends(client: StrictClient, held: Held, cases: Cases, settings: Settings) -> None:
    client.send("/firearms/renew", {**WHO, "way": "phone"})
    for _ in range(5):
        client.send("/firearms/renew/words", {"words": "amber river plain seven"})
    answer = client.send("/firearms/renew/words", {"words": words_for(cases, client, settings)})
    assert "Those words do not work" in answer.get_data(as_text=True)


def test_words_are_too_old_after_half_an_hour(
    client: StrictClient, held: Held, cases: Cases, settings: Settings, clock: Clock
) -> None:
    client.send("/firearms/renew", {**WHO, "way": "phone"})
    clock.advance(dt.timedelta(minutes=31))
    answer = client.send("/firearms/renew/words", {"words": words_for(cases, client, settings)})
    assert "Those words do not work" in answer.get_data(as_text=True)


def test_what_is_missing_is_said(client: StrictClient) -> None:
    page = client.send("/firearms/renew", {**WHO, "surname": "", "way": ""}).get_data(as_text=True)
    assert "Enter your surname" in page
    assert "Choose where we should send the words" in page
    assert "SG-7741" in page


def test_the_guns_are_filled_in_as_the_register_holds_them(cases: Cases, held: Held) -> None:
    with cases.system() as session:
        answers = renewal_start.held_answers(session, certificate_id=held.id)
    assert [gun["make"] for gun in answers["shotgunsHeld"]] == [SHOTGUN.make]
    assert answers["shotgunsHeldAny"] == "yes"

"""Renewal: the same whether a certificate exists, four words to what is held, and a form that is already filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa

from contact.domain.licensing.certificate_states import CertificateState
from contact.jobs.begin_renewals import prefill_renewal, send_renewal_code
from contact.services.keys import Keys
from contact.services.licensing import renewal_start
from contact.services.licensing.renewal_start import Attempt
from contact.settings import Settings
from contact.store import drafts, models
from contact.store.identifiers import new_id
from tests.support.cases import Cases
from tests.support.clients import Clock, StrictClient
from tests.support.html_checks import parse, text_of
from tests.support.register import SHOTGUN, Held, holder, rows
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


def letter_of(cases: Cases, held: Held) -> models.LicensingLetter:
    """The letter with words that was written last."""
    found: list[models.LicensingLetter] = rows(cases, models.LicensingLetter, held.id)
    found = [each for each in found if each.kind == "renewal_code"]
    return max(found, key=lambda each: each.id)


def post(client: StrictClient, held: Held, cases: Cases) -> models.LicensingLetter:
    """Ask for the words by post; the worker writes the letter."""
    client.send("/firearms/renew", {**WHO, "way": "post"})
    send_renewal_code(str(UUID(int=1)), str(held.id), "post")
    return letter_of(cases, held)


def letter_words(letter: models.LicensingLetter, settings: Settings) -> str:
    return renewal_start.letter_code(Keys.from_settings(settings), UUID(letter.facts["code_id"])).replace("-", " ")


LETTER = "/firearms/renew/letter"


def test_words_by_post_go_to_the_address_held_and_begin_the_form_weeks_later_on_any_device(
    client: StrictClient, held: Held, cases: Cases, settings: Settings, outside: Outside, clock: Clock
) -> None:
    letter = post(client, held, cases)
    assert letter.facts["address"] == ["4 Mill Lane", "Cambourne", "CB23 6DW"]
    assert letter.facts["number"] == ""
    words = letter_words(letter, settings)
    assert words not in str(letter.facts)
    clock.advance(dt.timedelta(days=20))
    other = client.application.test_client()
    assert isinstance(other, StrictClient)
    answer = other.send(LETTER, {**WHO, "words": words})
    assert answer.status_code == 303
    assert "read every answer" in other.get(answer.headers["Location"]).get_data(as_text=True)
    assert "do not fit" in client.send(LETTER, {**WHO, "words": words}).get_data(as_text=True), "they work once"


def test_a_letter_on_its_way_is_not_written_twice_and_a_lost_one_ends(
    client: StrictClient, held: Held, cases: Cases, settings: Settings, outside: Outside, clock: Clock
) -> None:
    first = post(client, held, cases)
    assert post(client, held, cases).id == first.id
    clock.advance(dt.timedelta(days=8))
    second = post(client, held, cases)
    assert second.id != first.id
    assert "do not fit" in client.send(LETTER, {**WHO, "words": letter_words(first, settings)}).get_data(as_text=True)
    assert client.send(LETTER, {**WHO, "words": letter_words(second, settings)}).status_code == 303


def test_guessing_at_a_letters_words_ends_and_so_do_they(
    client: StrictClient, held: Held, cases: Cases, settings: Settings, outside: Outside, clock: Clock
) -> None:
    words = letter_words(post(client, held, cases), settings)
    for number in range(renewal_start.LETTER_TRIES):
        if number % 4 == 0:
            clock.advance(dt.timedelta(hours=2))
        client.send(LETTER, {**WHO, "words": "amber river plain seven"})
    clock.advance(dt.timedelta(hours=2))
    assert "do not fit" in client.send(LETTER, {**WHO, "words": words}).get_data(as_text=True)
    clock.advance(dt.timedelta(days=8))
    words = letter_words(post(client, held, cases), settings)
    clock.advance(dt.timedelta(days=22))
    assert "do not fit" in client.send(LETTER, {**WHO, "words": words}).get_data(as_text=True)


def test_by_post_too_nothing_tells_whether_a_certificate_exists(
    client: StrictClient, held: Held, cases: Cases, outside: Outside, settings: Settings
) -> None:
    letter = post(client, held, cases)
    shown: list[str] = []
    for who in (WHO, {**WHO, "certificateNumber": "SG-0000"}):
        asked = client.send("/firearms/renew", {**who, "way": "post"})
        page = client.get(asked.headers["Location"]).get_data(as_text=True)
        wrong = client.send(LETTER, {**who, "words": "amber river plain seven"}).get_data(as_text=True)
        shown.append(asked.headers["Location"] + text_of(parse(page)[0]) + text_of(parse(wrong)[0]))
    assert shown[0] == shown[1]
    send_renewal_code(str(UUID(int=2)), str(NOBODY), "post")
    assert letter_of(cases, held).id == letter.id


def test_what_is_missing_beside_the_words_of_a_letter_is_said(client: StrictClient) -> None:
    page = client.send(LETTER, {**WHO, "surname": "", "words": ""}).get_data(as_text=True)
    assert "Enter your surname" in page
    assert "Enter the four words" in page
    assert "SG-7741" in page


@pytest.mark.parametrize(
    ("address", "line1", "line2", "town"),
    [
        ("Flat 2, 1 Far Street\nEly", "Flat 2, 1 Far Street", "", "Ely"),
        ("The Barn\nMill Lane, Near Ely\nCambourne", "The Barn", "Mill Lane, Near Ely", "Cambourne"),
        ("4 Mill Lane, Cambourne", "4 Mill Lane", "", "Cambourne"),
        ("The Barn, 4 Mill Lane, Cambourne", "The Barn, 4 Mill Lane", "", "Cambourne"),
        ("Cambourne", "Cambourne", "", "Cambourne"),
    ],
)
def test_an_address_comes_back_as_it_was(cases: Cases, address: str, line1: str, line2: str, town: str) -> None:
    made = holder(cases, number="SG-90", address=address, postcode="CB23 6DW")
    with cases.system() as session:
        home = renewal_start.held_answers(session, certificate_id=made.id)["homeAddress"]
    assert home == {"line1": line1, "line2": line2, "town": town, "postcode": "CB23 6DW"}


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


@pytest.mark.parametrize(("state", "licences"), [("live", "coterminous"), ("revoked", "shotgun")])
def test_the_other_half_of_a_pair_is_filled_in_only_where_it_can_be_renewed(
    cases: Cases, state: str, licences: str
) -> None:
    pair = new_id()
    held = holder(cases, number="SG-90", pair_id=pair)
    holder(cases, number="F-90", kind="firearm", pair_id=pair, state=CertificateState(state))
    with cases.system() as session:
        answers = renewal_start.held_answers(session, certificate_id=held.id)
    assert answers["licences"] == licences
    assert ("firearmCertificateNumber" in answers) == (licences == "coterminous")

"""The Twilio client: what it asks is what Twilio publishes, and what goes wrong is told apart."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from contact.gateways.failures import MayHaveHappened, Refused, TryLater
from contact.gateways.twilio import TwilioClient, sign_as_twilio, signed_by_twilio
from contact.gateways.twilio_errors import AfterFailure, after_code, failure_from
from tests.support.openapi import Specification
from tests.support.stand_in import THEIR_NUMBER, StandIn, running_stand_in

SPECIFICATION = Specification("twilio_api_v2010.trim.json")
ACCOUNT = "/2010-04-01/Accounts/AC00000000000000000000000000000000"
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with running_stand_in() as running:
        yield running


def place(client: TwilioClient) -> str:
    return client.place_call(
        to=THEIR_NUMBER, answer_url=f"{NOWHERE}/answer", status_url=f"{NOWHERE}/status", ring_for_s=30
    ).sid


def send(client: TwilioClient, body: str = "A report is waiting.") -> str:
    return client.send_text(to=THEIR_NUMBER, body=body, status_url=f"{NOWHERE}/status").sid


@pytest.mark.parametrize("path", ["Calls.json", "Calls/{Sid}.json", "Messages.json", "Messages/{Sid}.json"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_specification_agrees_with_its_own_examples(method: str, path: str) -> None:
    path = f"{ACCOUNT}/{path}".replace("{Sid}", "CA" + "0" * 32)
    examples = SPECIFICATION.examples(method, path)
    assert examples
    for status, example in examples:
        assert SPECIFICATION.problems_of_answer(method, path, status, example) == []


def test_everything_asked_and_answered_is_as_twilio_publishes_it(stand_in: StandIn) -> None:
    client, since = stand_in.client(), datetime.now(UTC)
    call, text = place(client), send(client)
    assert client.get_call(call).sid == call
    assert client.get_text(text).body == "A report is waiting."
    assert [placed.sid for placed in client.find_calls(to=THEIR_NUMBER, since=since)] == [call]
    found = client.find_texts(to=THEIR_NUMBER, body="A report is waiting.", since=since)
    assert [placed.sid for placed in found] == [text]
    assert client.end_call(call).status == "completed"

    assert {(seen.method, seen.path.rsplit("/", 1)[1][:2]) for seen in stand_in.seen} >= {("POST", "Ca"), ("GET", "Me")}
    for seen in stand_in.seen:
        if seen.method == "POST":
            assert SPECIFICATION.problems_of_form(seen.method, seen.path, seen.body) == []
        else:
            assert SPECIFICATION.problems_of_query(seen.method, seen.path, seen.query) == []
        assert SPECIFICATION.problems_of_answer(seen.method, seen.path, seen.status, seen.answer) == []


def test_texts_from_a_number_of_a_force_or_its_messaging_service_are_as_published(stand_in: StandIn) -> None:
    client, since, service = stand_in.client(), datetime.now(UTC), "MG" + "0" * 32
    status = f"{NOWHERE}/status?text=1&attempt=1"
    other = client.send_text(to=THEIR_NUMBER, body="One.", status_url=status, sender="+441632960001")
    pooled = client.send_text(to=THEIR_NUMBER, body="Two.", status_url=status, sender="+441632960001", service=service)
    media = stand_in.exchange.add_media("image/jpeg", b"jpeg")
    stand_in.exchange.add_text(
        to="+441632960001", from_number=THEIR_NUMBER, body="Mine", status_url=None, direction="inbound",
        status="received", media=[media],
    )  # fmt: skip

    def found(body: str, **sender: str) -> list[str]:
        return [each.sid for each in client.find_texts(to=THEIR_NUMBER, body=body, since=since, **sender)]

    assert found("One.", sender="+441632960001") == [other.sid]
    assert found("One.") == []
    assert found("Two.", sender="") == [pooled.sid]
    assert len(client.find_texts(to="+441632960001", body="Mine", since=since, sender=THEIR_NUMBER)) == 1
    bodies = [seen.body for seen in stand_in.seen if seen.method == "POST"]
    assert f"MessagingServiceSid={service}" in bodies[1]
    assert "From=" not in bodies[1]
    for seen in stand_in.seen:
        ask = SPECIFICATION.problems_of_form if seen.method == "POST" else SPECIFICATION.problems_of_query
        assert ask(seen.method, seen.path, seen.body if seen.method == "POST" else seen.query) == []
        assert SPECIFICATION.problems_of_answer(seen.method, seen.path, seen.status, seen.answer) == []


@pytest.mark.parametrize(
    ("to", "body", "code"), [("07700", "hi", "21211"), (THEIR_NUMBER, "x" * 1601, "21617"), (THEIR_NUMBER, "", "21602")]
)
def test_the_stand_in_refuses_what_twilio_refuses(stand_in: StandIn, to: str, body: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        stand_in.client().send_text(to=to, body=body, status_url=f"{NOWHERE}/status")


def test_a_misspelt_field_would_be_noticed() -> None:
    path = f"{ACCOUNT}/Messages.json"
    assert SPECIFICATION.problems_of_form("POST", path, "To=%2B44&From=%2B44&Body=hi") == []
    assert SPECIFICATION.problems_of_form("POST", path, "To=%2B44&Form=%2B44&Body=hi")
    assert SPECIFICATION.problems_of_form("POST", path, "To=%2B44&RiskCheck=maybe&Body=hi")
    assert SPECIFICATION.problems_of_answer("POST", path, 201, {"sid": "SM1"})


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        ({"kind": "refuse", "code": 21610}, Refused, "21610"),
        ({"kind": "refuse", "code": 21211}, Refused, "21211"),
        ({"kind": "refuse", "code": 30003}, TryLater, "30003"),
        ({"kind": "busy"}, TryLater, "20429"),
        ({"kind": "fail"}, TryLater, "20500"),
    ],
)
def test_refusals_and_busy_lines_are_told_apart(
    stand_in: StandIn, fault: dict[str, object], error: type[Exception], code: str
) -> None:
    stand_in.order(on="texts", **fault)
    with pytest.raises(error, match=code):
        send(stand_in.client())
    assert send(stand_in.client())  # others are unaffected (scenario 6)


def test_no_answer_in_time_means_ask_before_sending_again(stand_in: StandIn) -> None:
    """Scenario 4: the text was accepted, its answer never came; asking finds it."""
    stand_in.order(on="texts", kind="hang_after", seconds=20)
    client, since = stand_in.client(), datetime.now(UTC)
    began = time.monotonic()
    with pytest.raises(MayHaveHappened):
        send(stand_in.client(limit_s=1.0), "Once only.")
    assert time.monotonic() - began < 15
    assert len(client.find_texts(to=THEIR_NUMBER, body="Once only.", since=since)) == 1
    assert client.find_texts(to=THEIR_NUMBER, body="Other words.", since=since) == []
    assert client.find_texts(to=THEIR_NUMBER, body="Once only.", since=since + timedelta(minutes=1)) == []


def test_a_company_that_cannot_be_reached_was_told_nothing() -> None:
    client = TwilioClient(account_sid="AC" + "0" * 32, auth_token="t", number="+441632960000", address=NOWHERE)
    with pytest.raises(TryLater, match="not-reached"):
        send(client)


def test_a_wrong_token_is_refused(stand_in: StandIn) -> None:
    with pytest.raises(Refused, match="20003"):
        send(stand_in.client(token="wrong"))


@pytest.mark.parametrize(
    ("code", "after"),
    [
        (30004, AfterFailure.OTHER_CHANNEL),
        (30005, AfterFailure.BAD_NUMBER),
        (30007, AfterFailure.RAISE_ALARM),
        (30008, AfterFailure.RETRY_ONCE),
        (21610, AfterFailure.OPTED_OUT),
        (99999, None),
        (None, None),
    ],
)
def test_what_to_do_after_each_code(code: int | None, after: AfterFailure | None) -> None:
    assert after_code(code) is after


def test_an_unknown_refusal_is_never_repeated_and_a_server_fault_may_be() -> None:
    assert isinstance(failure_from(400, None), Refused)
    assert isinstance(failure_from(503, None), TryLater)
    assert str(failure_from(400, None)) == "twilio: http-400"


ADDRESS, PATH = "https://contact.example", "/webhooks/twilio/voice/1?x=1"
FIELDS = {"CallSid": ["CA1"], "Digits": ["1"], "New": ["b", "a"]}


def signed(address: str = ADDRESS, path: str = PATH, fields: dict[str, list[str]] | None = None) -> bool:
    signature = sign_as_twilio(auth_token="token", address=ADDRESS + PATH, fields=FIELDS)
    return signed_by_twilio(
        auth_token="token", public_url=address, path_and_query=path, fields=fields or FIELDS, signature=signature
    )


def test_a_genuine_signature_passes_and_every_change_breaks_it() -> None:
    assert signed()
    assert not signed(address="https://forged.example")
    assert not signed(path="/webhooks/twilio/voice/2?x=1")
    assert not signed(fields={**FIELDS, "Digits": ["2"]})
    assert not signed(fields={**FIELDS, "Extra": ["field"]})
    assert not signed(fields={"CallSid": ["CA1"], "Digits": ["1"]})


@pytest.mark.parametrize("signature", ["", "é", "AAAA"])
def test_no_signature_or_a_strange_one_is_no_proof(signature: str) -> None:
    assert not signed_by_twilio(
        auth_token="token", public_url=ADDRESS, path_and_query=PATH, fields=FIELDS, signature=signature
    )

"""Walks a form as a person does: page by page, with answers that fit each kind of question."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

import forms
from forms import Column, ColumnType, Form, Question, QuestionType
from forms.checks import CheckKind
from forms.parts import CHOOSING
from tests.support.answers import example
from tests.support.clients import StrictClient
from tests.support.html_checks import parse

Q = QuestionType
Posted = dict[str, Any]
PLACE = {"description": "Outside the library, Dorchester", "postcode": "DT1 1AA", "address": ""}


def begin(client: StrictClient, form_id: str = "theft", query: str = "") -> str:
    """Start a form; answers the address of the draft, without a page."""
    answer = client.send(f"/report/{form_id}/begin{query}", page=f"/report/{form_id}/before-you-start{query}")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"].rsplit("/", 1)[0]


_FITTING: dict[QuestionType, Posted] = {
    Q.WHEN: {"-kind": "not_sure"},
    Q.DATE: {"-day": "3", "-month": "4", "-year": "1990"},
    Q.NAME: {"-given": "Sam", "-surname": "Okafor"},
    Q.PLACE: {f"-{part}": text for part, text in PLACE.items()},
    Q.SAFE_CONTACT: {"-how": "online"},
    Q.ITEMS: {"-0-what": "A blue bicycle", "-0-value": "250", "-0-serial": ""},
    Q.ADDRESS: {"-line1": "1 Long Lane", "-town": "Dorchester", "-postcode": "DT1 1AA"},
    Q.WHAT3WORDS: {"": "///filled.count.soap"},
    Q.POINT: {"-lat": "50.71511", "-lon": "-2.43722"},
    Q.PEOPLE: {"-0-given": "Sam", "-0-description": "Tall, with a red coat"},
    Q.VEHICLES: {"-0-registration": "AB12 CDE", "-0-colour": "blue"},
    Q.FILES: {},
    Q.PHONE: {"": "07700 900982"},
    Q.EMAIL: {"": "sam@example.org"},
}


def boxes(question: Question, given: Any = None) -> Posted:  # noqa: ANN401 - any JSON answer
    """What the page's boxes for a question would send: `given` (a dict is by part), or something that fits."""
    if isinstance(given, dict):
        return {f"{question.id}-{part}": text for part, text in given.items()}
    if given is not None:
        return {question.id: given}
    if any(check.kind is CheckKind.SAME_NAME for check in question.checks):
        return {question.id: "Sam Okafor"}
    if _is_held_against_others(question):
        fitting = forms.raw_from_value(question, example(question, now=dt.datetime.now(dt.UTC)))
        return {name: sent if len(sent) > 1 else sent[0] for name, sent in fitting.items()}
    if question.type in CHOOSING:
        codes = [option.code for option in question.options]
        return {question.id: "no" if "no" in codes else codes[-1]}
    if question.type is Q.ROWS:
        return {f"{question.id}-0-{column.id}": _fitting_box(column) for column in question.columns}
    if question.type is Q.NUMBER:
        return {question.id: str(max(1, question.minimum))}
    fitting = _FITTING.get(question.type, {"": "My bicycle was taken from outside the library."[: question.limit]})
    return {f"{question.id}{part}": text for part, text in fitting.items()}


def _is_held_against_others(question: Question) -> bool:
    """Whether only what was made for it fits. Any day that is past fits a question for a day that is past."""
    if question.type is Q.DATE:
        return not question.past_only
    dated = question.type is Q.ROWS and any(each.type is ColumnType.DATE and each.required for each in question.columns)
    return bool(question.checks or question.at_least or dated)


def _fitting_box(column: Column) -> str:
    """What fits one box of a form's own rows; a date is left empty."""
    if column.options:
        return next(option.code for option in column.options if option.refused is None)
    fitting = {
        ColumnType.NUMBER: "2",
        ColumnType.MONEY: "20",
        ColumnType.DATE: "",
        ColumnType.PHONE: "07700 900982",
        ColumnType.EMAIL: "sam@example.org",
        ColumnType.POSTCODE: "DT1 1AA",
    }
    return fitting.get(column.type, "Sam")


def fill(client: StrictClient, draft: str, form_id: str = "theft", **given: Any) -> str:  # noqa: ANN401 - as above
    """Answer every page until check-your-answers, the form to post, or a force is to be chosen; answers its address.

    `given` maps question ids to answers.
    """
    form = forms.load_all()[form_id]
    address = f"{draft}/{form.first_page().id}"
    for _ in range(120):
        if address.endswith(("/check", "/paper", "/police-force")):
            return address
        if urlsplit(address).path.endswith("/tasks"):
            address = carry_on(client, address)
            continue
        if urlsplit(address).path.endswith("/danger"):
            address = way_on(client, address)
            continue
        page_id = urlsplit(address).path.rsplit("/", 1)[1]
        answer = client.send(address, page_boxes(form, page_id, given))
        assert answer.status_code == 303, f"{page_id}: {answer.get_data(as_text=True)[-3000:]}"
        address = answer.headers["Location"]
    raise AssertionError(f"no end: {address}")


def carry_on(client: StrictClient, address: str) -> str:
    """The `Carry on` link of the checklist."""
    links = [link for link in client.tree(address).iter("a") if link.get("data-carry-on") is not None]
    return links[0].get("href") or ""


def way_on(client: StrictClient, address: str) -> str:
    """The `Carry on` link of the danger page."""
    for link in client.tree(address).iter("a"):
        if "Carry on with my report" in "".join(link.itertext()):
            return link.get("href") or ""
    raise AssertionError("no way on")


def page_boxes(form: Form, page_id: str, given: Posted) -> Posted:
    """What one page would send: `given` by question id, or something that fits."""
    sent: Posted = {"go": "on"}
    for question in form.page(page_id).questions:
        sent |= boxes(question, given.get(question.id))
    return sent


def send_report(client: StrictClient, form_id: str = "theft", **given: Any) -> str:  # noqa: ANN401 - as above
    """A whole report, sent to Northshire; answers the address of the receipt."""
    check = fill(client, begin(client, form_id, "?force=northshire"), form_id, **given)
    answer = client.send(check, {"go": "send", "force": "northshire"})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def keys_of(client: StrictClient, receipt: str) -> tuple[str, str]:
    """Reference and four words as the receipt shows them."""
    html = client.get(receipt).get_data(as_text=True)
    found = [
        "".join(each.itertext()).strip()
        for each in parse(html)[0].iter("span")
        if "contact-key" in (each.get("class") or "").split()
    ]
    return found[0], found[1]

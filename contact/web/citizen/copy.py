"""A copy of the report to keep, as a tagged PDF in either language, with a name that says nothing (practice 13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contact.domain import reference as references
from contact.domain.fixed_texts import FixedText, fixed_text
from contact.gateways import papers
from contact.gateways.wording import when
from contact.services import copies, intake
from contact.services.apart import apart
from contact.services.drafts import DraftView
from contact.services.intake import Receipt
from contact.services.keys import Keys
from contact.store import forces
from contact.web.citizen.blueprint import room, settings, wear
from contact.web.citizen.journey import go_on_url, opened, sent_url
from contact.web.citizen.online_access import must_be_open, must_be_sender
from contact.web.shared import database
from contact.web.shared.access import proven
from contact.web.shared.language import current_language, gettext, speaking
from contact.web.shared.request_actor import act_for_contact

_ADDRESS = "/report/<form_id>/<uuid:draft_id>/copy"


@room.get(_ADDRESS)
@proven
def copy(form_id: str, draft_id: UUID) -> ResponseReturnValue:
    """What the file holds and who could find it, before it is on anybody's device."""
    draft = opened(form_id, draft_id)
    if draft.contact_id is None:
        return redirect(go_on_url(draft, None), 303)
    receipt = _receipt(draft)
    wear(receipt.force_id)
    return render_template(
        "citizen/copy.html",
        sensitive=draft.form.sensitive,
        back_url=sent_url(draft),
        english_url=url_for("citizen.copy_file", form_id=form_id, draft_id=draft_id, language="en"),
        welsh_url=url_for("citizen.copy_file", form_id=form_id, draft_id=draft_id, language="cy"),
        language=current_language(),
    )


@room.get(f"{_ADDRESS}/<any(en,cy):language>/copy.pdf")
@proven
def copy_file(form_id: str, draft_id: UUID, language: str) -> ResponseReturnValue:
    """The file itself, for the browser that sent the report and for no other."""
    draft = opened(form_id, draft_id)
    if draft.contact_id is None:
        return redirect(go_on_url(draft, None), 303)
    receipt = _receipt(draft)
    with speaking(language):
        data = _data(receipt, language)
    return paper_answer(apart(lambda: papers.render(papers.PaperName.COPY, data)))


def _receipt(draft: DraftView) -> Receipt:
    assert draft.contact_id is not None  # noqa: S101 - the callers have looked
    must_be_sender(draft.contact_id)
    act_for_contact(draft.contact_id)
    must_be_open(draft.contact_id)
    return intake.receipt(database.session()(), contact_id=draft.contact_id, keys=Keys.from_settings(settings()))


def _data(receipt: Receipt, language: str) -> dict[str, Any]:
    session = database.session()()
    sent = copies.own_copy(session, contact_id=receipt.contact_id, language=language)
    more = [(gettext("Sent"), when(sent.received_at, language)), (gettext("Form"), sent.title)]
    return {
        **head(gettext("Copy of what you sent"), receipt.force_id, receipt.reference, language, more),
        "sections": [
            {"title": section.title, "rows": [_row(row.label, row.value) for row in section.rows if not row.files]}
            for section in sent.sections
        ]
        + ([{"title": gettext("Files"), "rows": [_row(name, "") for name in sent.files]}] if sent.files else []),
        "parts": [
            {
                "title": gettext("About this copy"),
                "lines": [
                    gettext("This is what you sent, in your words. It is not a police record and has no crime number."),
                    gettext(
                        "Your four words are not in it. With them and the reference you can read our answer online."
                    ),
                ],
            }
        ],
    }


def head(title: str, force_id: str, reference: str, language: str, more: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """How every copy begins: whose it is, that it is a demonstration if so, and its facts; `more`: name, value."""
    force = forces.get(database.session()(), force_id=force_id)
    live = force.live and not settings().demo
    facts = [
        (gettext("Reference"), reference),
        (gettext("In words"), references.spell(reference, language)),
        (gettext("Sent to"), force.name_in(language)),
        *more,
    ]
    return {
        "language": language,
        "title": title,
        "author": force.name_in(language),
        "notice": "" if live else first_line(FixedText.DEMO_BANNER, language),
        "footer": gettext("Danger now: call 999. Not an emergency: call 101."),
        "facts": [{"label": label, "value": value} for label, value in facts],
    }


def _row(label: str, value: str) -> dict[str, Any]:
    return {"label": label, "lines": value.splitlines() or [""]}


def first_line(text: FixedText, language: str) -> str:
    """The first line of a fixed text, without its marks."""
    return fixed_text(text, language).splitlines()[0].replace("*", "")


def paper_answer(content: bytes) -> Response:
    """A PDF to download, under the name that every copy has."""
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = 'attachment; filename="copy.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer

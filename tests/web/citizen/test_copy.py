"""The copy to keep: in the person's own words and language, tagged, named neutrally, for the sender's browser alone."""

from __future__ import annotations

import re
import zlib

from flask import Flask

from contact.gateways import papers
from tests.support.clients import StrictClient
from tests.web.citizen.journeys import begin, fill, keys_of, send_report

FACTS = {
    "language": "en", "title": "Copy", "author": "", "notice": "", "footer": "", "facts": [], "parts": [],
    "sections": [{"title": "One", "rows": [{"label": "What?", "lines": ["#panic(1) *bold* $x$ @cite <b>"]}]}],
}  # fmt: skip


def streams(pdf: bytes) -> bytes:
    """Everything in a PDF that is not compressed, and what is, laid open."""
    found = [pdf]
    for part in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        try:
            found.append(zlib.decompress(part.strip(b"\r\n")))
        except zlib.error:
            continue
    return b"\n".join(found)


def test_a_copy_is_downloaded_in_either_language_under_a_name_that_says_nothing(client: StrictClient) -> None:
    receipt = send_report(client, "theft")
    page = receipt.replace("/sent", "/copy")
    assert page in client.get(receipt).get_data(as_text=True)
    assert "Anybody who opens the file can read it all" in client.get(page).get_data(as_text=True)
    for language, lang in (("en", b"(en)"), ("cy", b"(cy)")):
        answer = client.get(f"{page}/{language}/copy.pdf")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="copy.pdf"'
        assert answer.headers["Cache-Control"] == "no-store"
        pdf = streams(answer.get_data())
        assert pdf.startswith(b"%PDF-")
        assert b"/Lang" in pdf
        assert lang in pdf
        assert b"StructTreeRoot" in pdf
        assert b"pdfuaid:part" in pdf


def test_reference_and_words_alone_bring_no_copy(client: StrictClient, app: Flask) -> None:
    """Practice 4: whoever holds them may read the answer, never the account."""
    receipt = send_report(client, "theft")
    reference, words = keys_of(client, receipt)
    other = app.test_client()
    assert isinstance(other, StrictClient)
    other.send("/progress", {"reference": reference, "words": words})
    assert other.get(f"/progress/{reference}").status_code == 200
    assert other.get(receipt.replace("/sent", "/copy/en/copy.pdf")).status_code == 403


def test_before_sending_there_is_none(client: StrictClient) -> None:
    check = fill(client, begin(client, query="?force=northshire"))
    assert client.get(check.replace("/check", "/copy")).headers["Location"] == check
    assert client.get(check.replace("/check", "/copy/en/copy.pdf")).headers["Location"] == check
    assert client.get(check.replace("/check", "/copy/fr/copy.pdf")).status_code == 404


def test_after_access_was_stopped_there_is_none(client: StrictClient) -> None:
    receipt = send_report(client, "theft")
    reference, _ = keys_of(client, receipt)
    client.send(f"/progress/{reference}/stop")
    assert client.get(receipt.replace("/sent", "/copy/en/copy.pdf")).status_code == 403
    assert client.get(receipt).status_code == 403


def test_what_was_typed_is_never_run_and_always_shown() -> None:
    assert papers.render(papers.PaperName.COPY, FACTS).startswith(b"%PDF-")


def test_letters_that_no_font_has_still_make_a_tagged_paper() -> None:
    strange = {**FACTS, "sections": [{"title": "One", "rows": [{"label": "What?", "lines": ["ਪੰਜਾਬੀ 𓀀 \U0010fffd"]}]}]}
    pdf = streams(papers.render(papers.PaperName.COPY, strange))
    assert b"StructTreeRoot" in pdf
    assert b"pdfuaid:part" not in pdf

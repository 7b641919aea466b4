"""Pictures that come by text: fetched with our credentials, kept as evidence, never shown before a person looked."""

from __future__ import annotations

import datetime as dt
import io
import re
import secrets
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PIL import Image

from contact.demo.twilio_state import Text
from contact.domain.fixed_texts import FixedText, fixed_text
from contact.domain.sms_text import measure
from contact.gateways.failures import Refused, TryLater
from contact.gateways.twilio_media import MediaLine
from contact.jobs.registry import equip
from contact.services import text_media
from contact.store import models
from tests.support.stand_in import ACCOUNT_SID, AUTH_TOKEN, StandIn, running_stand_in
from tests.support.texting import Texting


def picture() -> bytes:
    """A small photograph."""
    made = io.BytesIO()
    Image.new("RGB", (32, 24), (90, 120, 60)).save(made, "JPEG")
    return made.getvalue()


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with running_stand_in() as running:
        yield running


@pytest.fixture
def album(texting: Texting, stand_in: StandIn) -> Texting:
    """Texts whose files lie at the stand-in."""
    equip(texting.tools(settings=replace(texting.settings, twilio_api_url=stand_in.address)))
    return texting


def shelf(stand_in: StandIn, content: bytes, content_type: str = "image/jpeg") -> str:
    """The address of a file that somebody sent."""
    media = stand_in.exchange.add_media(content_type, content)
    return f"{stand_in.address}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/MM1/Media/{media}"


def files(texting: Texting, theirs: str) -> list[models.Evidence]:
    """The evidence of this number's contact."""
    with texting.system() as session:
        found = session.query(models.Evidence).filter_by(contact_id=texting.only(theirs))
        return list(found.order_by(models.Evidence.position))


def test_a_picture_becomes_evidence_and_is_blurred_until_somebody_looked(
    album: Texting, stand_in: StandIn, theirs: str
) -> None:
    album.text("", theirs=theirs, NumMedia="1", MediaUrl0=shelf(stand_in, picture()), MediaContentType0="image/jpeg")
    (file,) = files(album, theirs)
    assert (file.question_id, file.kind, file.state, file.sensitive) == ("mms", "jpeg", "received", True)
    assert file.received_size == len(picture())
    assert album.said(album.only(theirs), "inbound") == ["(A file without words.)"]
    words = fixed_text(FixedText.SMS_FILES)
    assert [each.body for each in album.company.sent].count(f"DEMO, not the police. {words}") == 1


def test_in_a_sensitive_matter_the_words_about_pictures_show_nothing_on_a_locked_screen(
    album: Texting, stand_in: StandIn, theirs: str
) -> None:
    """Practice 6 says them wherever pictures can be sent, practice 4 lets nobody read of what."""
    album.text("a man touched me last month", theirs=theirs)
    album.company.sent.clear()
    for _ in range(2):
        album.text("", theirs=theirs, NumMedia="1", MediaUrl0=shelf(stand_in, picture()))
    said = [each.body or "" for each in album.company.sent]
    assert said == [f"DEMO, not the police. {fixed_text(FixedText.SMS_FILES_QUIET)}"], "once"
    assert not re.search("intimate|porn|abuse|touched|helpline", said[0], re.IGNORECASE)
    assert measure(said[0]).parts == 1


def test_it_is_kept_once_however_often_the_job_runs(album: Texting, stand_in: StandIn, theirs: str) -> None:
    url = shelf(stand_in, picture())
    album.text("two", theirs=theirs, NumMedia="2", MediaUrl0=url, MediaUrl1=url, sid="SM" + "b" * 32)
    contact_id = album.only(theirs)
    for _ in range(2):
        album.run("fetch_text_media", {"event_id": "SM" + "b" * 32, "contact_id": str(contact_id)})
    assert len(files(album, theirs)) == 2
    ((_, _, left),) = album.inbox("SM" + "b" * 32)
    assert left == {}


def test_a_company_in_trouble_is_asked_again(album: Texting, stand_in: StandIn, theirs: str) -> None:
    gone = f"{stand_in.address}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/MM1/Media/MEgone"
    album.text("look", theirs=theirs, NumMedia="1", MediaUrl0=gone, sid="SM" + "c" * 32)
    assert files(album, theirs) == []
    ((_, _, left),) = album.inbox("SM" + "c" * 32)
    assert left == {"MediaUrl0": gone}


def test_a_file_that_never_comes_is_said_to_be_missing_at_the_last_try(
    album: Texting, stand_in: StandIn, theirs: str
) -> None:
    gone = f"{stand_in.address}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/MM1/Media/MEgone"
    sid = "SM" + secrets.token_hex(16)
    album.text("look", theirs=theirs, NumMedia="1", MediaUrl0=gone, sid=sid)
    contact_id = album.only(theirs)
    assert text_media.LOST["en"] not in album.said(contact_id, "system")
    album.clock.now += dt.timedelta(hours=1)
    album.run("fetch_text_media", {"event_id": sid, "contact_id": str(contact_id)})
    assert album.said(contact_id, "system").count(text_media.LOST["en"]) == 1
    assert [left for _, _, left in album.inbox(sid)] == [{}]


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "https://evil.example/x.jpg", "file:///etc/passwd"])
def test_a_link_elsewhere_is_never_followed_and_the_thread_says_so(album: Texting, theirs: str, url: str) -> None:
    album.text("look", theirs=theirs, NumMedia="1", MediaUrl0=url)
    assert files(album, theirs) == []
    assert text_media.LOST["en"] in album.said(album.only(theirs), "system")


def test_what_is_no_file_we_take_is_refused_as_uploads_are(album: Texting, stand_in: StandIn, theirs: str) -> None:
    album.text("run me", theirs=theirs, NumMedia="1", MediaUrl0=shelf(stand_in, b"MZ" + b"\0" * 5000))
    assert [(file.state, file.refused) for file in files(album, theirs)] == [("refused", "wrong_type")]


def test_only_twilios_own_hosts_are_called(stand_in: StandIn) -> None:
    real = MediaLine(account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN, api_url=None)
    for url in (
        stand_in.address + "/x",
        "http://api.twilio.com/x",
        "https://api.twilio.com.evil.example/x",
        "https://twilio.com.evil.example/",
        "https://eviltwilio.com/x",
        "https://api.twilio.com:8443/x",
        "https://user@evil.example/api.twilio.com",
        "https://evil.example\\@api.twilio.com/x",
        "https://user:word" + "@api.twilio.com/x",
        "https://api.twilio.com:words/x",
        "https://[::1].twilio.com/x",
        "https://evil.example\n.twilio.com/x",
        "",
    ):
        with pytest.raises(Refused, match="media-host"):
            real.fetch(url)


def test_a_file_that_is_too_big_is_not_read_to_its_end(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contact.gateways.twilio_media.MOST_BYTES", 1000)
    line = MediaLine(account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN, api_url=stand_in.address)
    with pytest.raises(Refused, match="media-size"):
        line.fetch(shelf(stand_in, b"x" * 5000))
    assert line.fetch(shelf(stand_in, b"x" * 900)) == b"x" * 900
    with pytest.raises(Refused, match="media-401"):
        MediaLine(account_sid=ACCOUNT_SID, auth_token="wrong", api_url=stand_in.address).fetch(shelf(stand_in, b"x"))
    with pytest.raises(TryLater):
        line.fetch(stand_in.address + "/nothing-here")


def test_the_stand_in_sends_a_picture_as_twilio_does(stand_in: StandIn) -> None:
    media = stand_in.exchange.add_media("image/png", b"png")
    text: Text = stand_in.exchange.add_text(
        to="+441632960000", from_number="+447700900123", body="", status_url=None, media=[media], direction="inbound"
    )
    assert text.as_twilio(ACCOUNT_SID)["num_media"] == "1"

"""Files arrive in any number of stretches, whole or not at all, and go along with their report (scenario 19)."""

from __future__ import annotations

import datetime as dt
import hashlib
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contact.domain.access import Actor, ActorKind
from contact.domain.errors import DraftExpired, NotFound, OffsetMismatch, TooBig, UploadRefused
from contact.domain.evidence import MAX_BYTES, MAX_FILES, Original, Refusal, State
from contact.gateways.evidence.sealing import FRAME
from contact.gateways.evidence.vault import Stretch
from contact.services import evidence, evidence_sweeping
from contact.services.evidence import ContactOwner, DraftOwner
from contact.store import audit, models
from contact.store import evidence as rows
from tests.support.cases import NOW, Cases
from tests.support.evidence import (
    ANONYMOUS_FORM,
    GPS,
    SENSITIVE_FORM,
    ConnectionLost,
    Files,
    broken_off,
    film,
    holder,
    in_chunks,
    picture,
)


@pytest.fixture
def files(cases: Cases, tmp_path: Path) -> Files:
    """A store in a folder."""
    return Files.below(cases, tmp_path / "evidence")


def plain(files: Files, upload_id: object) -> bytes:
    """What lies in the store, read as the worker reads it."""
    with files.cases.system() as session:
        row = rows.get(session, evidence_id=upload_id)  # type: ignore[arg-type]
        pieces = [Stretch(e.start, e.size, e.key) for e in rows.segments(session, evidence_id=row.id)]
        return b"".join(files.vault.read(files.vault.file_key(row.id, row.wrapped_key), pieces))


def test_a_file_arrives_whole_and_nothing_of_it_can_be_read_on_the_disk(files: Files, tmp_path: Path) -> None:
    draft_id, data = files.draft(), picture((300, 200))
    sent = files.send(draft_id, data, name="C:\\Users\\me\\kitchen\u202egpj.exe")
    assert (sent.state, sent.offset, sent.name) == (State.RECEIVED, len(data), "kitchengpj.exe")
    assert plain(files, sent.id) == data
    for path in (tmp_path / "evidence").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
        assert path.is_dir() or (b"JFIF" not in path.read_bytes() and "kitchen" not in path.name)


def test_a_lost_connection_goes_on_where_it_broke_off(files: Files) -> None:
    draft_id, data = files.draft(), film(2 * FRAME + 777)
    owner, actor = DraftOwner(draft_id), holder(draft_id)
    upload = files.begin(owner, actor, name="film.mp4", size=len(data))
    with pytest.raises(ConnectionLost):
        files.receive(upload.id, owner, actor, broken_off(data[: FRAME + 123]))
    with files.cases.acting(actor) as session:
        stands = evidence.find(session, owner=owner, upload_id=upload.id, now=NOW)
    assert (stands.state, stands.offset) == (State.RECEIVING, FRAME + 123)
    with pytest.raises(OffsetMismatch) as wrong:
        files.receive(upload.id, owner, actor, in_chunks(data))
    assert wrong.value.current == FRAME + 123
    done = files.receive(upload.id, owner, actor, in_chunks(data[stands.offset :]), offset=stands.offset)
    assert done.state is State.RECEIVED
    assert plain(files, upload.id) == data


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(cuts=st.lists(st.integers(4096, 2 * FRAME + 50_000), max_size=4), chunk=st.sampled_from([1000, 65_536, FRAME]))
def test_broken_off_anywhere_it_is_whole_in_the_end(files: Files, cuts: list[int], chunk: int) -> None:
    data, draft_id = film(2 * FRAME + 50_001), files.draft()
    owner, actor = DraftOwner(draft_id), holder(draft_id)
    upload, at = files.begin(owner, actor, size=len(data)), 0
    for cut in sorted(cuts):
        with pytest.raises(ConnectionLost):
            files.receive(upload.id, owner, actor, broken_off(data[at:cut], chunk), offset=at)
        at = max(at, cut)
    done = files.receive(upload.id, owner, actor, in_chunks(data[at:], chunk), offset=at)
    assert done.state is State.RECEIVED
    assert plain(files, upload.id) == data


def test_without_a_declared_size_the_end_of_the_body_is_the_end(files: Files) -> None:
    draft_id, data = files.draft(), picture()
    owner, actor = DraftOwner(draft_id), holder(draft_id)
    upload = files.begin(owner, actor)
    assert files.receive(upload.id, owner, actor, in_chunks(data)).state is State.RECEIVED
    assert plain(files, upload.id) == data


def test_an_endless_stream_is_refused_after_100_mb_without_growing(files: Files) -> None:
    """20 GB are offered; what is read is 100 MB and a little, and no more than a few frames are held at once."""
    draft_id = files.draft()
    owner, actor, read = DraftOwner(draft_id), holder(draft_id), 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        head, noise = film(65_536), bytes(65_536)
        for number in range(20_000_000_000 // 65_536):
            read += 65_536
            yield head if not number else noise

    upload = files.begin(owner, actor, name="film.mp4")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TooBig):
        files.receive(upload.id, owner, actor, endless())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000  # kB
    assert read <= MAX_BYTES + 65_536
    with files.cases.acting(actor) as session:
        (stands,) = evidence.list_for_draft(session, draft_id=draft_id)
    assert (stands.state, stands.refused) == (State.REFUSED, Refusal.TOO_BIG)
    assert files.objects() == set()


def test_more_than_was_declared_is_refused(files: Files) -> None:
    draft_id, data = files.draft(), picture()
    owner, actor = DraftOwner(draft_id), holder(draft_id)
    upload = files.begin(owner, actor, size=len(data) - 1)
    with pytest.raises(TooBig):
        files.receive(upload.id, owner, actor, in_chunks(data))
    assert files.objects() == set()


def test_limits_hold_before_any_body_is_read(files: Files) -> None:
    draft_id = files.draft()
    owner, actor = DraftOwner(draft_id), holder(draft_id)
    with pytest.raises(TooBig):
        files.begin(owner, actor, size=MAX_BYTES + 1)
    with pytest.raises(UploadRefused, match="empty"):
        files.begin(owner, actor, size=0)
    for _ in range(MAX_FILES):
        files.begin(owner, actor, size=5)
    with pytest.raises(UploadRefused, match="too_many"):
        files.begin(owner, actor, size=5)


def test_a_wrong_type_is_refused_from_its_first_bytes(files: Files) -> None:
    draft_id = files.draft()
    owner, actor, read = DraftOwner(draft_id), holder(draft_id), []

    def program() -> Iterator[bytes]:
        for piece in in_chunks(b"MZ\x90\x00" + bytes(3_000_000)):
            read.append(len(piece))
            yield piece

    upload = files.begin(owner, actor, name="holiday.jpg", size=3_000_004)
    refused = files.receive(upload.id, owner, actor, program())
    assert (refused.state, refused.refused) == (State.REFUSED, Refusal.WRONG_TYPE)
    assert sum(read) <= 65_536
    assert files.objects() == set()
    with pytest.raises(UploadRefused, match="not_receiving"):
        files.receive(upload.id, owner, actor, [b"more"])


def test_only_whole_files_go_along_and_none_joins_the_next_report(files: Files) -> None:
    """Scenario 19: one of three fails; the report has the other two, and says so before it is sent."""
    draft_id = files.draft()
    owner, actor = DraftOwner(draft_id), holder(draft_id)
    whole = [files.send(draft_id, picture()), files.send(draft_id, film(100_000), name="b.mp4")]
    bad = files.send(draft_id, b"MZ" + bytes(9000), name="c.jpg")
    half = files.begin(owner, actor, name="d.mp4", size=500_000)
    with pytest.raises(ConnectionLost):
        files.receive(half.id, owner, actor, broken_off(film(100_000)))
    with files.cases.acting(actor) as session:
        told = {each.id: each.arrived for each in evidence.list_files(session, owner=owner, now=NOW)}
    assert told == {whole[0].id: True, whole[1].id: True, bad.id: False, half.id: False}

    receipt = files.submit(draft_id)
    with files.cases.acting(files.cases.citizen(receipt.contact_id)) as session:
        kept = evidence.list_for_contact(session, contact_id=receipt.contact_id)
    assert [each.id for each in kept] == [each.id for each in whole]
    events = files.cases.events(receipt.contact_id)
    assert (events.count("evidence_attached"), events.count("evidence_left_behind")) == (2, 2)
    with files.cases.acting(actor) as session:
        assert evidence.list_for_draft(session, draft_id=draft_id) == []
    with pytest.raises(NotFound):
        files.begin(owner, actor, size=10)  # the draft was sent
    with files.cases.system() as session:
        assert session.get(models.Evidence, half.id) is None


def test_the_end_of_the_draft_takes_nothing_of_the_contact_along(files: Files) -> None:
    draft_id = files.draft()
    sent = files.send(draft_id, picture())
    files.submit(draft_id)
    with files.cases.system.begin() as session:
        session.delete(session.get(models.Draft, draft_id))
    assert plain(files, sent.id)


def test_an_expired_draft_takes_its_files_along_and_takes_no_more(files: Files) -> None:
    draft_id = files.draft()
    sent = files.send(draft_id, picture())
    files.now = NOW + dt.timedelta(days=29)
    with pytest.raises(DraftExpired):
        files.begin(DraftOwner(draft_id), holder(draft_id), size=10)
    with files.cases.system.begin() as session:
        session.delete(session.get(models.Draft, draft_id))
    with files.cases.system() as session:
        assert session.get(models.Evidence, sent.id) is None
        assert rows.segments(session, evidence_id=sent.id) == []


def test_a_file_is_taken_back_before_it_is_sent_and_not_after(files: Files) -> None:
    draft_id = files.draft()
    owner, actor = DraftOwner(draft_id), holder(draft_id)
    gone, kept = files.send(draft_id, picture()), files.send(draft_id, picture())
    with files.cases.acting(actor) as session:
        evidence.remove(session, owner=owner, upload_id=gone.id, now=NOW)
    receipt = files.submit(draft_id)
    citizen, mine = files.cases.citizen(receipt.contact_id), ContactOwner(receipt.contact_id)
    with files.cases.acting(citizen) as session:
        assert [each.id for each in evidence.list_files(session, owner=mine, now=NOW)] == [kept.id]
        with pytest.raises(NotFound):
            evidence.remove(session, owner=mine, upload_id=kept.id, now=NOW)


def test_more_can_follow_from_the_progress_page(files: Files) -> None:
    draft_id = files.draft()
    receipt = files.submit(draft_id)
    owner, actor = ContactOwner(receipt.contact_id), files.cases.citizen(receipt.contact_id)
    data = picture()
    upload = files.begin(owner, actor, size=len(data))
    assert files.receive(upload.id, owner, actor, in_chunks(data)).state is State.RECEIVED
    assert files.examine(upload.id)
    assert files.cases.events(receipt.contact_id)[-2:] == ["evidence_received", "evidence_examined"]


def test_nobody_else_sees_touches_or_adds(files: Files) -> None:
    """Another citizen, one who has proven nothing, another force's agent: nothing there for any of them."""
    draft_id = files.draft()
    sent = files.send(draft_id, picture())
    owner = DraftOwner(draft_id)
    strangers = [Actor(ActorKind.CITIZEN), holder(files.draft()), files.cases.agent().actor]
    for stranger in strangers:
        with files.cases.acting(stranger) as session:
            assert evidence.list_for_draft(session, draft_id=draft_id) == []
            with pytest.raises(NotFound):
                evidence.find(session, owner=owner, upload_id=sent.id, now=NOW)
            assert rows.delete(session, evidence_id=sent.id) is False
        with pytest.raises(NotFound):
            files.begin(owner, stranger, size=10)
        with pytest.raises(NotFound):
            files.receive(sent.id, owner, stranger, [b"x"])


def test_two_requests_of_one_file_keep_one_of_them(files: Files) -> None:
    """A second tab sends the same stretch: the slower one is told where the file stands, and leaves nothing."""
    draft_id, data = files.draft(), film(200_000)
    owner, actor = DraftOwner(draft_id), holder(draft_id)
    upload = files.begin(owner, actor, size=len(data))

    def slower() -> Iterator[bytes]:
        yield data[:100_000]
        files.receive(upload.id, owner, actor, in_chunks(data))
        yield data[100_000:]

    with pytest.raises(OffsetMismatch):
        files.receive(upload.id, owner, actor, slower())
    assert plain(files, upload.id) == data
    assert len(files.objects()) == 1


def test_the_sweep_takes_what_no_row_names_and_only_that(files: Files) -> None:
    draft_id = files.draft()
    sent = files.send(draft_id, picture())
    owner, actor = DraftOwner(draft_id), holder(draft_id)
    half = files.begin(owner, actor, size=500_000)
    with pytest.raises(ConnectionLost):
        files.receive(half.id, owner, actor, broken_off(film(100_000)))
    orphan = files.vault.put_preview(files.vault.file_key(sent.id, files.vault.new_wrapped_key(sent.id)), b"lost")
    assert len(files.objects()) == 3
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    assert evidence_sweeping.drop_orphans(files.cases.system, files.vault.store, now=soon) == 0
    later = soon + dt.timedelta(days=1)
    with files.cases.system.begin() as session:
        assert evidence_sweeping.drop_unfinished(session, now=later) >= 1
    assert evidence_sweeping.drop_orphans(files.cases.system, files.vault.store, now=later) == 2
    assert orphan not in files.objects()
    assert plain(files, sent.id)


def test_who_stops_and_wants_to_be_contacted_loses_no_file(files: Files) -> None:
    draft_id = files.draft(SENSITIVE_FORM)
    sent = files.send(draft_id, picture())
    files.answer(draft_id, stop_here="yes")
    receipt = files.submit(draft_id)
    with files.cases.acting(files.cases.citizen(receipt.contact_id)) as session:
        assert [each.id for each in evidence.list_for_contact(session, contact_id=receipt.contact_id)] == [sent.id]


def test_an_anonymous_report_keeps_only_pictures_made_anew(files: Files) -> None:
    """Engineering 27: of a photo only the picture remains, not its details nor its name; of a film it is said."""
    draft_id = files.draft(ANONYMOUS_FORM)
    files.answer(draft_id, anonymous="yes")
    data = picture()
    photo, clip = files.send(draft_id, data, name="Sam Example.jpg"), files.send(draft_id, film(), name="c.mp4")
    assert files.examine(photo.id)
    contact_id = files.submit(draft_id).contact_id
    with files.cases.system() as session:
        assert rows.get(session, evidence_id=photo.id).original == Original.TO_STRIP
        assert rows.get(session, evidence_id=clip.id).original == Original.NOT_STRIPPABLE
    assert files.examine(photo.id)
    stripped = plain(files, photo.id)
    assert not [each for each in (b"camera", b"taken by", b"Exif", GPS) if each in stripped]
    with files.cases.system() as session:
        row = rows.get(session, evidence_id=photo.id)
        assert (row.original, row.name, row.received_size) == (Original.STRIPPED, "photo-1.jpg", len(stripped))
        assert row.sha256 == hashlib.sha256(stripped).digest()
        assert "evidence_stripped" in [e.name for e in audit.list_for_contact(session, contact_id=contact_id)]
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    evidence_sweeping.drop_orphans(files.cases.system, files.vault.store, now=later)
    assert len(files.objects()) == 3  # the photo made anew, its preview, the film

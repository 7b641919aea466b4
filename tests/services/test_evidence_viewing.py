"""Agents open evidence by permission, with a reason and a line in its custody; some only those named (practice 6)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from contact.domain.access import Actor, ActorKind, Role
from contact.domain.errors import EvidenceNotOpen, Forbidden, LinkExpired, MoveNotAllowed, NotFound, UploadRefused
from contact.domain.evidence import MAX_FILES, Scan, Sealing, State, WhyOpened
from contact.domain.taxonomy import Category, Grade
from contact.services import decisions, evidence, evidence_links, evidence_viewing, incoming
from contact.services.evidence import ContactOwner, LinkOwner
from contact.services.evidence_viewing import Content
from tests.support.cases import NOW, Cases, Person
from tests.support.database import MigratedDatabase
from tests.support.evidence import SENSITIVE_FORM, Files, film, in_chunks, picture

WHY = WhyOpened.WORKING_ON_CONTACT


@pytest.fixture
def files(cases: Cases, tmp_path: Path) -> Files:
    """A store in a folder."""
    return Files.below(cases, tmp_path / "evidence")


@dataclass
class Sent:
    """A report with one file, examined."""

    files: Files
    contact_id: UUID
    id: UUID
    data: bytes

    def original(self, person: Person, *, copy: bool = False) -> Content:
        with self.files.cases.acting(person.actor) as session:
            return evidence_viewing.open_original(
                session,
                vault=self.files.vault,
                evidence_id=self.id,
                actor=person.actor,
                why=WHY,
                copy=copy,
                now=self.files.now,
            )

    def preview(self, person: Person) -> Content:
        with self.files.cases.acting(person.actor) as session:
            return evidence_viewing.open_preview(
                session,
                vault=self.files.vault,
                evidence_id=self.id,
                actor=person.actor,
                why=WHY,
                now=self.files.now,
            )

    def view(self, person: Person) -> evidence_viewing.EvidenceView:
        with self.files.cases.acting(person.actor) as session:
            (found,) = evidence_viewing.list_for_contact(session, contact_id=self.contact_id)
            assert evidence_viewing.get(session, evidence_id=self.id) == found
            return found

    def seal(self, person: Person) -> None:
        with self.files.cases.acting(person.actor) as session:
            evidence_viewing.mark_indecent(
                session, evidence_id=self.id, actor=person.actor, reason=Sealing.INDECENT_CHILD, now=NOW
            )

    def mark_safe(self, person: Person) -> None:
        with self.files.cases.acting(person.actor) as session:
            evidence_viewing.mark_safe(session, evidence_id=self.id, actor=person.actor, now=NOW)

    def custody(self, person: Person) -> list[tuple[str, str | None]]:
        with self.files.cases.acting(person.actor) as session:
            return [(e.name, e.agent) for e in evidence_viewing.custody(session, evidence_id=self.id)]


def sent(files: Files, data: bytes | None = None, form_id: str = "burglary") -> Sent:
    """Send a report with a file."""
    draft_id, data = files.draft(form_id), data or picture((200, 100))
    upload = files.send(draft_id, data)
    contact_id = files.submit(draft_id).contact_id
    files.examine(upload.id)
    return Sent(files, contact_id, upload.id, data)


def read(content: Content, offset: int = 0, length: int | None = None) -> bytes:
    """All of it, or part."""
    return b"".join(content.read(offset, length))


def test_every_opening_leaves_a_line(files: Files) -> None:
    case, agent = sent(files), files.cases.agent(name="Ana Ruiz")
    shown = case.preview(agent)
    assert (shown.media_type, shown.name) == ("image/jpeg", "preview-1.jpg")
    assert len(read(shown)) == shown.size
    whole = case.original(agent, copy=True)
    assert (read(whole), whole.name, whole.may_copy) == (case.data, "file-1.jpg", True)
    assert case.custody(agent) == [
        ("evidence_attached", None),
        ("evidence_examined", None),
        ("evidence_opened", "Ana Ruiz"),
        ("evidence_opened", "Ana Ruiz"),
    ]
    data = files.cases.event(case.contact_id, "evidence_opened")
    assert (data["what"], data["copied"], data["justification"]) == ("original", True, "working_on_contact")


def test_a_film_is_read_piece_by_piece_under_one_line(files: Files) -> None:
    case, agent = sent(files, film(2_500_000)), files.cases.agent()
    for offset in (0, 1_000_000, 2_499_999):
        assert read(case.original(agent), offset, 1000) == case.data[offset : offset + 1000]
    assert [name for name, _ in case.custody(agent)].count("evidence_opened") == 1
    files.now = NOW + dt.timedelta(minutes=11)
    case.original(agent)
    assert [name for name, _ in case.custody(agent)].count("evidence_opened") == 2


def test_nobody_opens_what_belongs_to_a_contact_they_may_not_see(files: Files) -> None:
    case = sent(files)
    elsewhere = files.cases.agent(force=files.cases.south)
    admin = files.cases.agent(Role.FORCE_ADMIN)
    for person in (elsewhere, admin, Person(UUID(int=1), "Nobody", Actor(ActorKind.CITIZEN))):
        for opening in (case.preview, case.original):
            with pytest.raises(NotFound):
                opening(person)
        with pytest.raises(NotFound):
            case.seal(person)
        with files.cases.acting(person.actor) as session:
            assert evidence_viewing.list_for_contact(session, contact_id=case.contact_id) == []


def test_a_restricted_contact_keeps_its_files_to_the_people_named(files: Files) -> None:
    case, agent = sent(files), files.cases.agent()
    files.cases.change(case.contact_id, restricted=True)
    with pytest.raises(NotFound):
        case.original(agent)


def test_the_citizen_reads_no_file_back_as_an_agent_would(files: Files) -> None:
    case = sent(files)
    actor = files.cases.citizen(case.contact_id)
    with pytest.raises(Forbidden):
        case.original(Person(UUID(int=1), "Citizen", actor))


def test_an_agent_deletes_nothing_and_hides_nothing(files: Files, database: MigratedDatabase) -> None:
    case, agent = sent(files), files.cases.agent(Role.SUPERVISOR)
    with files.cases.acting(agent.actor) as session:
        gone = session.connection().exec_driver_sql("DELETE FROM evidence WHERE id = %s", (case.id,))
        assert gone.rowcount == 0
        gone = session.connection().exec_driver_sql("DELETE FROM evidence_segments WHERE evidence_id = %s", (case.id,))
        assert gone.rowcount == 0
    with psycopg.connect(database.web_url) as web:
        for table in ("evidence", "evidence_segments", "upload_links"):
            assert web.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,)
        for forbidden in (
            "UPDATE upload_links SET opened_at = NULL",
            "UPDATE evidence SET scan = 'clean'",
            "UPDATE evidence SET wrapped_key = ''",
            "UPDATE evidence SET sha256 = NULL",
            "UPDATE evidence_segments SET start = 1",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(forbidden.encode())
            web.rollback()


def test_a_picture_of_a_sensitive_report_gets_a_preview_once_a_person_called_it_safe(files: Files) -> None:
    case, agent = sent(files, form_id=SENSITIVE_FORM), files.cases.agent()
    assert (case.view(agent).unmarked, case.view(agent).preview) == (True, False)
    with pytest.raises(EvidenceNotOpen, match="no_preview"):
        case.preview(agent)
    assert read(case.original(agent)) == case.data
    case.mark_safe(agent)
    case.mark_safe(agent)
    files.examine(case.id)
    assert read(case.preview(agent))
    assert [name for name, _ in case.custody(agent)].count("evidence_marked") == 1


def test_a_file_that_came_before_the_matter_turned_sensitive_is_covered_from_then_on(files: Files) -> None:
    """Practice 6: whoever finds out what it is about, the person's own words or a handler, no preview is shown."""
    said, decided = sent(files), sent(files)
    agent = files.cases.agent()
    assert read(said.preview(agent))
    assert read(decided.preview(agent))
    citizen = files.cases.citizen(said.contact_id)
    with files.cases.acting(citizen) as session:
        incoming.receive(session, contact_id=said.contact_id, body="it was my uncle, he touched me", now=files.now)
    files.cases.claim(agent, decided.contact_id, now=files.now)
    with files.cases.acting(agent.actor) as session:
        choice = decisions.Choice(Category.SEXUAL_OFFENCE, Grade.PRIORITY, None, (), "what they told")
        decisions.decide(session, contact_id=decided.contact_id, agent_id=agent.id, choice=choice, now=files.now)
    for case in (said, decided):
        assert (case.view(agent).unmarked, case.view(agent).preview) == (True, False)
        with pytest.raises(EvidenceNotOpen, match="no_preview"):
            case.preview(agent)
        case.mark_safe(agent)
        files.examine(case.id)
        assert read(case.preview(agent))


def test_an_indecent_picture_is_sealed_for_good(files: Files) -> None:
    case, agent = sent(files), files.cases.agent(Role.SUPERVISOR)
    reviewer = files.cases.agent(Role.PROFESSIONAL_STANDARDS, name="Rhys Vaughan")
    old_preview = case.preview(agent)
    assert read(old_preview)
    case.seal(agent)
    assert (case.view(agent).sealed, case.view(agent).preview) == (Sealing.INDECENT_CHILD, False)
    with pytest.raises(Forbidden):
        case.original(agent)
    for person in (agent, reviewer):
        with pytest.raises(EvidenceNotOpen, match="sealed"):
            case.preview(person)
    with pytest.raises(EvidenceNotOpen, match="sealed"):
        case.original(reviewer, copy=True)
    seen = case.original(reviewer)
    assert (read(seen), seen.may_copy) == (case.data, False)
    assert files.cases.event(case.contact_id, "evidence_opened")["sealed"] is True
    for again in (case.seal, case.mark_safe):
        with pytest.raises(MoveNotAllowed):
            again(agent)
    files.examine(case.id)
    assert not case.view(agent).preview


def test_what_is_not_examined_yet_does_not_open(files: Files) -> None:
    draft_id = files.draft()
    upload = files.send(draft_id, picture())
    case = Sent(files, files.submit(draft_id).contact_id, upload.id, b"")
    with pytest.raises(EvidenceNotOpen, match="not_scanned_yet"):
        case.original(files.cases.agent())


def link(case: Sent, agent: Person) -> str:
    """An agent makes an upload link."""
    with case.files.cases.acting(agent.actor) as session:
        return evidence_links.make_upload_link(session, contact_id=case.contact_id, actor=agent.actor, now=NOW)


def opened(case: Sent, token: str, now: dt.datetime = NOW) -> LinkOwner:
    """Somebody opens it."""
    with case.files.cases.acting(Actor(ActorKind.CITIZEN)) as session:
        return LinkOwner(evidence_links.open_upload_link(session, token=token, now=now))


def test_more_files_come_by_a_link_that_opens_once(files: Files) -> None:
    case, agent, nobody = sent(files), files.cases.agent(), Actor(ActorKind.CITIZEN)
    token = link(case, agent)
    owner = opened(case, token)
    for stale in (token, "guessed"):
        with pytest.raises(LinkExpired):
            opened(case, stale)
    data = picture()
    upload = files.begin(owner, nobody, size=len(data))
    assert files.receive(upload.id, owner, nobody, in_chunks(data)).state is State.RECEIVED
    with files.cases.acting(nobody) as session:  # sees only what came by it
        assert [each.id for each in evidence.list_files(session, owner=owner, now=NOW)] == [upload.id]
        with pytest.raises(NotFound):
            evidence.find(session, owner=owner, upload_id=case.id, now=NOW)
    with pytest.raises(NotFound):
        files.receive(case.id, owner, nobody, [b"x"])
    files.examine(upload.id)
    with files.cases.acting(agent.actor) as session:
        listed = evidence_viewing.list_for_contact(session, contact_id=case.contact_id)
    assert [(each.by_link, each.scan) for each in listed] == [(False, Scan.NOT_SCANNED), (True, Scan.NOT_SCANNED)]
    assert {"upload_link_made", "upload_link_opened"} <= set(files.cases.events(case.contact_id))


def test_a_link_ends(files: Files) -> None:
    case, agent, nobody = sent(files), files.cases.agent(), Actor(ActorKind.CITIZEN)
    late = link(case, agent)
    with pytest.raises(LinkExpired):
        opened(case, late, NOW + dt.timedelta(days=8))
    owner = opened(case, link(case, agent))
    with files.cases.acting(nobody) as session, pytest.raises(LinkExpired):
        evidence.list_files(session, owner=owner, now=NOW + dt.timedelta(hours=13))
    stopped = link(case, agent)
    files.cases.change(case.contact_id, online_access_stopped_at=NOW)
    with pytest.raises(LinkExpired):
        opened(case, stopped)
    with files.cases.acting(nobody) as session, pytest.raises(LinkExpired):
        evidence.list_files(session, owner=owner, now=NOW)


def test_only_who_works_the_contact_makes_a_link(files: Files) -> None:
    case = sent(files)
    with pytest.raises(NotFound):
        link(case, files.cases.agent(force=files.cases.south))


def test_twenty_files_a_report_however_they_come(files: Files) -> None:
    case = sent(files)
    owner, actor = ContactOwner(case.contact_id), files.cases.citizen(case.contact_id)
    for _ in range(MAX_FILES - 1):
        files.begin(owner, actor, size=5)
    with pytest.raises(UploadRefused, match="too_many"):
        files.begin(owner, actor, size=5)
